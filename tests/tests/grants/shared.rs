//! Sharing a port needs `shared` (rule 4).

use crate::guest::guest;
use crate::peer::{peer, unused};
use socket2::{Domain, Socket, Type};
use std::io::ErrorKind;
use std::net::SocketAddr;

#[test]
fn reuse_without_shared_is_refused() {
    let at = unused("127.0.0.1");
    for flag in ["reuse-address", "reuse-port", "reuse-address reuse-port"] {
        guest()
            .allow_bind(at)
            .tells(format!(
                "create ipv4 {flag} -> ok
                 bind {at} -> access-denied"
            ))
            .refuses(format!(
                "grants: bind {at}: granted, but not shared; fix: bind {at} shared"
            ));
    }
}

#[test]
fn reuse_without_any_grant_is_told_with_the_whole_fix() {
    let at = unused("127.0.0.1");
    guest()
        .tells(format!(
            "create ipv4 reuse-address -> ok
             bind {at} -> access-denied"
        ))
        .refuses(format!("grants: bind {at}: not granted; fix: bind {at} shared"));
}

#[test]
fn shared_lets_two_sockets_have_one_port() {
    let at = unused("127.0.0.1");
    for flag in ["reuse-address", "reuse-port"] {
        guest()
            .allow_bind(format!("{at} shared"))
            .tells(format!(
                "create ipv4 {flag} -> ok
                 bind {at} -> ok {at}
                 b: create ipv4 {flag} -> ok
                 b: bind {at} -> ok {at}"
            ))
            .refuses("");
    }
}

#[test]
fn a_shared_grant_shares_nothing_with_a_socket_that_did_not_ask() {
    let at = unused("127.0.0.1");
    guest()
        .allow_bind(format!("{at} shared"))
        .tells(format!(
            "create ipv4 -> ok
             bind {at} -> ok {at}
             b: create ipv4 reuse-address reuse-port -> ok
             b: bind {at} -> address-in-use"
        ))
        .refuses("");
}

#[test]
fn reuse_is_dropped_with_port_0() {
    guest()
        .allow_bind("127.0.0.1:0,1-65535 shared")
        .tells(
            "create ipv4 reuse-address reuse-port -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             b: create ipv4 reuse-address reuse-port -> ok
             b: bind 127.0.0.1:@a -> address-in-use",
        )
        .refuses("");
}

#[test]
fn reuse_with_port_0_needs_no_shared() {
    guest()
        .allow_bind("127.0.0.1:0")
        .tells(
            "create ipv4 reuse-address reuse-port -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*",
        )
        .refuses("");
}

/// Measured on Linux: where both sockets ask for reuse, the second one, whoever's it is, takes every datagram; one that is
/// bound to an address takes them from one that is bound to the wildcard.
#[test]
fn no_other_process_gets_into_a_port_that_is_not_shared() {
    for (flags, bound, others) in [
        ("", "127.0.0.1:0", &["127.0.0.1", "0.0.0.0"][..]),
        ("reuse-address reuse-port", "127.0.0.1:0", &["127.0.0.1", "0.0.0.0"]),
        ("reuse-address reuse-port", "0.0.0.0:0", &["127.0.0.1", "0.0.0.0"]),
        ("reuse-address reuse-port", "[::1]:0", &["[::1]", "[::]"]),
    ] {
        let story = guest().allow_bind(bound).starts(
            format!(
                "create {} {flags}",
                if bound.starts_with('[') { "ipv6" } else { "ipv4" }
            )
            .trim_end()
            .to_owned()
                + &format!(
                    " -> ok
                     bind {bound} -> ok *
                     receive 10000 -> message \"mine\" from *"
                ),
        );
        let port = story.address(&format!("bind {bound}")).port();
        for (other, reuse_port) in others.iter().flat_map(|other| [(other, false), (other, true)]) {
            let at: SocketAddr = format!("{other}:{port}").parse().unwrap();
            let thief = Socket::new(Domain::for_address(at), Type::DGRAM, None).unwrap();
            thief.set_reuse_address(true).unwrap();
            thief.set_reuse_port(reuse_port).unwrap();
            let error = thief.bind(&at.into()).expect_err(other);
            assert_eq!(error.kind(), ErrorKind::AddrInUse, "{flags} {bound}: {at}");
        }
        let host = others[0];
        peer(format!("{host}:0")).sends("mine", format!("{host}:{port}").parse().unwrap());
        story.ends().refuses("");
    }
}
