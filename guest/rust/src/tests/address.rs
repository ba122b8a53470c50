use super::*;
use crate::provider::fake;

#[track_caller]
fn reads(from: impl ToSocketAddrs, expected: &[&str]) {
    let expected: Vec<SocketAddr> = expected.iter().map(|a| a.parse().unwrap()).collect();
    assert_eq!(from.to_socket_addrs().unwrap().collect::<Vec<_>>(), expected);
}

#[track_caller]
fn fails(from: &str, kind: io::ErrorKind, message: &str) {
    let error = from.to_socket_addrs().unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (kind, message));
}

#[test]
fn addresses_stand_for_themselves() {
    let v4: SocketAddr = "192.0.2.1:53".parse().unwrap();
    let v6: SocketAddr = "[2001:db8::1]:53".parse().unwrap();
    reads(v4, &["192.0.2.1:53"]);
    let by_reference: &SocketAddr = &v6;
    reads(by_reference, &["[2001:db8::1]:53"]);
    reads((Ipv4Addr::LOCALHOST, 1), &["127.0.0.1:1"]);
    reads((Ipv6Addr::LOCALHOST, 2), &["[::1]:2"]);
    reads((IpAddr::from(Ipv6Addr::LOCALHOST), 3), &["[::1]:3"]);
    reads(&[v4, v6][..], &["192.0.2.1:53", "[2001:db8::1]:53"]);
}

#[test]
fn numeric_text_is_read() {
    reads("127.0.0.1:41234", &["127.0.0.1:41234"]);
    reads(String::from("[::1]:41234"), &["[::1]:41234"]);
    reads("[fe80::1%2]:53", &["[fe80::1%2]:53"]);
    reads(("::1", 9), &["[::1]:9"]);
    reads(("fe80::1%2", 9), &["[fe80::1%2]:9"]);
    reads((String::from("10.0.0.1"), 9), &["10.0.0.1:9"]);
}

#[test]
fn localhost_is_loopback_without_a_lookup() {
    for name in [
        "localhost:5",
        "LocalHost:5",
        "localhost.:5",
        "app.localhost:5",
        "app.localhost.:5",
    ] {
        reads(name, &["127.0.0.1:5", "[::1]:5"]);
    }
    for name in [".localhost", "notlocalhost"] {
        assert_eq!((name, 5).endpoint().unwrap(), Endpoint::Name(name.into(), 5));
    }
}

#[test]
fn names_are_looked_up_and_nothing_else_is() {
    fake::name("example.com", &["192.0.2.7", "2001:db8::7"]);
    reads("example.com:53", &["192.0.2.7:53", "[2001:db8::7]:53"]);
    reads(("example.com", 9), &["192.0.2.7:9", "[2001:db8::7]:9"]);
    assert_eq!(fake::lookups(), (2, 0));
    // Forms of 127.0.0.1 that getaddrinfo takes: names here, which the provider refuses.
    for odd in ["127.1:53", "0x7f000001:53", "2130706433:53", "010.0.0.1:53"] {
        let name = odd.strip_suffix(":53").unwrap().to_owned();
        assert_eq!(odd.endpoint().unwrap(), Endpoint::Name(name, 53));
    }
    let kind = io::ErrorKind::NotFound;
    fails(
        "nowhere.test:53",
        kind,
        "getaddrinfo ENOTFOUND nowhere.test: no such name",
    );
}

#[test]
fn a_port_alone_and_an_empty_name_are_no_address() {
    assert_eq!(53.endpoint().unwrap(), Endpoint::Port(53));
    assert_eq!(("", 53).endpoint().unwrap(), Endpoint::Port(53));
    reads(53, &["0.0.0.0:53", "[::]:53"]);
    let family = Family::Ipv6;
    let any = Endpoint::Port(53).literal("send", family).unwrap().unwrap();
    assert_eq!(destination(any), "[::1]:53".parse().unwrap());
}

