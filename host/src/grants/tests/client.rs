//! Client sockets.

use super::*;

const V4: ImplicitBind = ImplicitBind {
    ipv6: false,
    dual_stack: false,
};
const V6: ImplicitBind = ImplicitBind {
    ipv6: true,
    dual_stack: false,
};
const DUAL: ImplicitBind = ImplicitBind {
    ipv6: true,
    dual_stack: true,
};

#[track_caller]
fn assert_permit(
    grants: &Grants,
    request: &impl Request<Permit = BindPermit>,
    basis: Basis,
    ports: Ports,
    ipv6_only: bool,
) {
    let permit = BindPermit {
        basis,
        ports,
        ipv6_only,
        reuse: false,
    };
    assert_eq!(decide(grants, request), Ok(permit));
}

#[test]
fn who_may_send_or_broadcast_may_bind_implicitly() {
    for phrase in [
        "allow send 192.0.2.1:53",
        "allow send [2001:db8::1]:53",
        "allow broadcast 192.0.2.255:9",
    ] {
        let grants = grants(phrase);
        assert_permit(&grants, &V4, Basis::Client, Ports::Kernel, false);
        assert_permit(&grants, &V6, Basis::Client, Ports::Kernel, true);
        assert_permit(&grants, &DUAL, Basis::Client, Ports::Kernel, false);
        assert_permit(&grants, &bind("0.0.0.0:0"), Basis::Client, Ports::Kernel, false);
        assert_permit(&grants, &dual_stack("[::]:0"), Basis::Client, Ports::Kernel, false);
    }
}

#[test]
fn who_may_not_send_binds_nothing() {
    let none = grants("allow bind 10.0.0.7:0\n deny send 10.0.0.0/8:*");
    assert_denied(&none, &V4, "bind 0.0.0.0:0: not granted", &["bind 0.0.0.0:0"]);
    assert_denied(&none, &DUAL, "bind [::]:0: not granted", &["bind [::]:0"]);
}

#[test]
fn a_client_socket_chooses_neither_port_nor_address() {
    let grants = grants("allow send *:53");
    assert!(decide(&grants, &bind("0.0.0.0:5000")).is_err());
    assert_denied(
        &grants,
        &bind("127.0.0.1:0"),
        "bind 127.0.0.1:0: not granted",
        &["bind 127.0.0.1:0"],
    );
}

#[test]
fn a_bind_grant_comes_before_a_client_socket() {
    let zero = grants("allow send *:53\n allow bind 0.0.0.0:0");
    assert_permit(&zero, &bind("0.0.0.0:0"), Basis::Granted, Ports::Kernel, false);
    assert_permit(&zero, &V4, Basis::Granted, Ports::Kernel, false);
    let port = grants("allow send *:53\n allow bind 0.0.0.0:5000");
    let within = Ports::Within(PortSet::from_ranges([5000..=5000]));
    assert_permit(&port, &bind("0.0.0.0:0"), Basis::Granted, within, false);
}

#[test]
fn an_implicit_bind_does_not_take_a_servers_port_or_lose_a_family() {
    let port = grants("allow send *:53\n allow bind 0.0.0.0:5000");
    assert_permit(&port, &V4, Basis::Client, Ports::Kernel, false);
    let v6 = grants("allow send *:53\n allow bind [::]:0");
    assert_permit(&v6, &DUAL, Basis::Client, Ports::Kernel, false);
    assert_permit(&v6, &V6, Basis::Granted, Ports::Kernel, true);
}

#[test]
fn a_denied_bind_holds_for_client_sockets() {
    let all = grants("allow send *:53\n deny bind 0.0.0.0:*");
    assert_denied(&all, &V4, "bind 0.0.0.0:0: denied (deny bind 0.0.0.0:*)", &[]);
    assert_permit(&all, &V6, Basis::Client, Ports::Kernel, true);
    assert_permit(&all, &DUAL, Basis::Client, Ports::Kernel, true);
    let some = grants("allow send *:53\n deny bind 10.0.0.7:1-40000");
    let within = Ports::Within(PortSet::from_ranges([40001..=60999]));
    assert_permit(&some, &V4, Basis::Client, within.clone(), false);
    assert_permit(&some, &DUAL, Basis::Client, within, false);
    let range = grants("allow send *:53\n deny bind 10.0.0.7:30000-61000");
    assert_denied(
        &range,
        &V4,
        "bind 0.0.0.0:0: the wildcard overlaps a denied address (deny bind 10.0.0.7:30000-61000)",
        &[],
    );
}

#[test]
fn a_dual_stack_client_socket_keeps_off_the_denied_ports_of_both_families() {
    let grants = grants(
        "allow send *:53
         deny bind 10.0.0.7:1-40000
         deny bind [2001:db8::1]:50000-65535",
    );
    let within = |range| Ports::Within(PortSet::from_ranges([range]));
    assert_permit(&grants, &DUAL, Basis::Client, within(40001..=49999), false);
    assert_permit(&grants, &V6, Basis::Client, within(32768..=49999), true);
    assert_permit(&grants, &V4, Basis::Client, within(40001..=60999), false);
}
