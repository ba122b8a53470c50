use std::io;

use super::*;
use crate::bindings::types::Event;
use crate::provider::fake;
use crate::{ErrorCode, error_code};

#[test]
fn an_echo_server_answers_and_closes() {
    let (events, server, log) = bound();
    let echoes = log.clone();
    server.on_message(move |server, data, from| {
        echoes.add(format!("server got {} bytes", data.len()));
        server.send(data, from)?;
        server.close()
    });
    let client = events.socket(Family::Ipv4).unwrap();
    log.all("two", &client);
    client.send("hello", "0.0.0.0:1000").unwrap();
    client.on_message({
        let log = log.clone();
        move |client, data, _| {
            log.add(format!("two got {} back", String::from_utf8_lossy(data)));
            client.close()
        }
    });
    events.run().unwrap();
    let got = ["one listening 127.0.0.1:1000", "server got 5 bytes"];
    let back = [
        "two listening 127.0.0.1:50002",
        "two got hello back",
        "one closed",
        "two closed",
    ];
    log.is(&[&got[..], &back].concat());
    assert_eq!(fake::open(), 0);
}

#[test]
fn bind_fails_in_the_loop_and_may_be_tried_again() {
    fake::deny("127.0.0.1:53");
    let (events, log) = (EventLoop::new(), Log::default());
    let socket = events.socket(Family::Ipv4).unwrap();
    log.all("one", &socket);
    socket.bind("127.0.0.1:53").unwrap();
    log.is(&[]);
    let errors = log.clone();
    socket.on_error(move |socket, error| {
        errors.add(error.to_string());
        assert_eq!(error_code(&error), Some(ErrorCode::AccessDenied));
        socket.bind("127.0.0.1:54").unwrap();
        socket.unref();
    });
    events.run().unwrap();
    log.is(&["bind EACCES 127.0.0.1:53: access denied", "one listening 127.0.0.1:54"]);
}

#[test]
fn an_error_event_without_a_callback_ends_the_loop() {
    let events = EventLoop::new();
    let socket = events.socket(Family::Ipv4).unwrap();
    socket.bind("example.com:53").unwrap();
    let error = events.run().unwrap_err();
    assert_eq!((error.kind(), events.run().is_ok()), (io::ErrorKind::NotFound, true));
}

#[test]
fn an_error_that_a_callback_returns_ends_the_loop_and_loses_nothing() {
    let (events, socket, log) = bound();
    let calls = log.clone();
    socket.on_message(move |_, data, _| {
        calls.add(String::from_utf8_lossy(data));
        if data == b"b" {
            Err(io::Error::other("stop"))
        } else {
            Ok(())
        }
    });
    for data in [b"a", b"b", b"c"] {
        fake::inject(socket.id(), fake::message("192.0.2.1:9", data));
    }
    assert_eq!(events.run().unwrap_err().to_string(), "stop");
    socket.unref();
    events.run().unwrap();
    log.is(&["one listening 127.0.0.1:1000", "a", "b", "c"]);
}

#[test]
fn what_node_throws_is_returned() {
    let (events, socket, _) = bound();
    let text = |result: io::Result<()>| result.unwrap_err().to_string();
    assert_eq!(text(socket.bind("127.0.0.1:2")), "bind: the socket is bound already");
    assert_eq!(text(socket.disconnect()), "disconnect: the socket is not connected");
    assert_eq!(text(socket.send_connected("x")), "send: the socket is not connected");
    socket.connect("127.0.0.1:9").unwrap();
    assert_eq!(
        text(socket.connect("127.0.0.1:9")),
        "connect: the socket is connected already"
    );
    assert_eq!(text(socket.send("x", "127.0.0.1:9")), "send: the socket is connected");
    socket.close().unwrap();
    assert_eq!(text(socket.close()), "close: the socket is closed");
    assert_eq!(text(socket.send("x", "127.0.0.1:9")), "send: the socket is closed");
    events.run().unwrap();
    assert_eq!(text(socket.close()), "close: the socket is closed");
    assert_eq!(
        socket.local_addr().unwrap_err().to_string(),
        "getsockname: the socket is closed"
    );
}

#[test]
fn connect_lets_only_the_peer_through() {
    let (events, one, log) = bound();
    one.connect("0.0.0.0:2000").unwrap();
    let two = events.socket(Family::Ipv4).unwrap();
    two.bind("127.0.0.1:2000").unwrap();
    let three = events.socket(Family::Ipv4).unwrap();
    three.send("stranger", "127.0.0.1:1000").unwrap();
    two.send("peer", "127.0.0.1:1000").unwrap();
    one.send_connected("to the peer").unwrap();
    two.on_message(|two, data, _| {
        assert_eq!(data, b"to the peer");
        two.unref();
    });
    one.unref();
    three.unref();
    events.run().unwrap();
    log.is(&[
        "one listening 127.0.0.1:1000",
        "one connected 127.0.0.1:2000",
        "one got peer from 127.0.0.1:2000",
    ]);
    assert_eq!(one.peer_addr().unwrap(), "127.0.0.1:2000".parse().unwrap());
    one.disconnect().unwrap();
    one.send("x", "127.0.0.1:2000").unwrap();
}

#[test]
fn connecting_drops_what_others_sent_also_where_it_is_in_the_guest() {
    let (events, one, log) = bound();
    for from in ["192.0.2.1:9", "192.0.2.2:9", "192.0.2.1:9"] {
        fake::inject(one.id(), fake::message(from, b"x"));
    }
    let (seen, first) = (log.clone(), RefCell::new(true));
    one.on_message(move |one, _, from| {
        seen.add(from.to_string());
        if first.replace(false) {
            one.connect(from).unwrap();
            one.unref();
        }
    });
    events.run().unwrap();
    let connected = "one connected 192.0.2.1:9";
    log.is(&["one listening 127.0.0.1:1000", "192.0.2.1:9", "192.0.2.1:9", connected]);
}

#[test]
fn after_close_comes_nothing_but_the_close() {
    let (events, one, log) = bound();
    let seen = log.clone();
    one.on_message(move |one, _, _| {
        seen.add("message");
        one.close()
    });
    for _ in 0..100 {
        fake::inject(one.id(), fake::message("192.0.2.1:9", b"x"));
    }
    fake::inject(one.id(), Event::Error(ErrorCode::ConnectionRefused));
    events.run().unwrap();
    log.is(&["one listening 127.0.0.1:1000", "message", "one closed"]);
}

#[test]
fn withdrawn_grants_are_an_error_and_a_close() {
    let (events, one, log) = bound();
    fake::inject(one.id(), Event::Error(ErrorCode::AccessDenied));
    fake::inject(one.id(), Event::Close);
    events.run().unwrap();
    log.is(&[
        "one listening 127.0.0.1:1000",
        "one error recvmsg EACCES: access denied",
        "one closed",
    ]);
    assert_eq!(fake::open(), 0);
}

#[test]
fn a_close_that_takes_its_time_is_waited_for() {
    let (events, one, log) = bound();
    one.close().unwrap();
    let id = one.id();
    fake::take_events(id); // an adapter tells it when the port is free
    fake::later(SECOND, move || fake::inject(id, Event::Close));
    one.unref();
    events.run().unwrap();
    log.is(&["one closed"]);
    assert_eq!(fake::elapsed(), SECOND);
}
