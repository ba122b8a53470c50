//! Sockets, buffers, memberships, lookups: how many at once.

use crate::guest::guest;
use crate::held::limited;
use datagrant::Limit;
use datagrant_tests::dns::NameServer;
use std::net::UdpSocket;

#[test]
fn one_socket_more_is_refused_until_one_is_dropped() {
    limited(Limit::Sockets, 4)
        .tells(
            "create-many 10 ipv4 -> 4 x ok, 6 x quota-exceeded
             drop-many -> ok
             create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             create-many 5 ipv6 -> 3 x ok, 2 x quota-exceeded
             send 127.0.0.1:@a x -> ok
             receive 10000 -> message \"x\" from 127.0.0.1:*",
        )
        .exceeds(&[(Limit::Sockets, 8)]);
}

#[test]
fn a_closed_socket_counts_until_it_is_dropped() {
    limited(Limit::Sockets, 1)
        .tells(
            "create ipv4 -> ok
             close -> ok
             b: create ipv4 -> quota-exceeded
             drop -> ok
             b: create ipv4 -> ok",
        )
        .exceeds(&[(Limit::Sockets, 1)]);
}

#[test]
fn without_a_word_there_are_256_sockets() {
    guest()
        .tells("create-many 300 ipv4 -> 256 x ok, 44 x quota-exceeded")
        .exceeds(&[(Limit::Sockets, 44)]);
}

#[test]
fn a_socket_that_is_handed_in_is_had_whatever_the_limits_are() {
    limited(Limit::Sockets, 0)
        .limited(Limit::SocketBufferBytes, 0)
        .socket("dns", "127.0.0.1:0")
        .tells(
            "take dns -> ok 127.0.0.1:*
             b: create ipv4 -> quota-exceeded
             receive-buffer 100000000 -> quota-exceeded
             receive-buffer 4000 -> ok",
        )
        .exceeds(&[(Limit::Sockets, 1), (Limit::SocketBufferBytes, 1)]);
}

/// What the kernel gives a socket here, to receive and to send.
fn default_buffers() -> (u64, u64) {
    let native = socket2::Socket::from(UdpSocket::bind("127.0.0.1:0").expect("a socket"));
    let bytes = |size: std::io::Result<usize>| size.expect("an option") as u64;
    (bytes(native.recv_buffer_size()), bytes(native.send_buffer_size()))
}

#[test]
fn buffers_of_all_sockets_count_together_as_the_kernel_tells_them() {
    let (receive, send) = default_buffers();
    limited(Limit::SocketBufferBytes, 2 * (receive + send))
        .tells(
            "create ipv4 -> ok
             create-many 3 ipv4 -> 1 x ok, 2 x quota-exceeded
             drop-many -> ok
             b: create ipv4 -> ok
             close -> ok
             create-many 2 ipv4 -> 1 x ok, 1 x quota-exceeded",
        )
        .exceeds(&[(Limit::SocketBufferBytes, 3)]);
}

#[test]
fn a_buffer_that_would_be_too_large_stays_as_it_was() {
    let (receive, send) = default_buffers();
    limited(Limit::SocketBufferBytes, receive + send)
        .tells(format!(
            "create ipv4 -> ok
             receive-buffer 2000000000 -> quota-exceeded
             send-buffer 2000000000 -> quota-exceeded
             buffers -> ok {receive} {send}
             receive-buffer {smaller} -> ok
             send-buffer {larger} -> ok
             buffers -> ok {} {}
             receive-buffer {receive} -> quota-exceeded",
            receive - 8_192,
            send + 8_192,
            smaller = (receive - 8_192) / 2,
            larger = (send + 8_192) / 2,
        ))
        .exceeds(&[(Limit::SocketBufferBytes, 3)]);
}

#[test]
fn memberships_of_all_sockets_count_together_until_they_are_left() {
    limited(Limit::Memberships, 3)
        .allow_join("239.1.0.0/16@lo")
        .allow_join("[ff15::/16]@lo")
        .tells(
            "create ipv4 -> ok
             b: create ipv6 -> ok
             join 239.1.1.1@lo -> ok
             join 239.1.1.2@lo from 127.0.0.2 -> ok
             b: join ff15::1@lo -> ok
             join 239.1.1.3@lo -> quota-exceeded
             b: join ff15::2@lo -> quota-exceeded
             join 239.1.1.1@lo -> address-in-use
             leave 239.1.1.1@lo -> ok
             b: join ff15::2@lo -> ok
             b: join ff15::3@lo -> quota-exceeded
             b: close -> ok
             join 239.1.1.3@lo -> ok
             join 239.1.1.4@lo -> ok
             join 239.1.1.5@lo -> quota-exceeded
             drop -> ok
             create ipv4 -> ok
             join 239.1.1.5@lo -> ok",
        )
        .exceeds(&[(Limit::Memberships, 4)]);
}

#[test]
fn a_join_that_fails_holds_no_place() {
    limited(Limit::Memberships, 1)
        .allow_join("239.1.1.1")
        .tells(
            "create ipv4 -> ok
             repeat 3 join 239.1.1.1@missing0 -> 3 x no-such-interface
             join 239.1.1.1@lo -> ok",
        )
        .exceeds(&[]);
}

#[test]
fn lookups_count_until_they_are_dropped() {
    let server = NameServer::new("one.test A 300 127.0.0.2");
    limited(Limit::Lookups, 3)
        .allow_resolve("*")
        .asks(&server)
        .tells(
            "lookup-start one.test ipv4 -> ok
             lookup-wait 10000 -> ready
             lookup-many 5 one.test ipv4 -> 2 x ok, 3 x quota-exceeded
             lookup-answer -> ok 127.0.0.2
             lookup-drop -> ok
             lookup-drop-many -> ok",
        )
        .exceeds(&[(Limit::Lookups, 3)]);
}
