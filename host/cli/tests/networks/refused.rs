//! What the network tells by ICMP.

use crate::guest::guest;
use crate::lan::{lan, routed};
use datagrant_tests::network::Network;
use std::process::Stdio;

#[test]
fn a_refusal_by_another_host_is_an_error_event_on_a_connected_socket() {
    let Some(network) = Network::new() else { return };
    let net = lan::<2>(&network);
    for (family, to) in [("ipv4", "10.0.0.2:5000"), ("ipv6", "[fd00::2]:5000")] {
        let allow = format!("--allow-send={to}");
        let story = format!(
            "create {family} -> ok
             connect {to} -> ok *
             send - anyone? -> ok
             receive -> error connection-refused
             events -> nothing
             send - again -> ok
             receive -> error connection-refused"
        );
        guest(&net.hosts[0], &[&allow], story).ends("");
    }
}

#[test]
fn a_refusal_by_another_host_is_not_told_on_an_unconnected_socket() {
    let Some(network) = Network::new() else { return };
    let net = lan::<2>(&network);
    for (family, to) in [("ipv4", "10.0.0.2:5000"), ("ipv6", "[fd00::2]:5000")] {
        // What is refused later is told first, or both are there: the first refusal has arrived.
        let story = format!(
            "a: create {family} -> ok
             a: send {to} anyone? -> ok
             a: events -> listening *
             b: create {family} -> ok
             b: connect {to} -> ok *
             b: send - anyone? -> ok
             b: receive -> error connection-refused
             a: events -> nothing
             a: send {to} again -> ok"
        );
        guest(&net.hosts[0], &[&format!("--allow-send={to}")], story).ends("");
    }
}

#[test]
fn a_refusal_of_a_former_peer_is_not_told_to_the_next() {
    let Some(network) = Network::new() else { return };
    let net = lan::<3>(&network);
    let there = net.hosts[2].socket("10.0.0.3:5000");
    guest(
        &net.hosts[0],
        &["--allow-send=10.0.0.2:5000", "--allow-send=10.0.0.3:5000"],
        "a: create ipv4 -> ok
         a: connect 10.0.0.2:5000 -> ok *
         a: send - anyone? -> ok
         b: create ipv4 -> ok
         b: connect 10.0.0.2:5000 -> ok *
         b: send - anyone? -> ok
         b: receive -> error connection-refused
         a: disconnect -> ok
         a: connect 10.0.0.3:5000 -> ok *
         a: send - hello -> ok
         a: receive 0 -> nothing",
    )
    .ends("");
    assert_eq!(crate::guest::receives(&there).0, "hello");
}

#[test]
fn a_firewall_that_prohibits_is_an_error_event_and_no_failure_of_a_later_send() {
    let Some(network) = Network::new() else { return };
    let net = routed::<1, 1>(&network);
    let rule = "add table inet refuse; add chain inet refuse forward { type filter hook forward priority 0; }; \
                add rule inet refuse forward meta l4proto udp reject with icmpx type admin-prohibited";
    let status = net.router.command("nft").arg(rule).stdin(Stdio::null()).status();
    assert!(status.expect("nft").success());
    // As Linux tells it: EHOSTUNREACH, and over IPv6 EACCES.
    for (family, to, error) in [
        ("ipv4", "10.0.2.1:5000", "host-unreachable"),
        ("ipv6", "[fd00:2::1]:5000", "access-denied"),
    ] {
        let story = format!(
            "a: create {family} -> ok
             a: connect {to} -> ok *
             a: events -> listening *
             a: send - anyone? -> ok
             b: create {family} -> ok
             b: connect {to} -> ok *
             b: send - anyone? -> ok
             b: receive -> error {error}
             a: send - again -> ok
             a: receive -> error {error}*"
        );
        guest(&net.left[0], &[&format!("--allow-send={to}")], story).ends("");
    }
}

#[test]
fn a_send_without_a_route_tells_so_itself() {
    let Some(network) = Network::new() else { return };
    let net = lan::<1>(&network);
    net.hosts[0].ip("route add unreachable 10.9.0.0/16");
    for bursts in ["off", "on"] {
        let story = format!(
            "bursts {bursts} -> ok
             create ipv4 -> ok
             send 10.9.0.1:5000 x -> host-unreachable
             send 10.8.0.1:5000 x -> network-unreachable
             connect 10.9.0.1:5000 -> host-unreachable
             connect 10.8.0.1:5000 -> network-unreachable
             b: create ipv6 -> ok
             b: send [fd08::1]:5000 x -> network-unreachable"
        );
        let grants = ["--allow-send=10.0.0.0/8:*", "--allow-send=[fd00::/8]:*"];
        guest(&net.hosts[0], &grants, story).ends("");
    }
}
