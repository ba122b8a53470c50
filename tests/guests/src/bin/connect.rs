//! Connected sockets: one peer, its refusals, and the way back.

use datagrant_conformance::bindings::sockets::Socket;
use datagrant_conformance::bindings::types::{ErrorCode, IpSocketAddress};
use datagrant_conformance::*;
use std::net::SocketAddr;

checks!(
    a_connected_socket_talks_to_its_peer,
    a_connected_socket_hears_its_peer_alone,
    what_others_sent_before_is_dropped,
    a_refusal_is_told_once,
    a_send_that_meets_a_refusal_is_tried_again,
    connecting_after_reading_is_connecting_too,
    disconnect_keeps_the_port,
    disconnect_after_reading_keeps_the_port,
    disconnect_keeps_what_the_peer_sent,
    what_others_sent_while_connected_is_never_told,
    a_refusal_does_not_outlive_its_connection,
    a_socket_connects_again_and_again,
    connecting_fails_to_what_cannot_be_a_peer,
);

/// A socket that has been read from until nothing was there: what a program's loop does all the time.
fn read_before(family: IpFamily) -> (Socket, IpSocketAddress) {
    let (socket, at) = bound(family);
    assert_eq!(drain(&socket), []);
    assert!(!wait_receive(&socket, 0));
    (socket, at)
}

fn messages(socket: &Socket) -> Vec<(Vec<u8>, SocketAddr)> {
    let only = |told| match told {
        Told::Message(data, from) => Some((data, from)),
        _ => None,
    };
    drain(socket).into_iter().filter_map(only).collect()
}

/// Everything that is there after a datagram `b"last"` of `by`, which comes last.
fn up_to_last(socket: &Socket, at: IpSocketAddress, by: &Socket) -> Vec<Told> {
    by.send(b"last", if by.remote_address().is_ok() { None } else { Some(at) })
        .expect("send");
    let mut all = Vec::new();
    loop {
        match told(socket) {
            Told::Message(data, _) if data == b"last" => return all,
            other => all.push(other),
        }
    }
}

fn a_connected_socket_talks_to_its_peer() {
    for family in FAMILIES {
        let (a, at_a) = bound(family);
        let (b, at_b) = bound(family);
        assert_eq!(a.connect(at_b).map(std_address), Ok(std_address(at_a)));
        assert_eq!(a.remote_address().map(std_address), Ok(std_address(at_b)));
        a.send(b"ping", None).expect("send");
        let got = next_message(&b);
        assert_eq!(
            (got.data.as_slice(), std_address(got.remote)),
            (&b"ping"[..], std_address(at_a))
        );
        b.send(b"pong", Some(at_a)).expect("send");
        assert_eq!(told(&a), Told::Connect(std_address(at_b)));
        assert_eq!(receive(&a), b"pong");
    }
}

fn a_connected_socket_hears_its_peer_alone() {
    for (a, at_a) in [bound(IpFamily::Ipv4), read_before(IpFamily::Ipv4)] {
        let (b, at_b) = bound(IpFamily::Ipv4);
        let (c, _) = bound(IpFamily::Ipv4);
        a.connect(at_b).expect("connect");
        c.send(b"not for you", Some(at_a)).expect("send");
        assert_eq!(up_to_last(&a, at_a, &b), [Told::Connect(std_address(at_b))]);
    }
}

fn what_others_sent_before_is_dropped() {
    for (a, at_a) in [bound(IpFamily::Ipv4), read_before(IpFamily::Ipv4)] {
        let (b, at_b) = bound(IpFamily::Ipv4);
        let (c, _) = bound(IpFamily::Ipv4);
        c.send(b"too early", Some(at_a)).expect("send");
        a.connect(at_b).expect("connect");
        assert_eq!(up_to_last(&a, at_a, &b), [Told::Connect(std_address(at_b))]);
    }
}

/// Connects a fresh socket to where nobody listens.
fn refused(family: IpFamily) -> Socket {
    let nobody = closed_port(family);
    let (a, _) = bound(family);
    a.connect(nobody).expect("connect");
    assert_eq!(told(&a), Told::Connect(std_address(nobody)));
    a
}

fn a_refusal_is_told_once() {
    for family in FAMILIES {
        let a = refused(family);
        a.send(b"anybody there?", None).expect("the refusal comes later");
        assert_eq!(told(&a), Told::Error(ErrorCode::ConnectionRefused));
        assert_eq!(drain(&a), []);
    }
}

fn a_send_that_meets_a_refusal_is_tried_again() {
    let a = refused(IpFamily::Ipv4);
    for _ in 0..5 {
        a.send(b"anybody there?", None)
            .expect("an earlier refusal is no error of this send");
    }
    let events = drain(&a);
    assert!(!events.is_empty() && events.len() <= 5, "{events:?}");
    assert!(
        events.iter().all(|e| *e == Told::Error(ErrorCode::ConnectionRefused)),
        "{events:?}"
    );
}

