use super::*;

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
    fails(
        ".localhost:5",
        io::ErrorKind::Unsupported,
        r#"names are not resolved yet: ".localhost""#,
    );
    fails(
        "notlocalhost:5",
        io::ErrorKind::Unsupported,
        r#"names are not resolved yet: "notlocalhost""#,
    );
}

#[test]
fn names_are_refused_and_say_why() {
    fails(
        "example.com:53",
        io::ErrorKind::Unsupported,
        r#"names are not resolved yet: "example.com""#,
    );
    // Forms of 127.0.0.1 that getaddrinfo takes: names here.
    for odd in ["127.1:53", "0x7f000001:53", "2130706433:53", "010.0.0.1:53"] {
        assert_eq!(
            odd.to_socket_addrs().unwrap_err().kind(),
            io::ErrorKind::Unsupported,
            "{odd}"
        );
    }
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
    assert_eq!(
        first("localhost:5", Family::Ipv4).unwrap(),
        "127.0.0.1:5".parse().unwrap()
    );
    assert_eq!(first("localhost:5", Family::Ipv6).unwrap(), "[::1]:5".parse().unwrap());
    let error = first("127.0.0.1:5", Family::Ipv6).unwrap_err();
    assert_eq!(error.to_string(), "no address that an IPv6 socket can use");
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
