//! Dual-stack sockets need both families (rule 10).

use crate::guest::guest;
use crate::peer::{peer, unused};
use std::net::UdpSocket;

#[test]
fn granted_in_ipv6_alone_a_wildcard_bind_is_ipv6_only() {
    let (over_4, over_6) = (peer("127.0.0.1:0"), peer("[::1]:0"));
    let story = guest().allow_bind("[::]:0").starts(format!(
        "create ipv6 -> ok
         bind [::]:0 -> ok [::]:*
         receive 10000 -> message \"over IPv6\" from {}
         reply welcome -> ok
         receive 50 -> nothing
         send [::ffff:127.0.0.1]:{} x -> invalid-argument",
        over_6.address,
        over_4.port()
    ));
    let port = story.address("bind [::]:0").port();
    // The port is still free in IPv4, for others.
    let free = UdpSocket::bind(("0.0.0.0", port)).expect("free in IPv4");
    drop(free);
    over_4.sends("over IPv4", ([127, 0, 0, 1], port).into());
    over_6.sends("over IPv6", ([0, 0, 0, 0, 0, 0, 0, 1], port).into());
    story.ends().refuses("");
    assert_eq!(over_6.receives().0, "welcome");
}

#[test]
fn granted_in_ipv6_alone_a_wildcard_bind_of_a_fixed_port_is_ipv6_only() {
    let port = unused("[::1]").port();
    let story = guest().allow_bind(format!("[::]:{port}")).starts(format!(
        "create ipv6 -> ok
         bind [::]:{port} -> ok [::]:{port}
         receive 10000 -> message \"stop\" from *"
    ));
    let at = story.address(&format!("bind [::]:{port}"));
    UdpSocket::bind(("0.0.0.0", port)).expect("free in IPv4");
    peer("[::1]:0").sends("stop", ([0, 0, 0, 0, 0, 0, 0, 1], at.port()).into());
    story.ends().refuses("");
}

#[test]
fn granted_in_both_families_a_wildcard_bind_serves_both() {
    let (over_4, over_6) = (peer("127.0.0.1:0"), peer("[::1]:0"));
    let story = guest().allow_bind("[::]:0").allow_bind("0.0.0.0:0").starts(format!(
        "create ipv6 -> ok
         bind [::]:0 -> ok [::]:*
         receive 10000 -> message \"one\" from [::ffff:127.0.0.1]:{}
         reply one -> ok
         receive 10000 -> message \"two\" from {}
         reply two -> ok",
        over_4.port(),
        over_6.address
    ));
    let port = story.address("bind [::]:0").port();
    UdpSocket::bind(("0.0.0.0", port)).expect_err("taken in IPv4 too");
    over_4.sends("one", ([127, 0, 0, 1], port).into());
    assert_eq!(over_4.receives().0, "one");
    over_6.sends("two", ([0, 0, 0, 0, 0, 0, 0, 1], port).into());
    assert_eq!(over_6.receives().0, "two");
    story.ends().refuses("");
}

#[test]
fn granted_in_ipv4_alone_a_wildcard_bind_over_ipv6_is_refused() {
    guest()
        .allow_bind("0.0.0.0:0")
        .tells(
            "create ipv6 -> ok
             bind [::]:0 -> access-denied
             bind -> access-denied",
        )
        .refuses(
            "grants: bind [::]:0: not granted; fix: bind [::]:0
             grants: bind [::]:0: not granted; fix: bind [::]:0",
        );
}

#[test]
fn what_the_guest_made_ipv6_only_stays_so() {
    let story = guest().allow_bind("[::]:0").allow_bind("0.0.0.0:0").starts(
        "create ipv6 ipv6-only -> ok
         bind [::]:0 -> ok [::]:*
         receive 10000 -> message \"stop\" from *",
    );
    let port = story.address("bind [::]:0").port();
    UdpSocket::bind(("0.0.0.0", port)).expect("free in IPv4");
    peer("[::1]:0").sends("stop", ([0, 0, 0, 0, 0, 0, 0, 1], port).into());
    story.ends().refuses("");
}

#[test]
fn a_denied_ipv4_address_keeps_a_dual_stack_bind_off_its_port() {
    let port = unused("[::1]").port();
    guest()
        .allow_bind(format!("[::]:{port}"))
        .allow_bind(format!("0.0.0.0:{port}"))
        .deny_bind(format!("127.0.0.1:{port}"))
        .tells(format!(
            "create ipv6 -> ok
             bind [::]:{port} -> access-denied
             b: create ipv6 ipv6-only -> ok
             b: bind [::]:{port} -> ok [::]:{port}"
        ))
        .refuses(format!(
            "grants: bind [::]:{port}: the wildcard overlaps a denied address (deny bind 127.0.0.1:{port})"
        ));
}

#[test]
fn a_reply_over_ipv4_from_a_dual_stack_socket_is_judged_as_ipv4() {
    let other = peer("127.0.0.1:0");
    let story = guest()
        .allow_bind("[::]:0")
        .allow_bind("0.0.0.0:0")
        .deny_send("127.0.0.0/8:*")
        .starts(
            "create ipv6 -> ok
             bind [::]:0 -> ok [::]:*
             receive 10000 -> message \"ping\" from [::ffff:127.0.0.1]:*
             reply pong -> access-denied",
        );
    let port = story.address("bind [::]:0").port();
    other.sends("ping", ([127, 0, 0, 1], port).into());
    story.ends().refuses(format!(
        "grants: send {}: denied (deny send 127.0.0.0/8:*)",
        other.address
    ));
    other.has_nothing();
}

#[test]
fn the_ipv4_half_of_a_dual_stack_socket_has_its_own_sources() {
    let (inside, outside, six) = (peer("127.0.0.2:0"), peer("127.0.0.3:0"), peer("[::1]:0"));
    let port = unused("127.0.0.1").port();
    let (four, at) = (format!("127.0.0.1:{port}"), format!("[::1]:{port}"));
    let story = guest()
        .allow_bind(format!("[::]:{port}"))
        .allow_bind(format!("0.0.0.0:{port} from 127.0.0.2"))
        .starts(format!(
            "create ipv6 -> ok
             bind [::]:{port} -> ok [::]:{port}
             receive 10000 -> message \"six\" from {}
             reply pong -> ok
             receive 10000 -> message \"inside\" from [::ffff:127.0.0.2]:{}",
            six.address,
            inside.port()
        ));
    story.address(&format!("bind [::]:{port}"));
    let (four, at) = (four.parse().unwrap(), at.parse().unwrap());
    outside.sends("outside", four);
    six.sends("six", at);
    six.receives();
    outside.sends("outside", four);
    inside.sends("inside", four);
    story.ends().refuses("");
}
