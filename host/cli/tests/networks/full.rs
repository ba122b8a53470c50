//! A way that is slow: the kernel's buffer of a socket is full, and a guest waits for room.

use crate::common::run_on;
use crate::guest::guest;
use crate::lan::{Lan, lan};
use datagrant_tests::ASYNC_GUEST;
use datagrant_tests::network::Network;

const TO: &str = "10.0.0.2:5000";

/// Two hosts, and what the first one sends goes out at a megabit a second: what a socket holds takes it a second or two.
fn slow(network: &Network) -> Lan<2> {
    let net = lan(network);
    let mut tc = net.hosts[0].command("tc");
    let rate = ["rate", "1mbit", "burst", "2kb", "limit", "1mb"];
    let status = tc.args(["qdisc", "replace", "dev", "eth0", "root", "tbf"]).args(rate);
    assert!(status.status().expect("tc is there, with ip").success());
    net
}

#[test]
fn a_full_socket_would_block_until_there_is_room() {
    let Some(network) = Network::new() else { return };
    let net = slow(&network);
    let _peer = net.hosts[1].socket(TO);
    let text = "x".repeat(1000);
    for bursts in ["off", "on"] {
        guest(
            &net.hosts[0],
            &[&format!("--allow-send={TO}")],
            format!(
                "bursts {bursts} -> ok
                 create ipv4 -> ok
                 fill {TO} {text} -> would-block
                 events -> listening *
                 room -> ok
                 send {TO} {text} -> ok
                 connect {TO} -> ok *
                 fill - {text} -> would-block
                 events -> connect {TO}
                 room -> ok
                 send - {text} -> ok"
            ),
        )
        .ends("");
    }
}

#[test]
fn a_task_that_waits_for_room_keeps_no_other_from_its_work() {
    let Some(network) = Network::new() else { return };
    let net = slow(&network);
    let _peer = net.hosts[1].socket(TO);
    let grants = [format!("--allow-send={TO}")];
    let ended = run_on(&net.hosts[0], ASYNC_GUEST)
        .args(grants)
        .args(["--", "full", TO])
        .output();
    ended.status(0).stdout(
        "a wait for room is dropped: true
         there is room
         a send waited, and others did not: true",
    );
}
