//! A way that is slow: the kernel's buffer of a socket is full, and a guest waits for room.

use crate::common::{Folder, run_on};
use crate::guest::guest;
use crate::lan::{Lan, lan};
use datagrant_tests::network::Network;
use datagrant_tests::{ASYNC_GUEST, SCRIPTED};
use std::fs;

const TO: &str = "10.0.0.2:5000";

/// Two hosts, and what the first one sends goes out at a megabit a second: what a socket holds takes it a second or two.
fn slow(network: &Network) -> Lan<2> {
    at_rate(network, "1mbit")
}

fn at_rate(network: &Network, rate: &str) -> Lan<2> {
    let net = lan(network);
    let mut tc = net.hosts[0].command("tc");
    let rate = ["rate", rate, "burst", "2kb", "limit", "1mb"];
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

/// There would be none for minutes.
#[test]
fn who_waits_for_room_is_woken_when_its_grants_are_withdrawn() {
    let Some(network) = Network::new() else { return };
    let net = at_rate(&network, "8kbit");
    let folder = Folder::new();
    let file = folder.file("grants.toml", format!("[allow]\nsend = [\"{TO}\"]"));
    let text = "x".repeat(1000);
    let mut guest = run_on(&net.hosts[0], SCRIPTED)
        .arg("--grants")
        .arg(&file)
        .story(format!("create ipv4\n fill {TO} {text}\n events\n room\n events"))
        .start();
    guest.wait_for_line("events -> listening ");
    fs::write(&file, "").expect("a file");
    guest.signal("HUP");
    guest.wait_for_line("room -> ok ");
    guest.wait_for_line("events -> error access-denied, close");
    guest.ends().status(0);
}
