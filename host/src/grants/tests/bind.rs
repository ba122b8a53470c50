//! Binds by grant.

use super::*;

#[track_caller]
pub(super) fn assert_bind(grants: &Grants, request: &Bind, ports: Ports, ipv6_only: bool) {
    let permit = BindPermit {
        basis: Basis::Granted,
        ports,
        ipv6_only,
        reuse: request.reuse && request.local.port() != 0,
    };
    assert_eq!(decide(grants, request), Ok(permit));
}

#[test]
fn nothing_is_bound_without_a_grant() {
    let none = Grants::default();
    assert_denied(
        &none,
        &bind("127.0.0.1:41234"),
        "bind 127.0.0.1:41234: not granted",
        &["bind 127.0.0.1:41234"],
    );
    assert_denied(
        &none,
        &bind("0.0.0.0:0"),
        "bind 0.0.0.0:0: not granted",
        &["bind 0.0.0.0:0"],
    );
    assert_denied(
        &none,
        &dual_stack("[::]:53"),
        "bind [::]:53: not granted",
        &["bind [::]:53"],
    );
}

#[test]
fn an_address_and_port_that_are_granted_are_bound() {
    let grants = grants("allow bind 127.0.0.1:41234");
    assert_bind(&grants, &bind("127.0.0.1:41234"), Ports::Requested, false);
    assert_bind(
        &grants,
        &dual_stack("[::ffff:127.0.0.1]:41234"),
        Ports::Requested,
        false,
    );
    assert!(decide(&grants, &bind("127.0.0.1:41235")).is_err());
    assert!(decide(&grants, &bind("127.0.0.2:41234")).is_err());
    assert!(decide(&grants, &bind("[::1]:41234")).is_err());
}

#[test]
fn a_grant_of_one_address_or_cidr_does_not_give_the_wildcard() {
    let grants =
        grants("allow bind 10.0.0.7:53\n allow bind 0.0.0.0/0:53\n allow bind [::/0]:53\n allow bind @private:53");
    assert_denied(
        &grants,
        &bind("0.0.0.0:53"),
        "bind 0.0.0.0:53: not granted",
        &["bind 0.0.0.0:53"],
    );
    assert_denied(
        &grants,
        &bind("[::]:53"),
        "bind [::]:53: not granted",
        &["bind [::]:53"],
    );
}

#[test]
fn the_wildcard_covers_each_address_of_its_family() {
    let grants = grants("allow bind 0.0.0.0:53");
    assert_bind(&grants, &bind("0.0.0.0:53"), Ports::Requested, false);
    assert_bind(&grants, &bind("10.0.0.7:53"), Ports::Requested, false);
    assert!(decide(&grants, &bind("[::1]:53")).is_err());
    assert_denied(
        &grants,
        &bind("255.255.255.255:53"),
        "bind 255.255.255.255:53: a broadcast address cannot be bound",
        &[],
    );
}

#[test]
fn reuse_needs_shared() {
    let plain = grants("allow bind 0.0.0.0:5353");
    let reuse = Bind {
        reuse: true,
        ..bind("0.0.0.0:5353")
    };
    assert_denied(
        &plain,
        &reuse,
        "bind 0.0.0.0:5353: granted, but not shared",
        &["bind 0.0.0.0:5353 shared"],
    );
    assert_denied(
        &Grants::new(),
        &reuse,
        "bind 0.0.0.0:5353: not granted",
        &["bind 0.0.0.0:5353 shared"],
    );
    let shared = grants("allow bind 0.0.0.0:5353 shared");
    assert_bind(&shared, &reuse, Ports::Requested, false);
    assert_bind(&shared, &bind("0.0.0.0:5353"), Ports::Requested, false);
}

#[test]
fn deny_wins_over_allow() {
    let grants = grants("deny bind 10.0.0.0/8:53\n allow bind 10.0.0.7:53");
    assert_denied(
        &grants,
        &bind("10.0.0.7:53"),
        "bind 10.0.0.7:53: denied (deny bind 10.0.0.0/8:53)",
        &[],
    );
}

