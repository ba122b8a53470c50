//! What a bind grant gives, and what it does not.

use crate::guest::guest;
use crate::peer::{nobody_shares, peer, unused};

#[test]
fn a_bind_grant_gives_its_address_and_port_alone() {
    let (at, other) = (unused("127.0.0.1"), unused("127.0.0.1"));
    let port = at.port();
    guest()
        .allow_bind(at)
        .tells(format!(
            "create ipv4 -> ok
             bind 127.0.0.2:{port} -> access-denied
             bind {other} -> access-denied
             bind {at} -> ok {at}"
        ))
        .refuses(format!(
            "grants: bind 127.0.0.2:{port}: not granted; fix: bind 127.0.0.2:{port}
             grants: bind {other}: not granted; fix: bind {other}"
        ));
}

#[test]
fn a_bind_grant_does_not_give_the_other_family() {
    guest()
        .allow_bind("0.0.0.0:0")
        .allow_bind("127.0.0.1:0")
        .tells(
            "create ipv6 -> ok
             bind [::1]:0 -> access-denied
             bind [::]:0 -> access-denied",
        )
        .refuses(
            "grants: bind [::1]:0: not granted; fix: bind [::1]:0
             grants: bind [::]:0: not granted; fix: bind [::]:0",
        );
    guest()
        .allow_bind("[::]:0")
        .allow_bind("[::1]:0")
        .tells(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> access-denied
             bind 0.0.0.0:0 -> access-denied",
        )
        .refuses(
            "grants: bind 127.0.0.1:0: not granted; fix: bind 127.0.0.1:0
             grants: bind 0.0.0.0:0: not granted; fix: bind 0.0.0.0:0",
        );
}

#[test]
fn a_wildcard_grant_gives_each_address_of_its_family() {
    guest()
        .allow_bind("0.0.0.0:0")
        .tells(
            "create ipv4 -> ok
             bind 0.0.0.0:0 -> ok 0.0.0.0:*
             b: create ipv4 -> ok
             b: bind 127.0.0.3:0 -> ok 127.0.0.3:*",
        )
        .refuses("");
}

#[test]
fn a_grant_of_all_addresses_binds_to_no_group_and_no_broadcast_address() {
    guest()
        .allow_bind("0.0.0.0:0,1-65535")
        .allow_bind("[::]:0,1-65535")
        .tells(
            "create ipv4 -> ok
             bind 224.0.0.251:0 -> access-denied
             bind 255.255.255.255:0 -> access-denied
             b: create ipv6 -> ok
             b: bind [ff02::fb%1]:0 -> access-denied
             b: bind [ff05::1]:0 -> access-denied",
        )
        .refuses(
            "grants: bind 224.0.0.251:0: not granted; fix: bind 224.0.0.251:0 and join 224.0.0.251
             grants: bind 255.255.255.255:0: a broadcast address cannot be bound
             grants: bind [ff02::fb]@lo:0: not granted; fix: bind [ff02::fb]@lo:0 and join [ff02::fb]@lo
             grants: bind [ff05::1]:0: not granted; fix: bind [ff05::1]:0 and join [ff05::1]",
        );
}

#[test]
fn a_bind_grant_does_not_let_write_first_nor_connect() {
    let other = peer("127.0.0.1:0");
    let to = other.address;
    guest()
        .allow_bind("127.0.0.1:0")
        .tells(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             send {to} x -> access-denied
             connect {to} -> access-denied"
        ))
        .refuses(format!(
            "grants: send {to}: not granted; fix: send {to}
             grants: connect {to}: not granted; fix: send {to}"
        ));
    other.has_nothing();
}

/// Rule 4.
#[test]
fn no_other_process_gets_into_a_port_that_is_bound() {
    no_other_process_gets_in("");
}

/// Where a guest binds that created its socket with these flags, granted without `shared`.
#[track_caller]
pub fn no_other_process_gets_in(flags: &str) {
    for (family, bound, others) in [
        ("ipv4", "127.0.0.1:0", ["127.0.0.1", "0.0.0.0"]),
        ("ipv4", "0.0.0.0:0", ["127.0.0.1", "0.0.0.0"]),
        ("ipv6", "[::1]:0", ["[::1]", "[::]"]),
    ] {
        let story = guest().allow_bind(bound).starts(format!(
            "create {family}{flags} -> ok
             bind {bound} -> ok *
             receive 10000 -> message \"mine\" from *"
        ));
        let port = story.address(&format!("bind {bound}")).port();
        others.iter().for_each(|other| nobody_shares(other, port));
        peer(format!("{}:0", others[0])).sends("mine", format!("{}:{port}", others[0]).parse().unwrap());
        story.ends().refuses("");
    }
}

#[test]
fn a_bound_socket_hears_whoever_writes() {
    let (one, two) = (peer("127.0.0.1:0"), peer("127.0.0.2:0"));
    let story = guest().allow_bind("127.0.0.1:0").starts(format!(
        "create ipv4 -> ok
         bind 127.0.0.1:0 -> ok 127.0.0.1:*
         receive 10000 -> message \"one\" from {}
         reply go on -> ok
         receive 10000 -> message \"two\" from {}",
        one.address, two.address
    ));
    let at = story.address("bind 127.0.0.1:0");
    one.sends("one", at);
    assert_eq!(one.receives(), ("go on".to_owned(), at));
    two.sends("two", at);
    story.ends().refuses("");
}

#[test]
fn a_send_grant_over_all_addresses_covers_no_group() {
    guest()
        .allow_send("0.0.0.0/0:*")
        .allow_send("[::/0]:*")
        .tells(
            "create ipv4 -> ok
             send 224.0.0.251:5353 x -> access-denied
             connect 224.0.0.251:5353 -> access-denied
             b: create ipv6 -> ok
             b: send [ff02::fb%1]:5353 x -> access-denied
             b: send [64:ff9b::224.0.0.251]:5353 x -> access-denied",
        )
        .refuses(
            "grants: send 224.0.0.251*
             grants: connect 224.0.0.251*
             grants: send [ff02::fb]@lo:5353: not granted; fix: send [ff02::fb]@lo:5353
             grants: send [64:ff9b::e000:fb]:5353: a multicast group inside an IPv6 address is no destination for the embedded 224.0.0.251",
        );
}
