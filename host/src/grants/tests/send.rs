//! Sends, replies, broadcasts and connects.

use super::*;

const BROADCAST: SendFacts = SendFacts {
    broadcast: true,
    ..CLIENT
};

#[test]
fn nothing_is_sent_without_a_grant() {
    let none = Grants::new();
    let line = "send 192.0.2.1:53: not granted";
    assert_denied(&none, &send("192.0.2.1:53", CLIENT), line, &["send 192.0.2.1:53"]);
    assert_denied(
        &none,
        &connect("[fe80::1%2]:53"),
        "connect [fe80::1%2]:53: not granted",
        &["send [fe80::1%2]:53"],
    );
}

#[test]
fn what_is_granted_is_sent_and_connected() {
    let grants = grants("allow send 192.0.2.0/24:53,5000-5010");
    assert_via(&grants, &send("192.0.2.7:5005", CLIENT), Via::Grant);
    assert_via(&grants, &send("[::ffff:192.0.2.7]:53", CLIENT), Via::Grant);
    assert_eq!(decide(&grants, &connect("192.0.2.7:53")), Ok(()));
    assert!(decide(&grants, &send("192.0.2.7:54", CLIENT)).is_err());
    assert!(decide(&grants, &send("192.0.3.7:53", CLIENT)).is_err());
}

#[test]
fn a_star_is_global_unicast_only() {
    let grants = grants("allow send *:*");
    assert_via(&grants, &send("8.8.8.8:53", CLIENT), Via::Grant);
    assert_via(&grants, &send("[2600::1]:53", CLIENT), Via::Grant);
    for local in [
        "127.0.0.1:53",
        "10.0.0.7:53",
        "169.254.1.1:53",
        "100.64.0.1:53",
        "[fd00::1]:53",
        "[fec0::1]:53",
    ] {
        assert!(decide(&grants, &send(local, CLIENT)).is_err(), "{local}");
    }
}

#[test]
fn an_ipv6_cidr_does_not_cover_ipv4() {
    let grants = grants("allow send [::/0]:53");
    assert!(decide(&grants, &send("[::ffff:10.0.0.7]:53", CLIENT)).is_err());
    assert_via(&grants, &send("[2001:db8::1]:53", CLIENT), Via::Grant);
}

#[test]
fn special_destinations_are_refused_whatever_is_granted() {
    let grants = grants("allow send 0.0.0.0/0:*\n allow send [::/0]:*\n allow send @loopback:*");
    let none: &[&str] = &[];
    for (address, why) in [
        ("0.0.0.0:53", "the unspecified address is no destination"),
        ("[::]:53", "the unspecified address is no destination"),
        ("10.0.0.7:0", "port 0 is no destination"),
    ] {
        let address_ = endpoint(address);
        assert_denied(&grants, &send(address, REPLY), &format!("send {address_}: {why}"), none);
        assert_denied(&grants, &connect(address), &format!("connect {address_}: {why}"), none);
    }
    let address = "[::ffff:0.0.0.0]:53";
    let line = "send 0.0.0.0:53: the unspecified address is no destination";
    assert_denied(&grants, &send(address, REPLY), line, none);
}

#[test]
fn deny_wins_over_grants_replies_and_broadcasts() {
    let grants = grants(
        "allow send 10.0.0.0/8:*
         allow broadcast 10.0.0.255:9
         deny send 10.0.0.0/24:*
         deny broadcast 10.0.1.255:9",
    );
    let line = "send 10.0.0.7:53: denied (deny send 10.0.0.0/24:*)";
    assert_denied(&grants, &send("10.0.0.7:53", CLIENT), line, &[]);
    assert_denied(&grants, &send("10.0.0.7:53", REPLY), line, &[]);
    let line = "send 10.0.0.255:9: denied (deny send 10.0.0.0/24:*)";
    assert_denied(&grants, &send("10.0.0.255:9", BROADCAST), line, &[]);
    let line = "send 10.0.1.255:9: denied (deny broadcast 10.0.1.255:9)";
    assert_denied(&grants, &send("10.0.1.255:9", CLIENT), line, &[]);
    let line = "connect 10.0.0.7:53: denied (deny send 10.0.0.0/24:*)";
    assert_denied(&grants, &connect("10.0.0.7:53"), line, &[]);
    assert_via(&grants, &send("10.0.1.7:53", CLIENT), Via::Grant);
}