#[test]
fn a_denied_wildcard_covers_each_address_of_its_family() {
    let grants = grants("allow bind 10.0.0.7:53\n allow bind [::1]:53\n deny bind 0.0.0.0:*");
    assert_denied(
        &grants,
        &bind("10.0.0.7:53"),
        "bind 10.0.0.7:53: denied (deny bind 0.0.0.0:*)",
        &[],
    );
    assert_denied(
        &grants,
        &bind("0.0.0.0:53"),
        "bind 0.0.0.0:53: denied (deny bind 0.0.0.0:*)",
        &[],
    );
    assert_bind(&grants, &bind("[::1]:53"), Ports::Requested, true);
}

#[test]
fn a_wildcard_bind_that_overlaps_a_deny_on_its_port_is_denied() {
    let overlaps = grants("allow bind 0.0.0.0:53,54\n allow bind [::]:53\n deny bind 10.0.0.7:53");
    assert_denied(
        &overlaps,
        &bind("0.0.0.0:53"),
        "bind 0.0.0.0:53: the wildcard overlaps a denied address (deny bind 10.0.0.7:53)",
        &[],
    );
    assert_bind(&overlaps, &bind("0.0.0.0:54"), Ports::Requested, false);
    assert_bind(&overlaps, &bind("10.0.0.8:53"), Ports::Requested, false);
    assert_bind(&overlaps, &bind("[::]:53"), Ports::Requested, true);
    assert_denied(
        &overlaps,
        &dual_stack("[::]:53"),
        "bind [::]:53: the wildcard overlaps a denied address (deny bind 10.0.0.7:53)",
        &[],
    );
    let class = grants("allow bind [::]:53\n deny bind @loopback:*");
    assert!(decide(&class, &bind("[::]:53")).is_err());
}

#[test]
fn a_dual_stack_wildcard_needs_both_families_or_becomes_ipv6_only() {
    let both = grants("allow bind [::]:53\n allow bind 0.0.0.0:53");
    assert_bind(&both, &dual_stack("[::]:53"), Ports::Requested, false);
    assert_bind(&both, &bind("[::]:53"), Ports::Requested, true);
    let v6 = grants("allow bind [::]:53\n deny bind 10.0.0.7:53");
    assert_bind(&v6, &dual_stack("[::]:53"), Ports::Requested, true);
    let v4 = grants("allow bind 0.0.0.0:53");
    assert_denied(
        &v4,
        &dual_stack("[::]:53"),
        "bind [::]:53: not granted",
        &["bind [::]:53"],
    );
    let one_shared = grants("allow bind [::]:53 shared\n allow bind 0.0.0.0:53");
    let reuse = Bind {
        reuse: true,
        ..dual_stack("[::]:53")
    };
    assert_bind(&one_shared, &reuse, Ports::Requested, true);
}

#[test]
fn an_ipv6_address_other_than_the_wildcard_leaves_the_socket_as_it_is() {
    let grants = grants("allow bind [::1]:53");
    assert_bind(&grants, &dual_stack("[::1]:53"), Ports::Requested, false);
    assert_bind(&grants, &bind("[::1]:53"), Ports::Requested, true);
}

#[test]
fn a_zone_narrows_and_no_zone_means_any() {
    let zoned = grants("allow bind [fe80::1%2]:53");
    assert_bind(&zoned, &bind("[fe80::1%2]:53"), Ports::Requested, true);
    assert_denied(
        &zoned,
        &bind("[fe80::1%3]:53"),
        "bind [fe80::1%3]:53: not granted",
        &["bind [fe80::1%3]:53"],
    );
    let any = grants("allow bind [fe80::1]:53");
    assert_bind(&any, &bind("[fe80::1%3]:53"), Ports::Requested, true);
}

#[test]
fn an_embedded_form_is_plain_ipv6_in_a_bind() {
    let grants = grants("allow bind [2002:a00:7::1]:53\n deny bind 10.0.0.7:53");
    assert_bind(&grants, &bind("[2002:a00:7::1]:53"), Ports::Requested, true);
}
