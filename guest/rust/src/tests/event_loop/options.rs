//! What sockets are created with, and what needs them bound.

use std::cell::Cell;
use std::io;

use super::*;
use crate::burst::SendBurst;
use crate::event_loop::{AbortSignal, SocketOptions};
use crate::provider::fake;
use crate::{BlockList, CreateFlags, Error, Interface};

fn name(result: io::Result<impl Sized>) -> &'static str {
    Error::of(&result.err().expect("an error"))
        .expect("of this crate")
        .name()
}

fn blocked(address: &str) -> BlockList {
    let mut list = BlockList::new();
    list.add_address(address.parse().unwrap());
    list
}

#[test]
fn reuse_port_implies_exclusive() {
    let events = EventLoop::new();
    let make = |options: SocketOptions, at: &str| {
        let socket = events.socket_with(options).unwrap();
        socket.bind_sync(at.parse().unwrap()).unwrap();
        fake::sharing(socket.id())
    };
    let v4 = || SocketOptions::new(Family::Ipv4);
    assert_eq!(make(v4(), "127.0.0.1:1"), (CreateFlags::empty(), false));
    assert_eq!(
        make(v4().reuse_address(), "127.0.0.1:2"),
        (CreateFlags::REUSE_ADDRESS, false)
    );
    assert_eq!(make(v4().reuse_port(), "127.0.0.1:3"), (CreateFlags::REUSE_PORT, true));
    assert_eq!(make(v4().exclusive(), "127.0.0.1:4"), (CreateFlags::empty(), true));
    let v6 = SocketOptions::new(Family::Ipv6).ipv6_only();
    assert_eq!(make(v6, "[::1]:5"), (CreateFlags::IPV6_ONLY, false));
}

#[test]
fn buffers_have_their_size_from_the_start_and_need_a_bound_socket() {
    let events = EventLoop::new();
    let options = SocketOptions::new(Family::Ipv4);
    let socket = events
        .socket_with(options.receive_buffer_bytes(1_000).send_buffer_bytes(2_000))
        .unwrap();
    assert_eq!(name(socket.receive_buffer_bytes()), "ERR_SOCKET_BUFFER_SIZE");
    assert_eq!(name(socket.set_send_buffer_bytes(1)), "ERR_SOCKET_BUFFER_SIZE");
    socket.bind(0).unwrap();
    assert_eq!(socket.receive_buffer_bytes().unwrap(), 2_000);
    assert_eq!(socket.send_buffer_bytes().unwrap(), 4_000);
    socket.set_receive_buffer_bytes(5_000).unwrap();
    assert_eq!(socket.receive_buffer_bytes().unwrap(), 10_000);
    assert_eq!(name(socket.set_send_buffer_bytes(0)), "EINVAL");
}

#[test]
fn options_of_an_unbound_socket_are_ebadf() {
    let events = EventLoop::new();
    let socket = events.socket(Family::Ipv4).unwrap();
    let all = || {
        [
            socket.set_broadcast(true),
            socket.set_ttl(64),
            socket.set_multicast_ttl(64),
            socket.set_multicast_loopback(false),
            socket.set_multicast_interface("127.0.0.1"),
            socket.local_addr().map(drop),
        ]
    };
    let ebadf = |result: io::Result<()>| assert_eq!(name(result), "EBADF");
    all().into_iter().for_each(ebadf);
    let error = socket.set_ttl(64).unwrap_err();
    assert_eq!(error.to_string(), "setTTL EBADF: not in this state of the socket");
    socket.bind(0).unwrap();
    for result in all() {
        result.unwrap();
    }
    for ttl in [0, 256] {
        assert_eq!(name(socket.set_ttl(ttl)), "EINVAL");
    }
    assert_eq!(name(socket.set_multicast_ttl(256)), "EINVAL");
    socket.set_multicast_ttl(0).unwrap();
    let interface = Interface::from("127.0.0.1").to_contract();
    assert_eq!(fake::multicast_options(socket.id()), (0, false, Some(interface)));
}

#[test]
fn a_membership_binds_first_exclusively() {
    let (events, log) = (EventLoop::new(), Log::default());
    let socket = events.socket(Family::Ipv4).unwrap();
    log.all("it", &socket);
    let (group, source) = ("224.0.0.114".parse().unwrap(), "192.0.2.1".parse().unwrap());
    socket.add_membership(group, Interface::Default).unwrap();
    assert!(fake::sharing(socket.id()).1);
    socket.add_membership(group, "eth0").unwrap();
    socket.add_source_specific_membership(source, group, "::%2").unwrap();
    let joined = [
        "224.0.0.114 default any",
        "224.0.0.114 eth0 any",
        "224.0.0.114 2 192.0.2.1",
    ];
    assert_eq!(fake::memberships(socket.id()), joined);
    assert_eq!(name(socket.add_membership(group, "eth0")), "EADDRINUSE");
    assert_eq!(name(socket.add_membership(source, "eth0")), "EINVAL");
    socket.drop_membership(group, "eth0").unwrap();
    socket.drop_source_specific_membership(source, group, 2).unwrap();
    assert_eq!(fake::memberships(socket.id()), joined[..1]);
    assert_eq!(name(socket.drop_membership(group, "eth0")), "EADDRNOTAVAIL");
    socket.unref();
    events.run().unwrap();
    log.is(&["it listening 127.0.0.1:50001"]);
    socket.close().unwrap();
    assert_eq!(name(socket.add_membership(group, 1)), "ERR_SOCKET_DGRAM_NOT_RUNNING");
}

