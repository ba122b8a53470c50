//! Which addresses a socket takes, and which it tells.

use datagrant_conformance::bindings::sockets::Socket;
use datagrant_conformance::bindings::types::{CreateFlags, ErrorCode, IpSocketAddress, Ipv6SocketAddress};
use datagrant_conformance::*;
use std::net::IpAddr;

checks!(
    a_bind_to_port_0_tells_the_port,
    a_bind_to_nothing_is_to_any_address,
    an_address_of_the_other_family_is_no_argument,
    a_link_local_address_needs_its_zone,
    a_mapped_address_needs_a_dual_stack_socket,
    a_dual_stack_socket_talks_to_ipv4,
    port_0_and_no_address_are_no_destination,
    a_broadcast_address_is_refused_while_broadcast_is_off,
    a_group_is_not_bound_to_without_a_join,
    an_address_that_is_taken_is_in_use,
    a_bind_that_failed_leaves_the_socket_unbound,
    flow_info_and_needless_scope_ids_are_ignored,
);

fn other(family: IpFamily) -> IpFamily {
    match family {
        IpFamily::Ipv4 => IpFamily::Ipv6,
        IpFamily::Ipv6 => IpFamily::Ipv4,
    }
}

/// The same answer from all that takes an address to send to, without a trace.
#[track_caller]
fn refused(socket: &Socket, to: IpSocketAddress, why: ErrorCode) {
    assert_eq!(socket.send(b"x", Some(to)), Err(why), "send to {to:?}");
    assert_eq!(socket.connect(to).map(std_address), Err(why), "connect to {to:?}");
    assert_eq!(drain(socket), []);
}

fn a_bind_to_port_0_tells_the_port() {
    for family in FAMILIES {
        let socket = create(family);
        let at = std_address(socket.bind(Some(any_port(family)), false).expect("bind"));
        assert_ne!(at.port(), 0);
        assert!(at.ip().is_loopback());
        assert_eq!(socket.local_address().map(std_address), Ok(at));
        assert_eq!(socket.family(), family);
    }
}

fn a_bind_to_nothing_is_to_any_address() {
    for family in FAMILIES {
        let socket = create(family);
        let at = std_address(socket.bind(None, false).expect("bind"));
        assert_ne!(at.port(), 0);
        assert!(at.ip().is_unspecified());
    }
}

fn an_address_of_the_other_family_is_no_argument() {
    for family in FAMILIES {
        let socket = create(family);
        let foreign = any_port(other(family));
        assert_eq!(
            socket.bind(Some(foreign), false).map(std_address),
            Err(ErrorCode::InvalidArgument)
        );
        refused(&socket, loopback(other(family), 9), ErrorCode::InvalidArgument);
    }
}

fn a_link_local_address_needs_its_zone() {
    let socket = create(IpFamily::Ipv6);
    let at = socket.bind(Some(v6("fe80::1", 0)), false).map(std_address);
    assert_eq!(at, Err(ErrorCode::InvalidArgument));
    refused(&socket, v6("fe80::1", 9), ErrorCode::InvalidArgument);
}

fn a_mapped_address_needs_a_dual_stack_socket() {
    let socket = Socket::create(IpFamily::Ipv6, CreateFlags::IPV6_ONLY).expect("create");
    let at = socket.bind(Some(v6("::ffff:127.0.0.1", 0)), false).map(std_address);
    assert_eq!(at, Err(ErrorCode::InvalidArgument));
    refused(&socket, v6("::ffff:127.0.0.1", 9), ErrorCode::InvalidArgument);
}

fn a_dual_stack_socket_talks_to_ipv4() {
    let (peer, at) = bound(IpFamily::Ipv4);
    let port = std_address(at).port();
    let socket = create(IpFamily::Ipv6);
    let mapped = v6("::ffff:127.0.0.1", port);
    if differs(Difference::AlwaysIpv6Only) {
        refused(&socket, mapped, ErrorCode::InvalidArgument);
        return;
    }
    socket.send(b"mapped", Some(mapped)).expect("send");
    let got = next_message(&peer);
    assert_eq!(got.data, b"mapped");
    assert_eq!(std_address(got.remote).ip(), IpAddr::from([127, 0, 0, 1]));
    peer.send(b"back", Some(got.remote)).expect("send back");
    assert!(matches!(told(&socket), Told::Listening(_)));
    assert_eq!(told(&socket), Told::Message(b"back".to_vec(), std_address(mapped)));
}

fn port_0_and_no_address_are_no_destination() {
    for family in FAMILIES {
        let socket = create(family);
        refused(&socket, loopback(family, 0), ErrorCode::AccessDenied);
        refused(&socket, unspecified(family, 9), ErrorCode::AccessDenied);
        refused(&socket, any(family), ErrorCode::AccessDenied);
    }
}

fn a_broadcast_address_is_refused_while_broadcast_is_off() {
    let socket = create(IpFamily::Ipv4);
    refused(&socket, v4([255, 255, 255, 255], 9), ErrorCode::AccessDenied);
}

fn a_group_is_not_bound_to_without_a_join() {
    for group in [v4([224, 0, 0, 251], 0), v6("ff05::2", 0)] {
        let family = if std_address(group).is_ipv4() {
            IpFamily::Ipv4
        } else {
            IpFamily::Ipv6
        };
        let at = create(family).bind(Some(group), false).map(std_address);
        assert_eq!(at, Err(ErrorCode::AccessDenied), "{group:?}");
    }
}

fn an_address_that_is_taken_is_in_use() {
    for family in FAMILIES {
        let (_first, at) = bound(family);
        let second = create(family).bind(Some(at), false).map(std_address);
        assert_eq!(second, Err(ErrorCode::AddressInUse));
    }
}

fn a_bind_that_failed_leaves_the_socket_unbound() {
    let (_first, at) = bound(IpFamily::Ipv4);
    let socket = create(IpFamily::Ipv4);
    let _ = socket.bind(Some(at), false).expect_err("it is taken");
    assert_eq!(socket.local_address().map(std_address), Err(ErrorCode::InvalidState));
    assert_eq!(drain(&socket), []);
    socket
        .bind(Some(any_port(IpFamily::Ipv4)), false)
        .expect("another address");
}

fn flow_info_and_needless_scope_ids_are_ignored() {
    let odd = |at: IpSocketAddress| match at {
        IpSocketAddress::Ipv6(a) => IpSocketAddress::Ipv6(Ipv6SocketAddress {
            flow_info: 5,
            scope_id: 7,
            ..a
        }),
        other => other,
    };
    let a = create(IpFamily::Ipv6);
    let at_a = a.bind(Some(odd(v6("::1", 0))), false).expect("bind");
    assert_eq!(std_address(at_a), std_address(v6("::1", std_address(at_a).port())));
    let (b, at_b) = bound(IpFamily::Ipv6);
    a.connect(odd(at_b)).expect("connect");
    assert_eq!(a.remote_address().map(std_address), Ok(std_address(at_b)));
    b.send(b"plain", Some(odd(at_a))).expect("send");
    let [listening, connect] = [told(&a), told(&a)];
    assert_eq!(listening, Told::Listening(std_address(at_a)));
    assert_eq!(connect, Told::Connect(std_address(at_b)));
    assert_eq!(told(&a), Told::Message(b"plain".to_vec(), std_address(at_b)));
}
