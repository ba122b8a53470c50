//! What the guest learns, and what the operator does (rule 15).

use crate::guest::guest;
use crate::peer::{peer, unused};

#[test]
fn the_guest_is_told_one_code_whatever_the_reason() {
    let (at, to) = (unused("127.0.0.1"), unused("127.255.255.255"));
    let port = to.port();
    guest()
        .allow_bind(at)
        .allow_broadcast(to)
        .allow_send("127.0.0.0/8:*")
        .deny_send("127.0.0.7:*")
        .tells(format!(
            "create ipv4 reuse-address -> ok
             bind {at} -> access-denied
             bind 127.0.0.1:1 -> access-denied
             bind 224.0.0.1:1 -> access-denied
             send 127.0.0.7:9 x -> access-denied
             send 0.0.0.0:9 x -> access-denied
             send 127.0.0.1:0 x -> access-denied
             send 198.51.100.1:9 x -> access-denied
             send 224.0.0.1:9 x -> access-denied
             send 255.255.255.255:{port} x -> access-denied
             connect 255.255.255.255:{port} -> access-denied
             connect {to} -> access-denied
             send 127.255.255.255:1 x -> access-denied"
        ))
        .refuses(format!(
            "grants: bind {at}: granted, but not shared; fix: bind {at} shared
             grants: bind 127.0.0.1:1: not granted; fix: bind 127.0.0.1:1 shared
             grants: bind 224.0.0.1:1: not granted; fix: bind 224.0.0.1:1 shared and join 224.0.0.1
             grants: send 127.0.0.7:9: denied (deny send 127.0.0.7:*)
             grants: send 0.0.0.0:9: the unspecified address is no destination
             grants: send 127.0.0.1:0: port 0 is no destination
             grants: send 198.51.100.1:9: not granted; fix: send 198.51.100.1:9
             grants: send 224.0.0.1*
             grants: send 255.255.255.255:{port}: the guest did not switch broadcast on
             grants: connect 255.255.255.255:{port}: a broadcast address is no peer to connect to
             kernel: connect {to}: Permission denied (os error 13)
             kernel: send 127.255.255.255:1: Permission denied (os error 13)"
        ));
}

#[test]
fn each_refusal_is_told() {
    let to = unused("127.0.0.1");
    let line = format!("grants: send {to}: not granted; fix: send {to}\n");
    guest()
        .tells(format!(
            "create ipv4 -> ok
             repeat 3 send {to} x -> 3 x access-denied"
        ))
        .refuses(line.repeat(3));
}

#[test]
fn an_error_that_is_no_refusal_is_not_told() {
    let taken = peer("127.0.0.1:0");
    let at = taken.address;
    guest()
        .allow_bind(at)
        .allow_send("@loopback:*")
        .tells(format!(
            "create ipv4 -> ok
             bind {at} -> address-in-use
             bind [::1]:0 -> invalid-argument
             send [::1]:9 x -> invalid-argument
             send - x -> invalid-state
             disconnect -> invalid-state
             close -> ok
             bind {at} -> invalid-state
             send {at} x -> invalid-state
             connect {at} -> invalid-state"
        ))
        .refuses("");
}

#[test]
fn the_grants_that_the_lines_tell_are_all_that_it_takes() {
    let (at, at_6) = (unused("127.0.0.1"), unused("[::1]"));
    let (to, to_6) = (peer("127.0.0.1:0"), peer("[::1]:0"));
    guest().tells_when_fixed(format!(
        "a: create ipv4 -> ok
         a: bind {at} -> ok {at}
         a: send {0} x -> ok
         b: create ipv6 -> ok
         b: bind {at_6} -> ok {at_6}
         b: connect {1} -> ok {at_6}
         c: create ipv4 reuse-address -> ok
         c: bind 0.0.0.0:{2} -> ok 0.0.0.0:{2}
         d: create ipv4 -> ok
         d: bind -> ok 0.0.0.0:*
         e: create ipv6 -> ok
         e: bind [::]:0 -> ok [::]:*
         f: create ipv6 -> ok
         f: send [::ffff:127.0.0.1]:{3} x -> ok
         g: create ipv6 -> ok
         g: connect [64:ff9b::127.0.0.1]:9 -> *",
        to.address,
        to_6.address,
        unused("0.0.0.0").port(),
        to.port(),
    ));
}