#[test]
fn an_abort_closes_all_sockets_of_the_signal() {
    let (events, log, signal) = (EventLoop::new(), Log::default(), AbortSignal::new());
    let make = |name| {
        let options = SocketOptions::new(Family::Ipv4).signal(&signal);
        let socket = events.socket_with(options).unwrap();
        log.all(name, &socket);
        socket
    };
    let (bound, _unbound, closed) = (make("bound"), make("unbound"), make("closed"));
    bound.bind("127.0.0.1:1000").unwrap();
    closed.close().unwrap();
    let aborts = signal.clone();
    events.set_timeout(SECOND, move || {
        aborts.abort();
        aborts.abort();
    });
    events.run().unwrap();
    assert!(signal.aborted());
    log.is(&[
        "bound listening 127.0.0.1:1000",
        "closed closed",
        "bound closed",
        "unbound closed",
    ]);
    let late = make("late");
    assert_eq!(name(late.bind("127.0.0.1:1000")), "ERR_SOCKET_DGRAM_NOT_RUNNING");
    log.0.borrow_mut().clear();
    events.run().unwrap();
    log.is(&["late closed"]);
    assert_eq!(fake::open(), 0);
}

#[test]
fn what_is_blocked_is_not_sent_to_and_not_heard() {
    let (events, log) = (EventLoop::new(), Log::default());
    let options = SocketOptions::new(Family::Ipv4)
        .send_block_list(blocked("192.0.2.1"))
        .receive_block_list(blocked("192.0.2.2"));
    let socket = events.socket_with(options).unwrap();
    log.all("it", &socket);
    socket.bind("127.0.0.1:1000").unwrap();
    for from in ["192.0.2.1:9", "192.0.2.2:9"] {
        fake::inject(socket.id(), fake::message(from, b"x"));
    }
    socket.send("x", "192.0.2.1:9").unwrap();
    socket.send("x", "192.0.2.2:9").unwrap();
    socket.connect("192.0.2.1:9").unwrap();
    let error = socket.connect_sync("192.0.2.1:9".parse().unwrap());
    assert_eq!(name(error), "ERR_IP_BLOCKED");
    let mut burst = SendBurst::new();
    burst.push(b"x", "192.0.2.1:9".parse::<std::net::SocketAddr>().unwrap());
    socket.send_burst(&burst).unwrap();
    socket.unref();
    events.run().unwrap();
    log.is(&[
        "it listening 127.0.0.1:1000",
        "it got x from 192.0.2.1:9",
        "it error send 192.0.2.1:9: on the socket's own block list",
        "it error connect 192.0.2.1:9: on the socket's own block list",
        "it error send 192.0.2.1:9: on the socket's own block list",
    ]);
}

#[test]
fn what_is_blocked_is_not_in_a_burst() {
    for absent in [false, true] {
        if absent {
            fake::bursts::absent();
        }
        let (events, seen) = (EventLoop::new(), Rc::new(Cell::new(0)));
        let options = SocketOptions::new(Family::Ipv4).receive_block_list(blocked("192.0.2.2"));
        let socket = events.socket_with(options).unwrap();
        let count = seen.clone();
        socket.on_burst(move |_, burst| {
            assert!(burst.datagrams().all(|d| d.remote.ip().to_string() == "192.0.2.1"));
            count.set(count.get() + burst.len());
        });
        socket.bind(0).unwrap();
        for from in ["192.0.2.2:9", "192.0.2.1:9", "192.0.2.2:9", "192.0.2.1:9"] {
            fake::inject(socket.id(), fake::message(from, b"x"));
        }
        socket.unref();
        events.run().unwrap();
        assert_eq!(seen.get(), 2);
    }
}

#[test]
fn a_socket_that_was_handed_in_tells_listening_and_keeps_the_loop() {
    fake::hand_in("echo", "127.0.0.1:7");
    let (events, log) = (EventLoop::new(), Log::default());
    let socket = events.granted("echo").unwrap();
    log.all("echo", &socket);
    assert_eq!(name(events.granted("echo")), "EBADF");
    assert_eq!(name(socket.bind(1)), "ERR_SOCKET_ALREADY_BOUND");
    let other = socket.clone();
    events.set_timeout(SECOND, move || other.close());
    events.run().unwrap();
    log.is(&["echo listening 127.0.0.1:7", "echo closed"]);
    assert_eq!(fake::elapsed(), SECOND);
}
