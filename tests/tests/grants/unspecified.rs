//! Unspecified addresses and port 0 as destinations (rule 1).

use crate::guest::guest;
use crate::peer::{peer, unused};

const UNSPECIFIED: &str = "the unspecified address is no destination";

#[test]
fn the_unspecified_address_is_no_destination_whatever_is_granted() {
    let other = peer("0.0.0.0:0");
    let port = other.port();
    guest()
        .allow_send("@loopback:*")
        .allow_send("@private:*")
        .allow_send("0.0.0.0/0:*")
        .allow_send("*:*")
        .tells(format!(
            "create ipv4 -> ok
             send 0.0.0.0:{port} x -> access-denied
             connect 0.0.0.0:{port} -> access-denied"
        ))
        .refuses(format!(
            "grants: send 0.0.0.0:{port}: {UNSPECIFIED}
             grants: connect 0.0.0.0:{port}: {UNSPECIFIED}"
        ));
    other.has_nothing();
}

#[test]
fn the_unspecified_address_of_ipv6_is_no_destination_in_any_form() {
    let other = peer("[::]:0");
    let port = other.port();
    guest()
        .allow_send("@loopback:*")
        .allow_send("0.0.0.0/0:*")
        .allow_send("[::/0]:*")
        .tells(format!(
            "create ipv6 -> ok
             send [::]:{port} x -> access-denied
             connect [::]:{port} -> access-denied
             connect [64:ff9b::0.0.0.0]:{port} -> access-denied
             connect [2002::1]:{port} -> access-denied"
        ))
        .refuses(format!(
            "grants: send [::]:{port}: {UNSPECIFIED}
             grants: connect [::]:{port}: {UNSPECIFIED}
             grants: connect [64:ff9b::]:{port}: {UNSPECIFIED} for the embedded 0.0.0.0
             grants: connect [2002::1]:{port}: {UNSPECIFIED} for the embedded 0.0.0.0"
        ));
    other.has_nothing();
}

#[test]
fn port_0_is_no_destination() {
    guest()
        .allow_send("@loopback:*")
        .tells(
            "create ipv4 -> ok
             send 127.0.0.1:0 x -> access-denied
             connect 127.0.0.1:0 -> access-denied
             b: create ipv6 -> ok
             b: send [::1]:0 x -> access-denied",
        )
        .refuses(
            "grants: send 127.0.0.1:0: port 0 is no destination
             grants: connect 127.0.0.1:0: port 0 is no destination
             grants: send [::1]:0: port 0 is no destination",
        );
}

#[test]
fn a_wildcard_bind_does_not_follow_from_narrower_grants() {
    let at = unused("127.0.0.1");
    let port = at.port();
    guest()
        .allow_bind(at)
        .allow_bind("127.0.0.1:0")
        .allow_bind("@loopback:0,1-65535")
        .allow_bind("0.0.0.0/0:0,1-65535")
        .tells(format!(
            "create ipv4 -> ok
             bind 0.0.0.0:{port} -> access-denied
             bind 0.0.0.0:0 -> access-denied
             bind -> access-denied
             bind {at} -> ok {at}"
        ))
        .refuses(format!(
            "grants: bind 0.0.0.0:{port}: not granted; fix: bind 0.0.0.0:{port}
             grants: bind 0.0.0.0:0: not granted; fix: bind 0.0.0.0:0
             grants: bind 0.0.0.0:0: not granted; fix: bind 0.0.0.0:0"
        ));
}

#[test]
fn a_wildcard_bind_over_ipv6_does_not_follow_from_narrower_grants() {
    guest()
        .allow_bind("[::1]:0")
        .allow_bind("@loopback:0,1-65535")
        .allow_bind("[::/0]:0,1-65535")
        .tells(
            "create ipv6 -> ok
             bind [::]:0 -> access-denied
             bind [::1]:0 -> ok [::1]:*",
        )
        .refuses("grants: bind [::]:0: not granted; fix: bind [::]:0");
}

#[test]
fn a_bind_to_the_unspecified_address_is_the_wildcard_and_not_loopback() {
    let other = peer("127.0.0.1:0");
    let story = guest().allow_bind("0.0.0.0:0").starts(format!(
        "create ipv4 -> ok
         bind -> ok 0.0.0.0:*
         receive 10000 -> message \"hello\" from {}",
        other.address
    ));
    let port = story.address("bind").port();
    other.sends("hello", ([127, 0, 0, 2], port).into());
    story.ends().refuses("");
}
