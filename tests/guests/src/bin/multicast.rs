//! Multicast, on the loopback interface: groups of 239.255.77.0/24 are granted there, to join and to send to, and
//! ff05::77 to join.

use datagrant_conformance::bindings::sockets::Socket;
use datagrant_conformance::bindings::types::{ErrorCode, InterfaceRef, IpAddress, IpSocketAddress};
use datagrant_conformance::*;

/// Long enough for what does arrive to arrive, in nanoseconds: nothing waits for all of it unless nothing comes.
const SILENCE_NS: u64 = 200_000_000;

const LOOPBACK: InterfaceRef = InterfaceRef::Address(IpAddress::Ipv4((127, 0, 0, 1)));
const GROUP: IpAddress = IpAddress::Ipv4((239, 255, 77, 1));
const OTHER: IpAddress = IpAddress::Ipv4((239, 255, 77, 2));
const V6: IpAddress = IpAddress::Ipv6((0xff05, 0, 0, 0, 0, 0, 0, 0x77));

checks!(
    a_provider_has_all_of_it_or_nothing,
    what_is_sent_to_a_joined_group_arrives,
    a_group_that_this_socket_did_not_join_is_not_received,
    a_group_that_was_left_is_not_received,
    one_source_is_joined_and_others_are_not_received,
    joining_again_and_leaving_what_was_not_joined_are_errors,
    arguments_that_fit_no_group_are_refused,
    what_no_grant_covers_is_denied,
    options_are_taken_before_and_after_bind,
    a_connected_socket_sends_to_a_group,
    a_closed_socket_knows_no_groups,
);

/// Without multicast the program ends here.
fn a_provider_has_all_of_it_or_nothing() {
    let (socket, _) = bound(IpFamily::Ipv4);
    if !differs(Difference::NoMulticast) {
        assert_eq!(calls(&socket), [Ok(()); 5]);
        return;
    }
    assert_eq!(calls(&socket), [Err(ErrorCode::NotSupported); 5]);
    socket.close();
    assert_eq!(calls(&socket), [Err(ErrorCode::InvalidState); 5]);
    drop(socket);
    std::process::exit(0);
}

fn calls(socket: &Socket) -> [Result<(), ErrorCode>; 5] {
    [
        socket.set_multicast_ttl(1),
        socket.set_multicast_loopback(true),
        socket.set_multicast_interface(&LOOPBACK),
        socket.join(GROUP, &LOOPBACK, None),
        socket.leave(GROUP, &LOOPBACK, None),
    ]
}

/// A socket on every address, whose datagrams to groups leave by loopback, and its port.
fn member() -> (Socket, u16) {
    let (socket, at) = bound_to(any(IpFamily::Ipv4), IpFamily::Ipv4);
    socket.set_multicast_interface(&LOOPBACK).expect("multicast interface");
    (socket, std_address(at).port())
}

/// A socket on 127.0.0.1, which sends from there and receives no group, and its address.
fn sender() -> (Socket, String) {
    let (socket, at) = bound(IpFamily::Ipv4);
    socket.set_multicast_interface(&LOOPBACK).expect("multicast interface");
    (socket, std_address(at).to_string())
}

fn at(group: IpAddress, port: u16) -> IpSocketAddress {
    match group {
        IpAddress::Ipv4((a, b, c, d)) => v4([a, b, c, d], port),
        IpAddress::Ipv6(_) => panic!("an IPv4 group"),
    }
}

fn what_is_sent_to_a_joined_group_arrives() {
    let ((socket, port), (sender, from)) = (member(), sender());
    socket.join(GROUP, &LOOPBACK, None).expect("join");
    send(&sender, b"hello", Some(at(GROUP, port)));
    let message = next_message(&socket);
    assert_eq!(message.data, b"hello");
    assert_eq!(std_address(message.remote).to_string(), from);
}

fn a_group_that_this_socket_did_not_join_is_not_received() {
    let ((socket, port), (other, _)) = (member(), member());
    socket.join(GROUP, &LOOPBACK, None).expect("join");
    other.join(OTHER, &LOOPBACK, None).expect("join");
    send(&socket, b"not joined", Some(at(OTHER, port)));
    assert!(!wait_receive(&socket, SILENCE_NS) || drain(&socket).is_empty());
}

fn a_group_that_was_left_is_not_received() {
    let ((socket, port), (other, _)) = (member(), member());
    socket.join(GROUP, &LOOPBACK, None).expect("join");
    other.join(GROUP, &LOOPBACK, None).expect("join");
    socket.leave(GROUP, &LOOPBACK, None).expect("leave");
    send(&socket, b"left", Some(at(GROUP, port)));
    assert!(!wait_receive(&socket, SILENCE_NS) || drain(&socket).is_empty());
}

