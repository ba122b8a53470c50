//! The event loop of the Rust SDK over a provider: the calls of Node's dgram page, as far as one host can show them
//! (docs/api.md).

use datagrant_conformance::sdk::*;
use datagrant_conformance::*;
use datagrant_guest::{Error, Family, UdpSocket};
use std::io;
use std::time::Duration;

checks!(
    listening_comes_once_bound_and_binding_twice_is_an_error,
    a_bind_that_fails_is_an_error_event_with_address_and_code,
    direct_calls_return_their_errors_and_tell_listening_later,
    a_first_send_binds_to_any_port,
    parts_empty_datagrams_and_slices_arrive_as_they_were_sent,
    no_address_is_loopback,
    a_datagram_that_is_too_long_is_told_with_its_address,
    after_close_nothing_is_sent_and_nothing_comes,
    connecting_and_disconnecting_have_named_errors,
    a_refusal_is_an_error_event_of_a_connected_socket_alone,
    a_socket_keeps_the_loop_until_it_is_unrefed,
);

fn listening_comes_once_bound_and_binding_twice_is_an_error() {
    let (events, log) = (event_loop(), Log::default());
    let socket = events.socket(Family::Ipv4).expect("a socket");
    log.all("it", &socket);
    socket.bind(HOME).expect("begun");
    log.is(&[]);
    assert_eq!(code_of(socket.bind(HOME)), "ERR_SOCKET_ALREADY_BOUND");
    socket.unref();
    events.run().expect("a run");
    log.is(&["it listening"]);
    assert_eq!(code_of(socket.bind_sync(HOME)), "ERR_SOCKET_ALREADY_BOUND");
}

fn a_bind_that_fails_is_an_error_event_with_address_and_code() {
    let (events, log) = (event_loop(), Log::default());
    let (other, taken) = bound_in(&events);
    other.unref();
    let socket = events.socket(Family::Ipv4).expect("a socket");
    let told = log.clone();
    socket.on_error(move |_, error| {
        let inside = Error::of(&error).expect("of the SDK");
        assert_eq!((inside.syscall(), inside.address()), ("bind", Some(taken)));
        assert_eq!((inside.name(), inside.errno()), ("EADDRINUSE", Some(98)));
        assert!(error.to_string().starts_with(&format!("bind EADDRINUSE {taken}")));
        told.add("told");
    });
    socket.bind(taken).expect("begun");
    events.run().expect("a run");
    log.is(&["told"]);
    socket.bind_sync(HOME).expect("it may be tried again");
}

fn direct_calls_return_their_errors_and_tell_listening_later() {
    let (events, log) = (event_loop(), Log::default());
    let (other, taken) = bound_in(&events);
    other.unref();
    let socket = events.socket(Family::Ipv4).expect("a socket");
    log.all("it", &socket);
    assert_eq!(code_of(socket.bind_sync(taken)), "EADDRINUSE");
    socket.bind_sync(HOME).expect("bind");
    socket.connect_sync(taken).expect("connect");
    log.is(&[]);
    socket.unref();
    events.run().expect("a run");
    log.is(&["it listening", "it connected"]);
}

fn a_first_send_binds_to_any_port() {
    let (events, log) = (event_loop(), Log::default());
    let to = collector(&events, &log, 1);
    let socket = events.socket(Family::Ipv4).expect("a socket");
    log.all("it", &socket);
    assert_eq!(code_of(socket.local_addr()), "EBADF");
    let told = log.clone();
    let done = move |result: io::Result<usize>| told.add(format!("{} bytes", result.expect("sent")));
    socket.send_with("hello", to, done).expect("begun");
    assert_ne!(socket.local_addr().expect("bound").port(), 0);
    socket.unref();
    events.run().expect("a run");
    let mut log = log.0.take();
    log.sort();
    assert_eq!(log, ["5 bytes", "hello", "it listening"]);
}

fn parts_empty_datagrams_and_slices_arrive_as_they_were_sent() {
    let (events, log) = (event_loop(), Log::default());
    let to = collector(&events, &log, 4);
    let (socket, _) = bound_in(&events);
    socket.unref();
    socket.send(["he", "", "llo"], to).expect("send");
    socket.send("", to).expect("send");
    socket.send(&b"0123456789"[2..][..3], to).expect("send");
    socket.send("ü", to).expect("send");
    events.run().expect("a run");
    log.is(&["hello", "", "234", "ü"]);
}