fn connecting_after_reading_is_connecting_too() {
    let nobody = closed_port(IpFamily::Ipv4);
    let (a, _) = read_before(IpFamily::Ipv4);
    a.connect(nobody).expect("connect");
    assert_eq!(told(&a), Told::Connect(std_address(nobody)));
    a.send(b"anybody there?", None).expect("send");
    if differs(Difference::LateConnectTellsNoRefusal) {
        assert!(!wait_receive(&a, 20_000_000));
    } else {
        assert_eq!(told(&a), Told::Error(ErrorCode::ConnectionRefused));
    }
}

/// `a` is connected to `b`; afterwards it must be as it was before.
fn disconnects(a: &Socket, at_a: IpSocketAddress) {
    let (c, at_c) = bound(IpFamily::Ipv4);
    a.disconnect().expect("disconnect");
    assert_eq!(a.local_address().map(std_address), Ok(std_address(at_a)));
    assert_eq!(a.remote_address().map(std_address), Err(ErrorCode::InvalidState));
    assert_eq!(up_to_last(a, at_a, &c), []);
    a.send(b"anybody", Some(at_c)).expect("send");
    let got = next_message(&c);
    assert_eq!(
        (got.data.as_slice(), std_address(got.remote)),
        (&b"anybody"[..], std_address(at_a))
    );
}

fn disconnect_keeps_the_port() {
    for local in [loopback(IpFamily::Ipv4, 0), any(IpFamily::Ipv4)] {
        let (a, at_a) = bound_to(local, IpFamily::Ipv4);
        let (_b, at_b) = bound(IpFamily::Ipv4);
        a.connect(at_b).expect("connect");
        assert_eq!(told(&a), Told::Connect(std_address(at_b)));
        a.disconnect().expect("disconnect");
        assert_eq!(
            a.local_address().map(std_address),
            Ok(std_address(at_a)),
            "the address too"
        );
        let (c, _) = bound(IpFamily::Ipv4);
        c.send(
            b"still there?",
            Some(loopback(IpFamily::Ipv4, std_address(at_a).port())),
        )
        .expect("send");
        assert_eq!(receive(&a), b"still there?");
    }
}

fn disconnect_after_reading_keeps_the_port() {
    for _ in 0..20 {
        let (b, at_b) = bound(IpFamily::Ipv4);
        // Read while connected, and before: each is another way through a provider.
        for (a, at_a) in [bound(IpFamily::Ipv4), read_before(IpFamily::Ipv4)] {
            a.connect(at_b).expect("connect");
            assert_eq!(up_to_last(&a, at_a, &b), [Told::Connect(std_address(at_b))]);
            assert_eq!(drain(&a), []);
            assert!(!wait_receive(&a, 0));
            disconnects(&a, at_a);
        }
    }
}

fn disconnect_keeps_what_the_peer_sent() {
    for (a, at_a) in [bound(IpFamily::Ipv4), read_before(IpFamily::Ipv4)] {
        let (b, at_b) = bound(IpFamily::Ipv4);
        a.connect(at_b).expect("connect");
        for n in 0..10 {
            b.send(&[n], Some(at_a)).expect("send");
        }
        assert_eq!(told(&a), Told::Connect(std_address(at_b)));
        a.disconnect().expect("disconnect");
        let expected: Vec<_> = (0..10).map(|n| Told::Message(vec![n], std_address(at_b))).collect();
        assert_eq!(up_to_last(&a, at_a, &b), expected);
    }
}

fn what_others_sent_while_connected_is_never_told() {
    for (a, at_a) in [bound(IpFamily::Ipv4), read_before(IpFamily::Ipv4)] {
        let (_b, at_b) = bound(IpFamily::Ipv4);
        let (c, _) = bound(IpFamily::Ipv4);
        a.connect(at_b).expect("connect");
        for _ in 0..10 {
            c.send(b"not for you", Some(at_a)).expect("send");
        }
        a.disconnect().expect("disconnect");
        assert_eq!(up_to_last(&a, at_a, &c), [Told::Connect(std_address(at_b))]);
    }
}

fn a_refusal_does_not_outlive_its_connection() {
    let a = refused(IpFamily::Ipv4);
    let at_a = a.local_address().expect("it is bound");
    a.send(b"anybody there?", None).expect("send");
    disconnects(&a, at_a);
}

fn a_socket_connects_again_and_again() {
    let (a, at_a) = bound(IpFamily::Ipv4);
    for _ in 0..20 {
        let (b, at_b) = bound(IpFamily::Ipv4);
        a.connect(at_b).expect("connect");
        a.send(b"ping", None).expect("send");
        assert_eq!(receive(&b), b"ping");
        b.send(b"pong", Some(at_a)).expect("send");
        assert_eq!(told(&a), Told::Connect(std_address(at_b)));
        assert_eq!(receive(&a), b"pong");
        a.disconnect().expect("disconnect");
        assert_eq!(messages(&a), []);
    }
}

fn connecting_fails_to_what_cannot_be_a_peer() {
    let (a, at_a) = bound(IpFamily::Ipv4);
    for to in [
        loopback(IpFamily::Ipv4, 0),
        any(IpFamily::Ipv4),
        v4([255, 255, 255, 255], 9),
    ] {
        assert_eq!(a.connect(to).map(std_address), Err(ErrorCode::AccessDenied), "{to:?}");
    }
    // It is as it was.
    let (b, _) = bound(IpFamily::Ipv4);
    assert_eq!(up_to_last(&a, at_a, &b), []);
}