fn one_source_is_joined_and_others_are_not_received() {
    let ((socket, port), (other, other_port), (sender, _)) = (member(), member(), sender());
    let source = |last| Some(IpAddress::Ipv4((127, 0, 0, last)));
    socket.join(GROUP, &LOOPBACK, source(1)).expect("join");
    other.join(GROUP, &LOOPBACK, source(2)).expect("join");
    send(&sender, b"of another source", Some(at(GROUP, other_port)));
    send(&sender, b"of the source", Some(at(GROUP, port)));
    assert_eq!(receive(&socket), b"of the source");
    assert!(!wait_receive(&other, SILENCE_NS) || drain(&other).is_empty());
}

fn joining_again_and_leaving_what_was_not_joined_are_errors() {
    let (socket, _) = member();
    let source = Some(IpAddress::Ipv4((127, 0, 0, 1)));
    assert_eq!(socket.leave(GROUP, &LOOPBACK, None), Err(ErrorCode::AddressNotBindable));
    socket.join(GROUP, &LOOPBACK, None).expect("join");
    assert_eq!(socket.join(GROUP, &LOOPBACK, None), Err(ErrorCode::AddressInUse));
    assert_eq!(socket.join(GROUP, &LOOPBACK, source), Err(ErrorCode::AddressInUse));
    assert_eq!(
        socket.leave(GROUP, &LOOPBACK, source),
        Err(ErrorCode::AddressNotBindable)
    );
    socket.leave(GROUP, &LOOPBACK, None).expect("leave");
    socket.join(GROUP, &LOOPBACK, source).expect("join");
    assert_eq!(socket.join(GROUP, &LOOPBACK, source), Err(ErrorCode::AddressInUse));
    socket.leave(GROUP, &LOOPBACK, source).expect("leave");
}

fn arguments_that_fit_no_group_are_refused() {
    let (socket, _) = member();
    let v6_source = IpAddress::Ipv6((0x2001, 0xdb8, 0, 0, 0, 0, 0, 1));
    for (group, interface, source) in [
        (IpAddress::Ipv4((127, 0, 0, 1)), LOOPBACK, None),
        (V6, LOOPBACK, None),
        (GROUP, InterfaceRef::Address(V6), None),
        (GROUP, LOOPBACK, Some(v6_source)),
        (GROUP, LOOPBACK, Some(OTHER)),
    ] {
        let answers = [
            socket.join(group, &interface, source),
            socket.leave(group, &interface, source),
        ];
        assert_eq!(answers, [Err(ErrorCode::InvalidArgument); 2], "{group:?} {source:?}");
    }
    let v6 = create(IpFamily::Ipv6);
    let v6_loopback = InterfaceRef::Address(IpAddress::Ipv6((0, 0, 0, 0, 0, 0, 0, 1)));
    assert_eq!(v6.join(GROUP, &v6_loopback, None), Err(ErrorCode::InvalidArgument));
    assert_eq!(v6.join(V6, &v6_loopback, None), Ok(()));
    assert_eq!(v6.leave(V6, &v6_loopback, None), Ok(()));
    let mapped = IpAddress::Ipv6((0, 0, 0, 0, 0, 0xffff, 0xefff, 0x4d01));
    assert_eq!(v6.join(mapped, &v6_loopback, None), Ok(()));
}

fn what_no_grant_covers_is_denied() {
    let (socket, port) = member();
    let group = IpAddress::Ipv4((239, 255, 78, 1));
    let missing = InterfaceRef::Name("missing".to_owned());
    assert_eq!(socket.join(group, &LOOPBACK, None), Err(ErrorCode::AccessDenied));
    assert_eq!(socket.join(GROUP, &missing, None), Err(ErrorCode::AccessDenied));
    assert_eq!(socket.send(b"x", Some(at(group, port))), Err(ErrorCode::AccessDenied));
    assert_eq!(
        socket.set_multicast_interface(&missing),
        Err(ErrorCode::NoSuchInterface)
    );
}

fn options_are_taken_before_and_after_bind() {
    for socket in FAMILIES
        .into_iter()
        .flat_map(|family| [create(family), bound(family).0])
    {
        for hops in [0, 1, 255] {
            assert_eq!(socket.set_multicast_ttl(hops), Ok(()));
        }
        for on in [false, true] {
            assert_eq!(socket.set_multicast_loopback(on), Ok(()));
        }
        assert_eq!(socket.set_multicast_interface(&InterfaceRef::Default), Ok(()));
    }
}

fn a_connected_socket_sends_to_a_group() {
    let ((socket, port), (other, _)) = (member(), member());
    socket.join(GROUP, &LOOPBACK, None).expect("join");
    other.connect(at(GROUP, port)).expect("connect");
    send(&other, b"connected", None);
    assert_eq!(receive(&socket), b"connected");
}

fn a_closed_socket_knows_no_groups() {
    let (socket, _) = member();
    socket.close();
    assert_eq!(calls(&socket), [Err(ErrorCode::InvalidState); 5]);
}