#[test]
fn zones_are_read_and_told_by_name() {
    fake::interface(7, "eth0");
    reads("[fe80::1%eth0]:53", &["[fe80::1%7]:53"]);
    reads(("fe80::1%eth0", 53), &["[fe80::1%7]:53"]);
    let kind = io::ErrorKind::NotFound;
    fails(
        "[fe80::1%eth1]:53",
        kind,
        "if_nametoindex ENODEV eth1: no such interface",
    );
    let told = |text: &str| AddressInfo::from(text.parse::<SocketAddr>().unwrap());
    let address = "fe80::1%eth0".to_owned();
    let (family, port) = (Family::Ipv6, 53);
    let info = AddressInfo { address, family, port };
    assert_eq!(told("[fe80::1%7]:53"), info);
    assert_eq!(info.to_string(), "[fe80::1%eth0]:53");
    assert_eq!(told("[fe80::1%8]:53").address, "fe80::1%8");
    assert_eq!(told("192.0.2.1:53").to_string(), "192.0.2.1:53");
}

#[test]
fn interfaces_are_named_in_each_way() {
    let address = |text: &str| Interface::Address(text.parse().unwrap());
    for (text, interface) in [
        ("eth0", Interface::Name("eth0".into())),
        ("192.0.2.1", address("192.0.2.1")),
        ("0.0.0.0", Interface::Default),
        ("fe80::1", address("fe80::1")),
        ("::%eth0", Interface::Name("eth0".into())),
        ("::%3", Interface::Index(3)),
        ("::%0", Interface::Default),
        ("odd%name", Interface::Name("odd%name".into())),
    ] {
        assert_eq!(Interface::from(text), interface, "{text}");
    }
    assert_eq!(
        (Interface::from(0), Interface::from(4)),
        (Interface::Default, Interface::Index(4))
    );
}

#[test]
fn what_is_no_address_says_what_is_wrong() {
    let kind = io::ErrorKind::InvalidInput;
    fails("127.0.0.1", kind, r#"no port in the address: "127.0.0.1""#);
    fails(
        "127.0.0.1:65536",
        kind,
        r#"no valid port in the address: "127.0.0.1:65536""#,
    );
    fails("127.0.0.1:", kind, r#"no valid port in the address: "127.0.0.1:""#);
    let brackets = "not an address (IPv6 stands in brackets: [::1]:41234)";
    fails("::1:80", kind, &format!(r#"{brackets}: "::1:80""#));
    fails("[::g]:80", kind, &format!(r#"{brackets}: "[::g]:80""#));
    fails(":80", kind, &format!(r#"{brackets}: ":80""#));
}

#[test]
fn an_unspecified_destination_is_loopback_and_no_other_changes() {
    for (from, to) in [
        ("0.0.0.0:53", "127.0.0.1:53"),
        ("[::]:53", "[::1]:53"),
        ("192.0.2.1:53", "192.0.2.1:53"),
        ("[fe80::1%3]:53", "[fe80::1%3]:53"),
    ] {
        assert_eq!(destination(from.parse().unwrap()), to.parse().unwrap());
    }
}

#[test]
fn addresses_survive_the_way_to_the_contract_and_back() {
    for text in ["192.0.2.1:53", "[2001:db8::1:2]:53", "[fe80::1%7]:65535"] {
        let address: SocketAddr = text.parse().unwrap();
        assert_eq!(from_contract(to_contract(address)), address);
    }
}

#[test]
fn the_first_address_of_the_family_is_taken() {
    let first = |text: &str, family| text.endpoint().unwrap().literal("send", family).unwrap();
    for (family, address) in [(Family::Ipv4, "127.0.0.1:5"), (Family::Ipv6, "[::1]:5")] {
        assert_eq!(first("localhost:5", family).unwrap(), address.parse().unwrap());
    }
    let error = first("127.0.0.1:5", Family::Ipv6).unwrap_err();
    assert_eq!(
        error.to_string(),
        "send 127.0.0.1:5: not an address of the socket's family"
    );
    assert_eq!(Error::of(&error).unwrap().name(), "EINVAL");
}

#[test]
fn each_address_is_tried_and_the_last_error_told() {
    let mut tried = vec![];
    let error = each("localhost:5", |address| -> io::Result<()> {
        tried.push(address.to_string());
        Err(io::Error::other(address.to_string()))
    });
    assert_eq!(error.unwrap_err().to_string(), "[::1]:5");
    assert_eq!(tried, ["127.0.0.1:5", "[::1]:5"]);
    let none: &[SocketAddr] = &[];
    assert_eq!(each(none, |_| Ok(())).unwrap_err().kind(), io::ErrorKind::InvalidInput);
}
