//! Connect needs the right to send, and leaves nothing behind (rule 5).

use crate::guest::guest;
use crate::peer::{peer, unused};

#[test]
fn connect_needs_a_send_grant_and_then_works() {
    let server = peer("127.0.0.1:0");
    let to = server.address;
    let story = guest().allow_send(to).starts(format!(
        "create ipv4 -> ok
         connect {to} -> ok 127.0.0.1:*
         remote -> ok {to}
         send - question -> ok
         receive 10000 -> message \"answer\" from {to}"
    ));
    let client = story.address(&format!("connect {to}"));
    assert_eq!(server.receives(), ("question".to_owned(), client));
    server.sends("answer", client);
    story.ends().refuses("");
}

#[test]
fn what_was_queued_before_connect_is_not_received_after_it() {
    let (server, other) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let to = server.address;
    let story = guest().allow_bind("127.0.0.1:0").allow_send(to).starts(format!(
        "a: create ipv4 -> ok
         a: bind 127.0.0.1:0 -> ok 127.0.0.1:*
         b: create ipv4 -> ok
         b: bind 127.0.0.1:0 -> ok 127.0.0.1:*
         b: receive 10000 -> message \"go\" from {}
         a: connect {to} -> ok 127.0.0.1:*
         a: send - question -> ok
         a: receive 10000 -> message \"answer\" from {to}
         a: receive 50 -> nothing",
        other.address
    ));
    let a = story.address("a: bind 127.0.0.1:0");
    other.sends("queued", a);
    other.sends("queued", a);
    other.sends("go", story.address("b: bind 127.0.0.1:0"));
    server.receives();
    other.sends("too late", a);
    server.sends("answer", a);
    story.ends().refuses("");
}

#[test]
fn after_disconnect_a_client_socket_still_hears_nobody_that_it_did_not_write_to() {
    let (server, other) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let to = server.address;
    let story = guest().allow_send("@loopback:*").starts(format!(
        "create ipv4 -> ok
         connect {to} -> ok 127.0.0.1:*
         send - one -> ok
         disconnect -> ok
         send {to} two -> ok
         receive 10000 -> message \"answer\" from {to}
         receive 50 -> nothing"
    ));
    server.receives();
    let (_, client) = server.receives();
    other.sends("not asked", client);
    server.sends("answer", client);
    other.sends("not asked", client);
    story.ends().refuses("");
}

#[test]
fn after_disconnect_a_bound_socket_hears_everyone_on_the_same_port() {
    let (server, other) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let to = server.address;
    let story = guest().allow_bind("127.0.0.1:0").allow_send(to).starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         connect {to} -> ok 127.0.0.1:*
         send - one -> ok
         receive 10000 -> message \"answer\" from {to}
         disconnect -> ok
         send {to} two -> ok
         receive 10000 -> message \"third\" from {}
         reply welcome -> ok",
        other.address
    ));
    let at = story.address("bind 127.0.0.1:0");
    assert_eq!(server.receives(), ("one".to_owned(), at));
    other.sends("not the peer", at);
    server.sends("answer", at);
    assert_eq!(server.receives(), ("two".to_owned(), at));
    other.sends("third", at);
    story.ends().refuses("");
    assert_eq!(other.receives(), ("welcome".to_owned(), at));
}

#[test]
fn a_refusal_by_one_peer_does_not_hit_the_next() {
    let (nobody, server) = (unused("127.0.0.1"), peer("127.0.0.1:0"));
    let to = server.address;
    for between in ["", "receive 1000 -> error connection-refused"] {
        guest()
            .allow_send("@loopback:*")
            .tells(format!(
                "create ipv4 -> ok
                 connect {nobody} -> ok 127.0.0.1:*
                 send - x -> ok
                 {between}
                 disconnect -> ok
                 send {to} hello -> ok
                 connect {to} -> ok 127.0.0.1:*
                 send - hello -> ok
                 receive 20 -> nothing"
            ))
            .refuses("");
        assert_eq!(server.receives().0, "hello");
        assert_eq!(server.receives().0, "hello");
    }
}

#[test]
fn a_denied_connect_leaves_a_bound_socket_as_it_was() {
    let (server, other) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let to = server.address;
    let story = guest()
        .allow_bind("127.0.0.1:0")
        .allow_send("@loopback:*")
        .deny_send(to)
        .starts(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             connect {to} -> access-denied
             remote -> invalid-state
             receive 10000 -> message \"hello\" from {}",
            other.address
        ));
    other.sends("hello", story.address("bind 127.0.0.1:0"));
    story
        .ends()
        .refuses(format!("grants: connect {to}: denied (deny send {to})"));
}
