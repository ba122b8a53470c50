//! What is denied wins over every allowed pattern, whatever the order.

use crate::guest::{Guest, guest};
use crate::peer::{peer, unused};

/// Two guests with the same lists, given in either order.
fn in_either_order(allow: impl Fn(Guest) -> Guest, deny: impl Fn(Guest) -> Guest) -> [Guest; 2] {
    [deny(allow(guest())), allow(deny(guest()))]
}

#[test]
fn a_denied_destination_is_not_sent_to() {
    let other = peer("127.0.0.1:0");
    let to = other.address;
    for denied in [to.to_string(), "127.0.0.0/8:*".to_owned(), "@loopback:*".to_owned()] {
        let guests = in_either_order(
            |guest| guest.allow_send(to).allow_send("@loopback:*").allow_send("127.0.0.1:*"),
            |guest| guest.deny_send(&denied),
        );
        for guest in guests {
            guest
                .tells(format!(
                    "create ipv4 -> ok
                     send {to} x -> access-denied
                     connect {to} -> access-denied"
                ))
                .refuses(format!(
                    "grants: send {to}: denied (deny send {denied})
                     grants: connect {to}: denied (deny send {denied})"
                ));
        }
    }
    other.has_nothing();
}

#[test]
fn what_is_not_denied_of_a_granted_network_is_sent_to() {
    let (granted, denied) = (peer("127.0.0.1:0"), peer("127.0.0.7:0"));
    let (to, not_to) = (granted.address, denied.address);
    guest()
        .allow_send("127.0.0.0/8:*")
        .deny_send("127.0.0.7:*")
        .tells(format!(
            "create ipv4 -> ok
             send {not_to} x -> access-denied
             send {to} hello -> ok"
        ))
        .refuses(format!("grants: send {not_to}: denied (deny send 127.0.0.7:*)"));
    assert_eq!(granted.receives().0, "hello");
    denied.has_nothing();
}

#[test]
fn a_denied_address_is_not_bound() {
    let at = unused("127.0.0.1");
    for denied in [at.to_string(), "127.0.0.0/8:*".to_owned(), "@loopback:*".to_owned()] {
        let guests = in_either_order(
            |guest| guest.allow_bind(at).allow_bind("0.0.0.0:*"),
            |guest| guest.deny_bind(&denied),
        );
        for guest in guests {
            guest
                .tells(format!(
                    "create ipv4 -> ok
                     bind {at} -> access-denied"
                ))
                .refuses(format!("grants: bind {at}: denied (deny bind {denied})"));
        }
    }
}

#[test]
fn a_wildcard_bind_that_overlaps_a_denied_address_is_denied() {
    let at = unused("127.0.0.1");
    let port = at.port();
    for guest in in_either_order(|guest| guest.allow_bind("0.0.0.0:*"), |guest| guest.deny_bind(at)) {
        guest
            .tells(format!(
                "create ipv4 -> ok
                 bind 0.0.0.0:{port} -> access-denied
                 bind 127.0.0.2:{port} -> ok 127.0.0.2:{port}"
            ))
            .refuses(format!(
                "grants: bind 0.0.0.0:{port}: the wildcard overlaps a denied address (deny bind {at})"
            ));
    }
}

#[test]
fn a_denied_wildcard_leaves_its_single_addresses() {
    let at = unused("127.0.0.1");
    let port = at.port();
    guest()
        .allow_bind("127.0.0.1:*")
        .deny_bind("0.0.0.0:1")
        .tells(format!(
            "create ipv4 -> ok
             bind {at} -> ok {at}
             b: create ipv4 -> ok
             b: bind 127.0.0.1:1 -> access-denied
             b: bind 0.0.0.0:{port} -> access-denied"
        ))
        .refuses(format!(
            "grants: bind 127.0.0.1:1: denied (deny bind 0.0.0.0:1)
             grants: bind 0.0.0.0:{port}: not granted; fix: bind 0.0.0.0:{port}"
        ));
}
