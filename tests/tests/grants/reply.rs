//! Answering whoever wrote: the right that a bind grant includes (rule 3).

use crate::guest::{guest, nothing_granted};
use crate::peer::peer;

#[test]
fn a_bound_socket_answers_a_peer_that_wrote() {
    for (family, host) in [("ipv4", "127.0.0.1"), ("ipv6", "[::1]")] {
        let other = peer(format!("{host}:0"));
        let story = guest().allow_bind(format!("{host}:0")).starts(format!(
            "create {family} -> ok
             bind {host}:0 -> ok {host}:*
             receive 10000 -> message \"ping\" from {}
             reply pong -> ok
             send {} and again -> ok",
            other.address, other.address
        ));
        let at = story.address(&format!("bind {host}:0"));
        other.sends("ping", at);
        story.ends().refuses("");
        assert_eq!(other.receives(), ("pong".to_owned(), at));
        assert_eq!(other.receives(), ("and again".to_owned(), at));
    }
}

#[test]
fn a_peer_that_did_not_write_is_not_answered() {
    let (wrote, did_not) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let (from, silent) = (wrote.address, did_not.address);
    let elsewhere = peer(format!("127.0.0.2:{}", from.port()));
    let same_port = elsewhere.address;
    let story = guest().allow_bind("127.0.0.1:0").starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         receive 10000 -> message \"ping\" from {from}
         send {silent} x -> access-denied
         send {same_port} x -> access-denied"
    ));
    wrote.sends("ping", story.address("bind 127.0.0.1:0"));
    story.ends().refuses(format!(
        "grants: send {silent}: not granted; fix: send {silent}
         grants: send {same_port}: not granted; fix: send {same_port}"
    ));
    did_not.has_nothing();
    elsewhere.has_nothing();
}

#[test]
fn a_datagram_that_the_guest_has_not_received_gives_no_right() {
    let other = peer("127.0.0.1:0");
    let to = other.address;
    // The datagram to `b` comes after the one to `a`, which waits in the kernel.
    let story = guest().allow_bind("127.0.0.1:0").starts(format!(
        "a: create ipv4 -> ok
         a: bind 127.0.0.1:0 -> ok 127.0.0.1:*
         b: create ipv4 -> ok
         b: bind 127.0.0.1:0 -> ok 127.0.0.1:*
         b: receive 10000 -> message \"two\" from {to}
         a: send {to} x -> access-denied
         a: receive 10000 -> message \"one\" from {to}
         a: send {to} y -> ok"
    ));
    let (a, b) = (
        story.address("a: bind 127.0.0.1:0"),
        story.address("b: bind 127.0.0.1:0"),
    );
    other.sends("one", a);
    other.sends("two", b);
    story
        .ends()
        .refuses(format!("grants: send {to}: not granted; fix: send {to}"));
    assert_eq!(other.receives(), ("y".to_owned(), a));
}

#[test]
fn a_reply_comes_from_the_socket_that_was_written_to_and_no_other() {
    let other = peer("127.0.0.1:0");
    let to = other.address;
    let story = guest().allow_bind("127.0.0.1:0").starts(format!(
        "a: create ipv4 -> ok
         a: bind 127.0.0.1:0 -> ok 127.0.0.1:*
         b: create ipv4 -> ok
         b: bind 127.0.0.1:0 -> ok 127.0.0.1:*
         a: receive 10000 -> message \"ping\" from {to}
         b: send {to} x -> access-denied
         c: create ipv4 -> ok
         c: send {to} x -> access-denied"
    ));
    other.sends("ping", story.address("a: bind 127.0.0.1:0"));
    let refused = [
        format!("grants: send {to}: not granted; fix: send {to}"),
        nothing_granted("send", to),
    ];
    story.ends().refuses(refused.join("\n"));
    other.has_nothing();
}

#[test]
fn the_right_to_reply_ends_with_its_socket() {
    let other = peer("127.0.0.1:0");
    let to = other.address;
    let story = guest().allow_bind("127.0.0.1:0,1-65535").starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         receive 10000 -> message \"ping\" from {to}
         close -> ok
         create ipv4 -> ok
         bind 127.0.0.1:0 -> ok *
         send {to} x -> access-denied"
    ));
    other.sends("ping", story.address("bind 127.0.0.1:0"));
    story
        .ends()
        .refuses(format!("grants: send {to}: not granted; fix: send {to}"));
    other.has_nothing();
}

#[test]
fn a_denied_peer_is_not_answered() {
    let other = peer("127.0.0.1:0");
    let to = other.address;
    for denied in [to.to_string(), "@loopback:*".to_owned()] {
        let story = guest().allow_bind("127.0.0.1:0").deny_send(&denied).starts(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             receive 10000 -> message \"ping\" from {to}
             reply pong -> access-denied"
        ));
        other.sends("ping", story.address("bind 127.0.0.1:0"));
        story
            .ends()
            .refuses(format!("grants: send {to}: denied (deny send {denied})"));
        other.has_nothing();
    }
}

#[test]
fn a_reply_does_not_go_to_an_address_of_this_host_on_the_same_port() {
    // With a spoofed source, two servers on one port, or one alone, would answer each other for ever.
    let story = guest().allow_bind("127.0.0.1:0").starts(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         receive 10000 -> message \"ping\" from 127.0.0.2:*
         reply pong -> access-denied",
    );
    let at = story.address("bind 127.0.0.1:0");
    let other = peer(format!("127.0.0.2:{}", at.port()));
    other.sends("ping", at);
    story.ends().refuses(format!(
        "grants: send {0}: a reply does not go to the socket itself; fix: send {0}",
        other.address
    ));
    other.has_nothing();
}

#[test]
fn a_reply_is_no_connect() {
    let other = peer("127.0.0.1:0");
    let to = other.address;
    let story = guest().allow_bind("127.0.0.1:0").starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         receive 10000 -> message \"ping\" from {to}
         connect {to} -> access-denied
         reply pong -> ok"
    ));
    other.sends("ping", story.address("bind 127.0.0.1:0"));
    story
        .ends()
        .refuses(format!("grants: connect {to}: not granted; fix: send {to}"));
    assert_eq!(other.receives().0, "pong");
}
