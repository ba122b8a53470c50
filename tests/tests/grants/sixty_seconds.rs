//! What lasts 60 s (rules 3 and 7). These stories take as long, side by side.

use crate::guest::guest;
use crate::peer::peer;
use datagrant_tests::dns::NameServer;

#[test]
fn the_right_to_reply_ends_sixty_seconds_after_the_last_datagram() {
    let other = peer("127.0.0.1:0");
    let to = other.address;
    let story = guest().allow_bind("127.0.0.1:0").starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         receive 10000 -> message \"ping\" from {to}
         sleep 30000 -> ok
         send {to} early -> ok
         sleep 30500 -> ok
         send {to} late -> access-denied"
    ));
    other.sends("ping", story.address("bind 127.0.0.1:0"));
    story
        .ends()
        .refuses(format!("grants: send {to}: not granted; fix: send {to}"));
    assert_eq!(other.receives().0, "early");
    other.has_nothing();
}

#[test]
fn a_name_gives_no_address_that_was_looked_up_too_long_ago() {
    let server = NameServer::new("one.test A 0 8.8.8.8");
    guest()
        .allow_resolve("one.test")
        .allow_send("one.test:53")
        .asks(&server)
        .tells(
            "lookup one.test ipv4 -> ok 8.8.8.8
             a: create ipv4 -> ok
             a: connect 8.8.8.8:53 -> *
             sleep 60500 -> ok
             b: create ipv4 -> ok
             b: connect 8.8.8.8:53 -> access-denied
             again: lookup one.test ipv4 -> ok 8.8.8.8
             b: connect 8.8.8.8:53 -> *",
        )
        .refuses("grants: connect 8.8.8.8:53: its name was looked up too long ago; fix: send 8.8.8.8:53");
}
