//! Closing: the port is free when `close` is told.

use datagrant_conformance::bindings::sockets::Socket;
use datagrant_conformance::*;

checks!(
    an_unbound_socket_closes,
    closing_again_does_nothing,
    the_port_is_free_at_once,
    the_port_is_free_at_once_after_reading,
    the_port_is_free_at_once_after_a_wait,
    the_port_is_free_at_once_after_sending,
    the_port_is_free_at_once_when_connected,
);

fn an_unbound_socket_closes() {
    let socket = create(IpFamily::Ipv4);
    socket.close();
    assert_eq!(drain(&socket), [Told::Close]);
}

fn closing_again_does_nothing() {
    let (socket, _) = bound(IpFamily::Ipv4);
    socket.close();
    socket.close();
    assert_eq!(drain(&socket), [Told::Close]);
    socket.close();
    assert_eq!(drain(&socket), []);
}

/// Binds the same port again and again, each time after another socket was used and closed.
fn again_and_again(use_it: impl Fn(&Socket)) {
    for family in FAMILIES {
        let (first, at) = bound(family);
        first.close();
        for n in 0..100 {
            let socket = create(family);
            let bound = socket.bind(Some(at), false);
            assert_eq!(bound.map(std_address), Ok(std_address(at)), "time {n}");
            use_it(&socket);
            let _ = drain(&socket);
            socket.close();
            assert_eq!(drain(&socket).last(), Some(&Told::Close));
        }
    }
}

fn the_port_is_free_at_once() {
    for family in FAMILIES {
        let (first, at) = bound(family);
        first.close();
        for _ in 0..100 {
            bound_to(at, family).0.close();
        }
    }
}

fn the_port_is_free_at_once_after_reading() {
    again_and_again(|_| ());
}

fn the_port_is_free_at_once_after_a_wait() {
    again_and_again(|socket| {
        let _ = drain(socket);
        assert!(!wait_receive(socket, 0));
    });
}

fn the_port_is_free_at_once_after_sending() {
    again_and_again(|socket| {
        let to = socket.local_address().expect("it is bound");
        socket.send(&[7; 9000], Some(to)).expect("send");
    });
}

fn the_port_is_free_at_once_when_connected() {
    again_and_again(|socket| {
        let to = socket.local_address().expect("it is bound");
        socket.connect(to).expect("connect");
        socket.send(b"to myself", None).expect("send");
    });
}
