//! The same limits by `wasi:sockets` 0.2, which has fewer words for them.

use crate::held::{Bucket, limited};
use crate::peer::{Peer, peer};
use datagrant::Limit;
use datagrant_tests::dns::NameServer;
use std::time::Duration;

#[test]
fn one_socket_more_is_refused_until_one_is_dropped() {
    limited(Limit::Sockets, 2)
        .tells(
            "wasi on -> ok
             create ipv4 -> ok
             b: create ipv6 -> ok
             c: create ipv4 -> quota-exceeded
             drop -> ok
             c: create ipv4 -> ok",
        )
        .exceeds(&[(Limit::Sockets, 1)]);
}

#[test]
fn a_lookup_that_there_is_no_place_for_fails_for_now() {
    let server = NameServer::new("one.test A 300 127.0.0.2");
    limited(Limit::Lookups, 0)
        .allow_resolve("*")
        .asks(&server)
        .tells("wasi on -> ok\n lookup one.test -> temporary-resolver-failure")
        .exceeds(&[(Limit::Lookups, 1)]);
    assert_eq!(server.asked(), [""; 0]);
}

#[test]
fn what_is_sent_too_fast_would_block_and_goes_when_there_is_room() {
    let sink = peer("127.0.0.1:0");
    let to = sink.address;
    let bucket = Bucket::new(5, 5);
    let told = limited(Limit::SentDatagramsPerSecond, 5).tells(format!(
        "wasi on -> ok
         create ipv4 -> ok
         repeat 30 send {to} x -> *
         room -> ok
         send {to} after -> ok
         repeat 30 send {to} x -> *
         room -> ok
         send {to} last -> ok"
    ));
    told.exceeds_only(Limit::SentDatagramsPerSecond);
    bucket.let_through(sink.count(), 1, 0);
}

#[test]
fn what_is_received_too_fast_waits_in_the_kernel() {
    let other = peer("127.0.0.1:0");
    let from = other.address;
    let story = limited(Limit::ReceivedDatagramsPerSecond, 1).starts(format!(
        "wasi on -> ok
         create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         receive -> message \"one\" from {from}
         receive -> message \"two\" from {from}
         receive -> message \"three\" from {from}"
    ));
    let at = story.address("bind 127.0.0.1:0");
    for text in ["one", "two", "three"] {
        other.sends(text, at);
    }
    story.ends().idled(Duration::from_secs(2));
}

#[test]
fn an_answer_beyond_its_budget_finds_no_memory() {
    let other = peer("127.0.0.1:0");
    let from = other.address;
    let story = crate::guest::guest()
        .allow_bind("127.0.0.1:0")
        .limited(Limit::RepliesPerDatagram, 2)
        .starts(format!(
            "wasi on -> ok
             create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             receive 10000 -> message \"ping\" from {from}
             repeat 3 reply pong -> 1 x no-buffer-space, 2 x ok"
        ));
    other.sends("ping", story.address("bind 127.0.0.1:0"));
    story.ends().exceeds(&[(Limit::RepliesPerDatagram, 1)]);
    assert_eq!(other.count(), 2);
}

#[test]
fn a_flood_of_peers_makes_the_oldest_ones_forgotten() {
    let peers: Vec<Peer> = (0..200).map(|_| peer("127.0.0.1:0")).collect();
    let (first, last) = (peers[0].address, peers[199].address);
    let story = crate::guest::guest()
        .allow_bind("127.0.0.1:0")
        .limited(Limit::Peers, 128)
        .starts(format!(
            "wasi on -> ok
             create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             b: create ipv4 -> ok
             b: bind 127.0.0.1:0 -> ok 127.0.0.1:*
             b: receive 10000 -> message \"go\" from *
             events -> *
             send {first} x -> access-denied
             send {last} x -> ok"
        ));
    let at = story.address("bind 127.0.0.1:0");
    peers.iter().for_each(|peer| peer.sends("x", at));
    peer("127.0.0.1:0").sends("go", story.address("b: bind 127.0.0.1:0"));
    story.ends().exceeds_only(Limit::Peers);
    assert_eq!(peers[199].receives().0, "x");
}
