//! Sharing a port needs `shared` (rule 4).

use crate::bind::no_other_process_gets_in;
use crate::guest::guest;
use crate::peer::unused;

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

/// Also where the guest would share: with port 0 its flags are dropped.
#[test]
fn no_other_process_gets_into_a_port_that_is_not_shared() {
    no_other_process_gets_in(" reuse-address reuse-port");
}

#[test]
fn a_client_socket_does_not_share_its_port() {
    guest()
        .allow_send("@loopback:*")
        .allow_bind("0.0.0.0:1024-65535 shared")
        .tells(
            "create ipv4 reuse-address reuse-port -> ok
             send 127.0.0.1:9 x -> ok
             b: create ipv4 reuse-address reuse-port -> ok
             b: bind 0.0.0.0:@a -> address-in-use",
        )
        .refuses("");
}
