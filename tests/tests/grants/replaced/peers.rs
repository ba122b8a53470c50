//! Connected peers, and whom client sockets have written to.

use crate::guest::guest;
use crate::peer::{peer, unused};
use std::net::UdpSocket;

#[test]
fn a_connected_socket_goes_with_the_grant_of_its_peer() {
    let (server, other) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let to = server.address;
    for bind in ["", "bind 127.0.0.1:0 -> ok 127.0.0.1:*"] {
        let story = guest()
            .allow_bind("127.0.0.1:0")
            .allow_send("@loopback:*")
            .starts(format!(
                "create ipv4 -> ok
             {bind}
             connect {to} -> ok 127.0.0.1:*
             receive -> error access-denied, close
             remote -> invalid-state
             send - x -> invalid-state"
            ));
        let at = story.address(&format!("connect {to}"));
        // What is still granted, a bind and a send to others, is not what this socket holds.
        story.replaces(guest().allow_bind("127.0.0.1:0").allow_send(other.address));
        UdpSocket::bind(at).expect("the port is free");
        story
            .ends()
            .refuses(format!("withdrawn: connect {to}: not granted; fix: send {to}"));
    }
}

#[test]
fn a_connected_socket_goes_when_its_peer_is_denied() {
    let server = peer("127.0.0.1:0");
    let to = server.address;
    let story = guest().allow_send(to).starts(format!(
        "create ipv4 -> ok
         connect {to} -> ok 127.0.0.1:*
         receive -> error access-denied, close"
    ));
    story.address(&format!("connect {to}"));
    story.replaces(guest().allow_send(to).deny_send("127.0.0.0/8:*"));
    story
        .ends()
        .refuses(format!("withdrawn: connect {to}: denied (deny send 127.0.0.0/8:*)"));
}

#[test]
fn a_connected_socket_stays_with_its_queue_while_its_peer_is_granted() {
    let server = peer("127.0.0.1:0");
    let to = server.address;
    let story = guest().allow_send("@loopback:*").starts(format!(
        "create ipv4 -> ok
         connect {to} -> ok 127.0.0.1:*
         send - question -> ok
         receive -> message \"answer\" from {to}
         send - thanks -> ok"
    ));
    let (_, client) = server.receives();
    server.sends("answer", client);
    story.replaces(guest().allow_send(to));
    assert_eq!(server.receives(), ("thanks".to_owned(), client));
    story.ends().refuses("");
}

#[test]
fn after_disconnect_the_peer_is_nothing_that_the_socket_holds() {
    let (server, go) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let to = server.address;
    let story = guest().allow_bind("127.0.0.1:0").allow_send(to).starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         connect {to} -> ok 127.0.0.1:*
         disconnect -> ok
         receive -> message \"go\" from {}
         send {to} x -> access-denied",
        go.address
    ));
    story.has_done("disconnect");
    story.replaces(guest().allow_bind("127.0.0.1:0"));
    go.sends("go", story.address("bind 127.0.0.1:0"));
    story
        .ends()
        .refuses(format!("grants: send {to}: not granted; fix: send {to}"));
    server.has_nothing();
}

#[test]
fn a_client_socket_goes_with_the_last_right_to_send() {
    let server = peer("127.0.0.1:0");
    let to = server.address;
    for bind in ["", "bind 0.0.0.0:0 -> ok 0.0.0.0:*"] {
        let story = guest().allow_send(to).starts(format!(
            "create ipv4 -> ok
             {bind}
             send {to} question -> ok
             receive -> error access-denied, close"
        ));
        let (_, client) = server.receives();
        story.replaces(guest().allow_bind("127.0.0.1:0"));
        UdpSocket::bind(("0.0.0.0", client.port())).expect("the port is free");
        story.ends().refuses(format!(
            "withdrawn: bind 0.0.0.0:{0}: not granted; fix: bind 0.0.0.0:{0}",
            client.port()
        ));
    }
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
         events -> nothing
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
fn a_client_socket_goes_when_its_port_or_every_port_is_denied() {
    let server = peer("127.0.0.1:0");
    let to = server.address;
    for every in [true, false] {
        let story = guest().allow_send(to).starts(format!(
            "create ipv4 -> ok
             send {to} question -> ok
             receive -> error access-denied, close"
        ));
        let port = server.receives().1.port();
        let ports = if every { "*".to_owned() } else { port.to_string() };
        story.replaces(guest().allow_send(to).deny_bind(format!("0.0.0.0:{ports}")));
        story.ends().refuses(format!(
            "withdrawn: bind 0.0.0.0:{port}: denied (deny bind 0.0.0.0:{ports})"
        ));
    }
}

#[test]
fn what_was_checked_once_is_checked_at_every_send() {
    // A send to the same peer, again and again, judged as it is each time.
    let (server, go, at) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"), unused("127.0.0.1"));
    let to = server.address;
    let story = guest().allow_bind(at).allow_send(to).starts(format!(
        "create ipv4 -> ok
         bind {at} -> ok {at}
         repeat 3 send {to} x -> 3 x ok
         receive -> message \"go\" from {}
         repeat 3 send {to} x -> 3 x access-denied
         burst {to} x + {to} y -> sent 0, then access-denied",
        go.address
    ));
    (0..3).for_each(|_| drop(server.receives()));
    story.replaces(guest().allow_bind(at));
    go.sends("go", at);
    let refused = format!("grants: send {to}: not granted; fix: send {to}\n");
    story.ends().refuses(refused.repeat(4));
    server.has_nothing();
}