fn no_address_is_loopback() {
    let (events, log) = (event_loop(), Log::default());
    let to = collector(&events, &log, 4);
    let (socket, _) = bound_in(&events);
    socket.unref();
    socket.send("a", to.port()).expect("send");
    socket.send("b", ("", to.port())).expect("send");
    socket.send("c", ("0.0.0.0", to.port())).expect("send");
    socket.send("d", ("localhost", to.port())).expect("send");
    assert_eq!(code_of(socket.send("e", 0)), "ERR_SOCKET_BAD_PORT");
    events.run().expect("a run");
    log.is(&["a", "b", "c", "d"]);
}

fn a_datagram_that_is_too_long_is_told_with_its_address() {
    let (events, log) = (event_loop(), Log::default());
    let (socket, to) = bound_in(&events);
    let told = log.clone();
    let done = move |result: io::Result<usize>| {
        let error = result.expect_err("too long");
        assert_eq!(Error::of(&error).and_then(Error::address), Some(to));
        told.add(code(&error));
    };
    socket.send_with(vec![0; 65_508], to, done).expect("begun");
    socket
        .send_with(vec![0; 65_507], to, |result| {
            assert_eq!(result.expect("sent"), 65_507);
        })
        .expect("begun");
    socket.unref();
    events.run().expect("a run");
    log.is(&["EMSGSIZE"]);
}

fn after_close_nothing_is_sent_and_nothing_comes() {
    let (events, log) = (event_loop(), Log::default());
    let (socket, at) = bound_in(&events);
    log.all("it", &socket);
    socket.send("to itself", at).expect("send");
    socket.close().expect("close");
    let closed = "ERR_SOCKET_DGRAM_NOT_RUNNING";
    assert_eq!(code_of(socket.close()), closed);
    assert_eq!(code_of(socket.send("x", at)), closed);
    assert_eq!(code_of(socket.bind(HOME)), closed);
    assert_eq!(code_of(socket.connect(at)), closed);
    assert_eq!(code_of(socket.set_ttl(1)), closed);
    socket.dispose();
    events.run().expect("a run");
    log.is(&["it closed"]);
    UdpSocket::bind(at).expect("the port is free");
}

fn connecting_and_disconnecting_have_named_errors() {
    let (events, log) = (event_loop(), Log::default());
    let (peer, to) = bound_in(&events);
    let (socket, at) = bound_in(&events);
    log.all("it", &socket);
    let unconnected = "ERR_SOCKET_DGRAM_NOT_CONNECTED";
    assert_eq!(code_of(socket.disconnect()), unconnected);
    assert_eq!(code_of(socket.remote_address()), unconnected);
    assert_eq!(code_of(socket.send_connected("x")), unconnected);
    let told = log.clone();
    socket
        .connect_with(to, move |result| told.add(format!("connect {}", result.is_ok())))
        .expect("begun");
    let connected = "ERR_SOCKET_DGRAM_IS_CONNECTED";
    assert_eq!(code_of(socket.connect(to)), connected);
    assert_eq!(code_of(socket.send("x", to)), connected);
    assert_eq!(socket.peer_addr().expect("connected"), to);
    socket.send_connected("hello").expect("send");
    socket.unref();
    peer.on_message(move |peer, data, from| {
        assert_eq!((data, from), (&b"hello"[..], at));
        peer.close()
    });
    events.run().expect("a run");
    log.is(&["it listening", "it connected", "connect true"]);
    socket.disconnect().expect("disconnect");
    assert_eq!(socket.local_addr().expect("still bound"), at);
    socket.connect_sync(to).expect("connected again");
}

fn a_refusal_is_an_error_event_of_a_connected_socket_alone() {
    let (events, log) = (event_loop(), Log::default());
    let nobody = UdpSocket::bind(HOME).and_then(|s| s.local_addr()).expect("a port");
    let (alone, _) = bound_in(&events);
    log.all("unconnected", &alone);
    alone.send("anybody?", nobody).expect("send");
    let socket = events.socket(Family::Ipv4).expect("a socket");
    socket.connect(nobody).expect("begun");
    socket.send_connected("anybody?").expect("send");
    let told = log.clone();
    socket.on_error(move |socket, error| {
        told.add(code(&error));
        socket.close()
    });
    alone.unref();
    events.run().expect("a run");
    log.is(&["unconnected listening", "ECONNREFUSED"]);
}

fn a_socket_keeps_the_loop_until_it_is_unrefed() {
    let (events, log) = (event_loop(), Log::default());
    let (socket, _) = bound_in(&events);
    log.all("it", &socket);
    let (later, seen) = (socket.clone(), log.clone());
    let unref = move || {
        seen.add("unref");
        later.unref().unref();
    };
    events.set_timeout(Duration::from_millis(20), unref).unref();
    socket.re_ref().re_ref();
    events.run().expect("a run");
    log.is(&["it listening", "unref"]);
    events.run().expect("at once");
    assert!(!socket.has_ref() && socket.re_ref().has_ref());
}