#[test]
fn a_denied_cidr_covers_limited_broadcast() {
    let grants = grants("allow broadcast 255.255.255.255:9\n deny send 0.0.0.0/0:*");
    assert!(decide(&grants, &send("255.255.255.255:9", BROADCAST)).is_err());
}

#[test]
fn a_granted_bind_replies_to_who_wrote_lately() {
    let grants = grants("allow bind 0.0.0.0:53");
    assert_via(&grants, &send("192.0.2.1:5000", REPLY), Via::Reply);
    assert_via(&grants, &send("[2001:db8::1]:5000", REPLY), Via::Reply);
    let stranger = SendFacts {
        recent_peer: false,
        ..REPLY
    };
    let line = "send 192.0.2.1:5000: not granted";
    assert_denied(
        &grants,
        &send("192.0.2.1:5000", stranger),
        line,
        &["send 192.0.2.1:5000"],
    );
    assert_denied(
        &grants,
        &connect("192.0.2.1:5000"),
        "connect 192.0.2.1:5000: not granted",
        &["send 192.0.2.1:5000"],
    );
}

#[test]
fn a_client_socket_does_not_reply() {
    let client = SendFacts {
        basis: Basis::Client,
        ..REPLY
    };
    assert!(decide(&grants("allow send *:53"), &send("192.0.2.1:53", client)).is_err());
}

#[test]
fn a_reply_goes_neither_to_the_socket_itself_nor_to_ipv4_link_local() {
    let none = Grants::new();
    let own = SendFacts {
        own_address: true,
        ..REPLY
    };
    let line = "send 127.0.0.1:53: a reply does not go to the socket itself";
    assert_denied(&none, &send("127.0.0.1:53", own), line, &["send 127.0.0.1:53"]);
    let line = "send 169.254.1.1:53: a reply does not go to an IPv4 link-local address";
    assert_denied(&none, &send("169.254.1.1:53", REPLY), line, &["send 169.254.1.1:53"]);
    assert_via(&none, &send("[fe80::1%2]:53", REPLY), Via::Reply);
    let granted = grants("allow send @loopback:53\n allow send @link-local:53");
    assert_via(&granted, &send("127.0.0.1:53", own), Via::Grant);
    assert_via(&granted, &send("169.254.1.1:53", REPLY), Via::Grant);
}

#[test]
fn a_broadcast_needs_the_grant_and_the_switch() {
    let granted = grants("allow broadcast 10.0.0.255:9\n allow broadcast 255.255.255.255:9");
    for address in ["10.0.0.255:9", "255.255.255.255:9"] {
        assert_via(&granted, &send(address, BROADCAST), Via::Broadcast);
        let line = format!("send {address}: the guest did not switch broadcast on");
        assert_denied(&granted, &send(address, CLIENT), &line, &[]);
        assert_denied(&granted, &send(address, REPLY), &line, &[]);
        let line = format!("connect {address}: a broadcast address is no peer to connect to");
        assert_denied(&granted, &connect(address), &line, &[]);
    }
    let line = "send 255.255.255.255:10: a broadcast needs a broadcast grant";
    assert_denied(
        &granted,
        &send("255.255.255.255:10", BROADCAST),
        line,
        &["broadcast 255.255.255.255:10"],
    );
    assert!(decide(&granted, &send("10.0.0.254:9", BROADCAST)).is_err());
}

#[test]
fn a_send_grant_gives_no_broadcast() {
    let both = grants("allow send 10.0.0.0/8:*\n allow broadcast 10.0.0.255:9");
    assert_via(&both, &send("10.0.0.255:9", BROADCAST), Via::Broadcast);
    assert_via(&both, &send("10.0.0.255:9", CLIENT), Via::Grant);
    assert_via(&both, &send("10.0.0.255:10", BROADCAST), Via::Grant);
    assert_eq!(decide(&both, &connect("10.0.0.255:9")), Ok(()));
    let all = grants("allow send 0.0.0.0/0:*");
    assert!(decide(&all, &send("255.255.255.255:9", BROADCAST)).is_err());
}
