//! Datagrams larger than a link takes.

use crate::guest::{guest, receives};
use crate::lan::{lan, routed};
use datagrant_tests::network::{Host, Network};
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn a_datagram_larger_than_the_link_is_fragmented_and_arrives_whole() {
    let Some(network) = Network::new() else { return };
    let net = lan::<2>(&network);
    let text = "x".repeat(20_000);
    for (family, to) in [("ipv4", "10.0.0.2:5000"), ("ipv6", "[fd00::2]:5000")] {
        let (wire, other) = (net.hosts[1].wire(), net.hosts[1].socket(to));
        let story = format!(
            "create {family} -> ok
             send {to} {text} -> ok
             send {to} last -> ok"
        );
        guest(&net.hosts[0], &[&format!("--allow-send={to}")], story).ends("");
        let (received, from) = receives(&other);
        assert!(received == text, "{} bytes from {from}", received.len());
        assert!(wire.until("last")[0].fragmented);
    }
}

#[test]
fn a_datagram_that_no_protocol_carries_is_too_large() {
    let Some(network) = Network::new() else { return };
    let net = lan::<2>(&network);
    let (most, too_much) = ("x".repeat(65_507), "x".repeat(65_508));
    let other = net.hosts[1].socket("10.0.0.2:5000");
    let story = format!(
        "create ipv4 -> ok
         send 10.0.0.2:5000 {too_much} -> datagram-too-large
         send 10.0.0.2:5000 {most} -> ok"
    );
    guest(&net.hosts[0], &["--allow-send=10.0.0.2:5000"], story).ends("");
    assert_eq!(receives(&other).0.len(), most.len());
}

/// The router answers by ICMP that the next link takes less (RFC 1191, RFC 8201).
#[test]
fn a_narrower_link_on_the_way_is_an_error_event_once_and_then_datagrams_arrive_in_fragments() {
    let Some(network) = Network::new() else { return };
    let net = routed::<1, 1>(&network);
    net.interfaces[1].set_mtu(1280);
    let text = "x".repeat(1400);
    for (family, to) in [("ipv4", "10.0.2.1:5000"), ("ipv6", "[fd00:2::1]:5000")] {
        let (wire, other) = (net.right[0].wire(), net.right[0].socket(to));
        let story = format!(
            "create {family} -> ok
             connect {to} -> ok *
             send - {text} -> ok
             receive -> error datagram-too-large
             send - {text} -> ok
             send - last -> ok"
        );
        guest(&net.left[0], &[&format!("--allow-send={to}")], story).ends("");
        assert_eq!([receives(&other).0, receives(&other).0], [&*text, "last"]);
        assert!(wire.until("last")[0].fragmented);
    }
}

#[test]
fn that_an_earlier_datagram_was_too_large_is_no_failure_of_the_next() {
    let Some(network) = Network::new() else { return };
    let net = routed::<2, 1>(&network);
    net.interfaces[1].set_mtu(1280);
    let text = "x".repeat(1400);
    // Each route is learned once: a host of its own for each.
    for (bursts, family, host, ip) in [
        ("off", "ipv4", 0, "10.0.2.1"),
        ("off", "ipv6", 0, "fd00:2::1"),
        ("on", "ipv4", 1, "10.0.2.1"),
        ("on", "ipv6", 1, "fd00:2::1"),
    ] {
        let to = &SocketAddr::new(ip.parse().expect("an address"), 5000).to_string();
        let other = net.right[0].socket(to);
        let mut sender = guest(
            &net.left[host],
            &[&format!("--allow-send={to}")],
            format!(
                "bursts {bursts} -> ok
                 create {family} -> ok
                 connect {to} -> ok *
                 events -> listening *
                 send - {text} -> ok
                 input -> \"\\n\"
                 send - small -> ok
                 events -> error datagram-too-large"
            ),
        );
        knows_of(&net.left[host], ip, "mtu 1280");
        sender.goes_on();
        sender.ends("");
        assert_eq!(receives(&other).0, "small");
    }
}

/// Waits until a host's route to another says so.
#[track_caller]
fn knows_of(host: &Host, ip: &str, what: &str) {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let shown = host.command("ip").args(["route", "get", ip]).output().expect("ip");
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        if shown.contains(what) {
            return;
        }
        assert!(Instant::now() < until, "no {what}: {shown}");
        thread::sleep(Duration::from_millis(2));
    }
}
