//! Grants that are replaced while the guest runs (rule 16). There are no events here: a stream tells the error.

use crate::guest::guest;
use crate::peer::peer;
use std::net::UdpSocket;

#[test]
fn a_socket_whose_bind_is_granted_no_more_is_closed_and_its_port_is_free() {
    let other = peer("127.0.0.1:0");
    let to = other.address;
    let story = guest().allow_bind("127.0.0.1:0").allow_send(to).starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         send {to} one -> ok
         receive -> error access-denied
         send {to} two -> access-denied
         local -> invalid-state
         b: create ipv4 -> ok
         b: send {to} three -> ok"
    ));
    let at = story.address("bind 127.0.0.1:0");
    assert_eq!(other.receives(), ("one".to_owned(), at));
    story.replaces(guest().allow_send(to));
    UdpSocket::bind(at).expect("the port is free");
    story
        .ends()
        .refuses(format!("withdrawn: bind {at}: not granted; fix: *"));
    assert_eq!(other.receives().0, "three");
}

#[test]
fn a_connected_socket_goes_with_the_grant_of_its_peer() {
    let (server, other) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let to = server.address;
    let story = guest().allow_send("@loopback:*").starts(format!(
        "create ipv4 -> ok
         connect {to} -> ok 127.0.0.1:*
         receive -> error access-denied
         send - x -> invalid-state"
    ));
    story.address(&format!("connect {to}"));
    story.replaces(guest().allow_send(other.address));
    story
        .ends()
        .refuses(format!("withdrawn: connect {to}: not granted; fix: send {to}"));
    server.has_nothing();
}

#[test]
fn what_was_checked_once_is_checked_at_every_send() {
    let (server, other) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let (to, elsewhere) = (server.address, other.address);
    let story = guest().allow_send(to).allow_send(elsewhere).starts(format!(
        "create ipv4 -> ok
         send {to} one -> ok
         send {elsewhere} one -> ok
         receive -> message \"go\" from {elsewhere}
         send {to} two -> access-denied"
    ));
    let (_, client) = server.receives();
    story.replaces(guest().allow_send(elsewhere));
    other.sends("go", client);
    story.ends().refuses(format!("grants: send {to}: *"));
    server.has_nothing();
}
