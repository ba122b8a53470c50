//! Grants that are replaced (rule 16). There are no events: each call on a socket whose grants are gone says so.

use crate::guest::guest;
use crate::peer::{peer, unused};
use datagrant_tests::dns::NameServer;
use std::net::UdpSocket;

#[test]
fn a_socket_whose_bind_is_granted_no_more_is_denied_everything_and_its_port_is_free() {
    let (at, other) = (unused("127.0.0.1"), peer("127.0.0.1:0"));
    let to = other.address;
    let story = guest().allow_bind(at).allow_send(to).starts(format!(
        "create ipv4 -> ok
         bind {at} -> ok {at}
         send {to} before -> ok
         receive -> error access-denied
         send {to} after -> access-denied
         receive -> error access-denied
         local -> access-denied
         connect {to} -> access-denied
         b: create ipv4 -> ok
         b: bind {at} -> access-denied"
    ));
    assert_eq!(other.receives().0, "before");
    story.replaces(guest().allow_send(to));
    UdpSocket::bind(at).expect("the port is free");
    story.ends().refuses(format!(
        "withdrawn: bind {at}: not granted; fix: bind {at}
         grants: bind {at}: not granted; fix: bind {at}"
    ));
    other.has_nothing();
}

#[test]
fn a_connected_socket_goes_with_the_grant_of_its_peer() {
    let (server, other) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let to = server.address;
    let story = guest().allow_send("@loopback:*").starts(format!(
        "create ipv4 -> ok
         connect {to} -> ok 127.0.0.1:*
         send - question -> ok
         receive -> error access-denied
         send - x -> access-denied"
    ));
    let (_, client) = server.receives();
    story.replaces(guest().allow_send(other.address));
    UdpSocket::bind(client).expect("the port is free");
    story
        .ends()
        .refuses(format!("withdrawn: connect {to}: not granted; fix: send {to}"));
    server.has_nothing();
}

#[test]
fn a_client_socket_that_may_send_elsewhere_hears_its_former_peer_no_more() {
    let (former, other, gate) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let (to_former, to_other, to_gate) = (former.address, other.address, gate.address);
    let story = guest().allow_send("@loopback:*").starts(format!(
        "create ipv4 -> ok
         send {to_former} one -> ok
         send {to_other} two -> ok
         b: create ipv4 -> ok
         b: send {to_gate} ready -> ok
         b: receive -> message \"go\" from {to_gate}
         receive -> message \"answer\" from {to_other}
         send {to_former} three -> access-denied
         send {to_other} three -> ok"
    ));
    let (_, client) = former.receives();
    other.receives();
    // In the queue before, and behind.
    former.sends("withdrawn", client);
    story.replaces(guest().allow_send(to_other).allow_send(to_gate));
    former.sends("withdrawn", client);
    other.sends("answer", client);
    gate.sends("go", gate.receives().1);
    assert_eq!(other.receives().0, "three");
    story
        .ends()
        .refuses(format!("grants: send {to_former}: not granted; fix: send {to_former}"));
    former.has_nothing();
}

#[test]
fn a_lookup_under_way_ends_when_its_name_may_not_be_looked_up_any_more() {
    let server = NameServer::new("one.test * silence");
    let story = guest().allow_resolve("*").asks(&server).starts(
        "create ipv4 -> ok
         lookup one.test -> access-denied
         lookup one.test -> access-denied",
    );
    // When the server was asked, the lookup is under way.
    story.has_done("create ipv4");
    while server.asked().is_empty() {
        std::thread::yield_now();
    }
    story.replaces(guest());
    story.ends().refuses(
        "withdrawn: resolve one.test: not granted; fix: resolve one.test
         grants: resolve one.test: not granted; fix: resolve one.test",
    );
}
