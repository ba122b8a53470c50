//! How fast a guest receives: what is more stays in the kernel.

use crate::guest::Telling;
use crate::held::{Bucket, limited};
use crate::peer::peer;
use datagrant::Limit;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// Floods an address with datagrams of so many bytes, as long as the guest tells its story.
fn flooded(at: SocketAddr, length: usize, story: Telling) -> crate::guest::Told {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let flood = peer("127.0.0.1:0");
            let data = "x".repeat(length);
            while !over.load(Ordering::Relaxed) {
                flood.sends(&data, at);
                thread::sleep(Duration::from_micros(200));
            }
        });
        let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| story.ends()));
        over.store(true, Ordering::Relaxed);
        told.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

#[test]
fn datagrams_are_held_back_however_they_are_received() {
    for (before, owed) in [
        ("bursts off -> ok", 0),
        ("bursts on -> ok", 0),
        // What the kernel has put together comes at once, and is owed.
        ("bursts on -> ok\n coalesce on -> ok", 63),
    ] {
        let bucket = Bucket::new(80, 80);
        let story = limited(Limit::ReceivedDatagramsPerSecond, 80).starts(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             {before}
             receive-for 600 -> *"
        ));
        let at = story.address("bind 127.0.0.1:0");
        let told = flooded(at, 10, story);
        let received = told
            .exceeds_only(Limit::ReceivedDatagramsPerSecond)
            .number("receive-for");
        bucket.let_through(received, 1, owed);
    }
}

#[test]
fn bytes_are_held_back_however_they_are_received() {
    for before in ["bursts off -> ok", "bursts on -> ok"] {
        let bucket = Bucket::new(70_000, 70_000);
        let story = limited(Limit::ReceivedBytesPerSecond, 70_000).starts(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             {before}
             receive-for 600 -> *"
        ));
        let at = story.address("bind 127.0.0.1:0");
        let told = flooded(at, 1_000, story);
        let received = told.exceeds_only(Limit::ReceivedBytesPerSecond).number("receive-for");
        // One datagram may go beyond, and is owed.
        bucket.let_through(received * 1_000, 1_000, 1_000);
    }
}

#[test]
fn what_is_held_back_comes_later_and_the_guest_sleeps_until_then() {
    let other = peer("127.0.0.1:0");
    let from = other.address;
    let story = limited(Limit::ReceivedDatagramsPerSecond, 1).starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         receive -> message \"one\" from {from}
         receive -> message \"two\" from {from}
         poll-receive -> ok
         events -> message \"three\" from {from}
         bursts on -> ok
         receive -> message \"four\" from {from}"
    ));
    let at = story.address("bind 127.0.0.1:0");
    for text in ["one", "two", "three", "four"] {
        other.sends(text, at);
    }
    story.ends().idled(Duration::from_secs(3));
}

#[test]
fn a_guest_that_is_held_back_sends_and_closes_as_ever() {
    let other = peer("127.0.0.1:0");
    let from = other.address;
    let story = limited(Limit::ReceivedDatagramsPerSecond, 1).starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         receive -> message \"one\" from {from}
         send {from} pong -> ok
         room -> ok
         b: create ipv4 -> ok
         b: bind 127.0.0.1:0 -> ok 127.0.0.1:*
         close -> ok
         receive -> close"
    ));
    let at = story.address("bind 127.0.0.1:0");
    other.sends("one", at);
    other.sends("two", at);
    drop(story.ends());
    assert_eq!(other.receives().0, "pong");
}
