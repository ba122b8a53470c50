//! How fast a guest sends: datagrams and bytes a second.

use crate::held::{Bucket, limited};
use crate::peer::peer;
use datagrant::Limit;
use std::time::Duration;

#[test]
fn datagrams_are_held_back_however_they_are_sent() {
    let sink = peer("127.0.0.1:0");
    let to = sink.address;
    for way in [
        format!("burst-for 400 1 10 0 {to}"),
        format!("burst-for 400 100 10 0 {to}"),
        format!("burst-for 400 4 1000 20 {to}"),
    ] {
        let bucket = Bucket::new(70, 70);
        let told = limited(Limit::SentDatagramsPerSecond, 70).tells(format!("create ipv4 -> ok\n {way} -> *"));
        let sent = told.exceeds_only(Limit::SentDatagramsPerSecond).number(&way);
        bucket.let_through(sent, 1, 0);
        assert_eq!(sink.count(), sent, "{way}");
    }
}

#[test]
fn bytes_are_held_back_however_they_are_sent() {
    let sink = peer("127.0.0.1:0");
    let to = sink.address;
    for (way, length) in [
        (format!("burst-for 400 1 1000 0 {to}"), 1_000),
        (format!("burst-for 400 64 1000 0 {to}"), 1_000),
        (format!("burst-for 400 2 50000 500 {to}"), 500),
        (format!("burst-for 400 1 60000 0 {to}"), 60_000),
    ] {
        let bucket = Bucket::new(100_000, 100_000);
        let told = limited(Limit::SentBytesPerSecond, 100_000).tells(format!("create ipv4 -> ok\n {way} -> *"));
        let sent = told.exceeds_only(Limit::SentBytesPerSecond).number(&way);
        bucket.let_through(sent * length, length, 0);
        sink.count();
    }
}

#[test]
fn typed_sends_are_held_back_and_go_on_when_there_is_room() {
    let sink = peer("127.0.0.1:0");
    let to = sink.address;
    let bucket = Bucket::new(5, 5);
    let told = limited(Limit::SentDatagramsPerSecond, 5).tells(format!(
        "create ipv4 -> ok
         repeat 1 send {to} x -> 1 x ok
         fill {to} x -> would-block
         room -> *
         events -> listening *
         room -> ok
         send {to} after -> ok
         fill {to} x -> would-block
         poll-room -> ok
         send {to} last -> ok"
    ));
    told.exceeds(&[(Limit::SentDatagramsPerSecond, 2)]);
    bucket.let_through(sink.count(), 1, 0);
}

#[test]
fn a_burst_says_exactly_what_went() {
    let sink = peer("127.0.0.1:0");
    let to = sink.address;
    // A bucket that fills so slowly that nothing comes while the guest runs.
    let told = limited(Limit::SentBytesPerSecond, 1).tells(format!(
        "create ipv4 -> ok
         burst-of 10 10000 1000 {to} -> sent 6 and 5000 bytes, then would-block
         burst-of 1 400 0 {to} -> sent 1
         burst-of 1 1000 0 {to} -> sent 0, then would-block
         burst-of 4 100 0 {to} -> sent 1, then would-block
         burst-of 1 70000 0 {to} -> sent 0, then would-block"
    ));
    told.exceeds(&[(Limit::SentBytesPerSecond, 4)]);
    assert_eq!(sink.count(), 65 + 1 + 1);
}

#[test]
fn what_is_too_large_for_any_datagram_is_told_so_and_takes_nothing() {
    let sink = peer("127.0.0.1:0");
    let to = sink.address;
    let told = limited(Limit::SentBytesPerSecond, 1).tells(format!(
        "create ipv4 -> ok
         repeat 3 burst-of 1 70000 0 {to} -> 3 x sent 0, then datagram-too-large
         burst-of 1 65000 0 {to} -> sent 1"
    ));
    told.exceeds(&[]);
}

#[test]
fn a_wait_for_room_sleeps_until_it_is_there() {
    let sink = peer("127.0.0.1:0");
    let to = sink.address;
    let told = limited(Limit::SentDatagramsPerSecond, 1).tells(format!(
        "create ipv4 -> ok
         send {to} x -> ok
         fill {to} x -> would-block
         events -> listening *
         room -> ok
         send {to} x -> ok
         fill {to} x -> would-block
         poll-room -> ok
         send {to} x -> ok"
    ));
    told.idled(Duration::from_secs(2));
}

#[test]
fn a_large_datagram_is_waited_for_until_all_of_it_may_go() {
    let sink = peer("127.0.0.1:0");
    let to = sink.address;
    let told = limited(Limit::SentBytesPerSecond, 20_000).tells(format!(
        "create ipv4 -> ok
         burst-of 1 65000 0 {to} -> sent 1
         events -> listening *
         burst-of 1 60000 0 {to} -> sent 0, then would-block
         room -> ok
         burst-of 1 60000 0 {to} -> sent 1"
    ));
    told.exceeds(&[(Limit::SentBytesPerSecond, 1)])
        .idled(Duration::from_secs(2));
}
