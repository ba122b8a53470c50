//! IPv4-mapped addresses, which an IPv6 socket takes that is not IPv6 only (rule 2): they are judged as IPv4.

use crate::guest::guest;
use crate::peer::{peer, unused};
use datagrant_tests::dns::NameServer;

#[test]
fn a_mapped_destination_is_judged_as_ipv4() {
    let other = peer("127.0.0.1:0");
    let port = other.port();
    guest()
        .allow_send("[::/0]:*")
        .allow_send("[::1]:*")
        .tells(format!(
            "create ipv6 -> ok
             send [::ffff:127.0.0.1]:{port} x -> access-denied
             connect [::ffff:127.0.0.1]:{port} -> access-denied"
        ))
        .refuses(format!(
            "grants: send 127.0.0.1:{port}: not granted; fix: send 127.0.0.1:{port}
             grants: connect 127.0.0.1:{port}: not granted; fix: send 127.0.0.1:{port}"
        ));
    other.has_nothing();
    guest()
        .allow_send(other.address)
        .tells(format!(
            "create ipv6 -> ok
             send [::ffff:127.0.0.1]:{port} hello -> ok
             connect [::ffff:127.0.0.1]:{port} -> ok [::ffff:127.0.0.1]:*"
        ))
        .refuses("");
    assert_eq!(other.receives().0, "hello");
}

#[test]
fn a_denied_ipv4_address_is_denied_in_its_mapped_form() {
    let other = peer("127.0.0.1:0");
    let port = other.port();
    guest()
        .allow_send("@loopback:*")
        .allow_send("[::/0]:*")
        .deny_send("127.0.0.0/8:*")
        .tells(format!(
            "create ipv6 -> ok
             send [::ffff:127.0.0.1]:{port} x -> access-denied
             connect [::ffff:127.0.0.1]:{port} -> access-denied"
        ))
        .refuses(format!(
            "grants: send 127.0.0.1:{port}: denied (deny send 127.0.0.0/8:*)
             grants: connect 127.0.0.1:{port}: denied (deny send 127.0.0.0/8:*)"
        ));
    other.has_nothing();
}

#[test]
fn a_mapped_bind_is_judged_as_ipv4() {
    let at = unused("127.0.0.1");
    let port = at.port();
    guest()
        .allow_bind("[::]:0,1-65535")
        .tells(format!(
            "create ipv6 -> ok
             bind [::ffff:127.0.0.1]:{port} -> access-denied
             bind [::ffff:0.0.0.0]:{port} -> access-denied"
        ))
        .refuses(format!(
            "grants: bind 127.0.0.1:{port}: not granted; fix: bind 127.0.0.1:{port}
             grants: bind 0.0.0.0:{port}: not granted; fix: bind 0.0.0.0:{port}"
        ));
    guest()
        .allow_bind(at)
        .tells(format!(
            "create ipv6 -> ok
             bind [::ffff:127.0.0.1]:{port} -> ok [::ffff:127.0.0.1]:{port}"
        ))
        .refuses("");
}

#[test]
fn a_mapped_group_or_broadcast_address_is_not_covered_by_grants_over_all_addresses() {
    guest()
        .allow_bind("0.0.0.0:0,1-65535")
        .allow_bind("[::]:0,1-65535")
        .allow_send("0.0.0.0/0:*")
        .allow_send("[::/0]:*")
        .tells(
            "create ipv6 -> ok
             bind [::ffff:224.0.0.251]:0 -> access-denied
             bind [::ffff:255.255.255.255]:0 -> access-denied
             send [::ffff:224.0.0.251]:5353 x -> access-denied",
        )
        .refuses(
            "grants: bind 224.0.0.251:0: not granted; fix: bind 224.0.0.251:0 and join 224.0.0.251
             grants: bind 255.255.255.255:0: a broadcast address cannot be bound
             grants: send 224.0.0.251*",
        );
}

#[test]
fn the_mapped_unspecified_address_is_no_destination() {
    let other = peer("0.0.0.0:0");
    let port = other.port();
    guest()
        .allow_send("0.0.0.0/0:*")
        .allow_send("[::/0]:*")
        .tells(format!(
            "create ipv6 -> ok
             send [::ffff:0.0.0.0]:{port} x -> access-denied
             connect [::ffff:0.0.0.0]:{port} -> access-denied"
        ))
        .refuses(format!(
            "grants: send 0.0.0.0:{port}: the unspecified address is no destination
             grants: connect 0.0.0.0:{port}: the unspecified address is no destination"
        ));
    other.has_nothing();
}

#[test]
fn a_name_that_is_turned_to_this_host_gives_nothing_in_its_mapped_form() {
    let inner = peer("127.0.0.1:0");
    let port = inner.port();
    let server = NameServer::new("one.test A 300 127.0.0.1");
    let public = "a name gives global addresses only";
    guest()
        .allow_resolve("one.test")
        .allow_send("one.test:*")
        .asks(&server)
        .tells(format!(
            "lookup one.test ipv4 -> ok 127.0.0.1
             create ipv6 -> ok
             send [::ffff:127.0.0.1]:{port} x -> access-denied"
        ))
        .refuses(format!(
            "grants: send 127.0.0.1:{port}: {public}; fix: send 127.0.0.1:{port}"
        ));
    inner.has_nothing();
}
