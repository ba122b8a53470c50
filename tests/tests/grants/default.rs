//! Deny by default, operation by operation, and what is judged before any system call (rules 5 and 15).

use crate::guest::{guest, nothing_granted};
use crate::peer::{peer, unused};

#[test]
fn a_bind_is_denied_by_default() {
    let at = unused("127.0.0.1");
    guest()
        .tells(format!(
            "create ipv4 -> ok
             bind {at} -> access-denied
             bind 127.0.0.1:0 -> access-denied
             local -> invalid-state"
        ))
        .refuses(format!(
            "grants: bind {at}: not granted; fix: bind {at}
             grants: bind 127.0.0.1:0: not granted; fix: bind 127.0.0.1:0"
        ));
}

#[test]
fn a_bind_over_ipv6_is_denied_by_default() {
    let at = unused("[::1]");
    guest()
        .tells(format!(
            "create ipv6 -> ok
             bind {at} -> access-denied
             bind [::1]:0 -> access-denied"
        ))
        .refuses(format!(
            "grants: bind {at}: not granted; fix: bind {at}
             grants: bind [::1]:0: not granted; fix: bind [::1]:0"
        ));
}

#[test]
fn a_bind_to_the_wildcard_is_denied_by_default() {
    guest()
        .tells(
            "create ipv4 -> ok
             bind -> access-denied
             bind 0.0.0.0:0 -> access-denied
             b: create ipv6 -> ok
             b: bind -> access-denied
             b: bind [::]:0 -> access-denied",
        )
        .refuses(
            "grants: bind 0.0.0.0:0: not granted; fix: bind 0.0.0.0:0
             grants: bind 0.0.0.0:0: not granted; fix: bind 0.0.0.0:0
             grants: bind [::]:0: not granted; fix: bind [::]:0
             grants: bind [::]:0: not granted; fix: bind [::]:0",
        );
}

#[test]
fn a_send_is_denied_by_default_and_nothing_leaves() {
    for (family, host) in [("ipv4", "127.0.0.1"), ("ipv6", "[::1]")] {
        let other = peer(format!("{host}:0"));
        let to = other.address;
        guest()
            .tells(format!(
                "create {family} -> ok
                 send {to} hello -> access-denied
                 local -> invalid-state
                 events -> nothing"
            ))
            .refuses(nothing_granted("send", to));
        other.has_nothing();
    }
}

#[test]
fn a_connect_is_denied_by_default_and_nothing_is_bound() {
    for (family, host) in [("ipv4", "127.0.0.1"), ("ipv6", "[::1]")] {
        let to = peer(format!("{host}:0")).address;
        guest()
            .tells(format!(
                "create {family} -> ok
                 connect {to} -> access-denied
                 local -> invalid-state
                 remote -> invalid-state
                 send - hello -> invalid-state
                 events -> nothing"
            ))
            .refuses(nothing_granted("connect", to));
    }
}

#[test]
fn a_denied_bind_does_not_tell_whether_the_address_is_taken_or_anybodys() {
    let taken = peer("127.0.0.1:0");
    let at = taken.address;
    // TEST-NET-2 (RFC 5737) is no address of this host: the kernel would say `address-not-bindable`.
    guest()
        .tells(format!(
            "create ipv4 -> ok
             bind {at} -> access-denied
             bind 198.51.100.1:0 -> access-denied"
        ))
        .refuses(format!(
            "grants: bind {at}: not granted; fix: bind {at}
             grants: bind 198.51.100.1:0: not granted; fix: bind 198.51.100.1:0"
        ));
    guest()
        .allow_bind(at)
        .allow_bind("198.51.100.1:0")
        .tells(format!(
            "create ipv4 -> ok
             bind {at} -> address-in-use
             bind 198.51.100.1:0 -> address-not-bindable"
        ))
        .refuses("");
}

#[test]
fn a_denied_send_does_not_tell_whether_the_datagram_would_fit() {
    let to = unused("127.0.0.1");
    guest()
        .tells(format!(
            "create ipv4 -> ok
             send {to} {} -> access-denied",
            "x".repeat(70_000)
        ))
        .refuses(nothing_granted("send", to));
}

#[test]
fn a_permission_holds_for_its_operation_and_not_for_the_next() {
    // "A check made at creation and never again."
    let (granted, other) = (peer("127.0.0.1:0"), peer("127.0.0.1:0"));
    let (to, elsewhere) = (granted.address, other.address);
    guest()
        .allow_send(to)
        .tells(format!(
            "create ipv4 -> ok
             send {to} one -> ok
             send {elsewhere} two -> access-denied
             connect {elsewhere} -> access-denied
             send {to} three -> ok"
        ))
        .refuses(format!(
            "grants: send {elsewhere}: not granted; fix: send {elsewhere}
             grants: connect {elsewhere}: not granted; fix: send {elsewhere}"
        ));
    assert_eq!(granted.receives().0, "one");
    assert_eq!(granted.receives().0, "three");
    other.has_nothing();
}
