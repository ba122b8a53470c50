//! Canonical addresses and classes.

use std::net::{IpAddr, SocketAddrV6};

use super::*;

#[track_caller]
fn assert_class(class: Option<Class>, addresses: &[&str]) {
    for text in addresses {
        let ip: IpAddr = text.parse().expect(text);
        assert_eq!(Class::of(ip), class, "{text}");
        assert_eq!(is_global(ip), class == Some(Class::Global), "{text}");
    }
}

#[test]
fn a_mapped_address_is_ipv4() {
    assert_eq!(endpoint("[::ffff:10.0.0.1]:53"), endpoint("10.0.0.1:53"));
    assert_eq!(endpoint("[::ffff:10.0.0.1]:53").to_string(), "10.0.0.1:53");
    assert!(endpoint("[::ffff:0.0.0.0]:53").is_unspecified());
}

#[test]
fn flow_information_and_the_scope_of_a_global_address_are_dropped() {
    let address = SocketAddrV6::new("2001:db8::1".parse().unwrap(), 53, 7, 9);
    let canonical = Endpoint::new(address.into()).unwrap();
    assert_eq!(canonical, endpoint("[2001:db8::1]:53"));
    assert_eq!(canonical.scope_id(), 0);
}

#[test]
fn a_link_local_address_keeps_its_scope_and_needs_it() {
    assert_eq!(endpoint("[fe80::1%2]:53").scope_id(), 2);
    assert_eq!(endpoint("[febf::1%2]:53").to_string(), "[febf::1%2]:53");
    assert_eq!(endpoint("[ff02::fb%3]:53").scope_id(), 3);
    for text in ["[fe80::1]:53", "[ff02::fb]:53"] {
        let error = Endpoint::new(text.parse().unwrap()).unwrap_err();
        assert!(matches!(error, EndpointError::MissingScope(_)));
    }
    let error = Endpoint::new("[fe80::1]:53".parse().unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "fe80::1 is link-local: it needs a scope id");
}

#[test]
fn another_port_leaves_the_address_alone() {
    let moved = endpoint("[fe80::1%2]:53").with_port(54);
    assert_eq!(moved, endpoint("[fe80::1%2]:54"));
}

#[test]
fn loopback_private_and_link_local_are_classes() {
    assert_class(
        Some(Class::Loopback),
        &["127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"],
    );
    assert_class(
        Some(Class::Private),
        &[
            "10.0.0.0",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "fc00::1",
            "fdff::1",
        ],
    );
    assert_class(Some(Class::LinkLocal), &["169.254.0.1", "fe80::1", "febf::1"]);
}

#[test]
fn what_the_registries_call_globally_reachable_is_global() {
    assert_class(
        Some(Class::Global),
        &[
            "1.1.1.1",
            "8.8.8.8",
            "100.63.0.1",
            "100.128.0.1",
            "172.32.0.1",
            "192.0.0.9",
            "192.0.0.10",
            "192.31.196.1",
            "192.52.193.1",
            "192.175.48.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2600::1",
            "2001:1::1",
            "2001:1::2",
            "2001:1::3",
            "2001:3::1",
            "2001:4:112::1",
            "2001:20::1",
            "2001:3f::1",
            "2001:200::1",
            "2620:4f:8000::1",
            "3ffe::1",
            "64:ff9b::1",
            "::ffff:8.8.8.8",
        ],
    );
}

#[test]
fn what_is_reserved_shared_or_for_documentation_has_no_class() {
    assert_class(
        None,
        &[
            "0.0.0.0",
            "0.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.8",
            "192.0.0.170",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::2",
            "64:ff9b:1::1",
            "100::1",
            "100:0:0:1::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:1::4",
            "2001:db8::1",
            "2002:808:808::1",
            "3fff::1",
            "3fff:fff::1",
            "4000::1",
            "5f00::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
        ],
    );
}

#[test]
fn embedded_ipv4_is_found_in_compatible_nat64_and_6to4_addresses() {
    let embedded = |text: &str| embedded_ipv4(text.parse().unwrap()).map(|ip| ip.to_string());
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(embedded("::10.0.0.7"), some("10.0.0.7"));
    assert_eq!(embedded("::2"), some("0.0.0.2"));
    assert_eq!(embedded("64:ff9b::10.0.0.7"), some("10.0.0.7"));
    assert_eq!(embedded("2002:a00:7::1"), some("10.0.0.7"));
    for none in [
        "::",
        "::1",
        "64:ff9b:1::10.0.0.7",
        "64:ff9b::1:0:0",
        "2001:db8::1",
        "10.0.0.7",
    ] {
        assert_eq!(embedded(none), None, "{none}");
    }
}
