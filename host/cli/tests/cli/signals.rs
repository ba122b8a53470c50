//! Ctrl-C and SIGTERM, whatever the guest does at that moment.

use crate::common::{Program, run, unused};
use datagrant_tests::{ECHO_SERVER, SCRIPTED};
use std::net::UdpSocket;
use std::process::Stdio;
use std::time::{Duration, Instant};

const SIGNALS: [(&str, i32); 2] = [("INT", 130), ("TERM", 143)];
/// Long enough for a busy machine, and far less than what the guests would wait.
const SOON: Duration = Duration::from_secs(10);

/// Binds, and then does this until a signal comes.
#[track_caller]
fn is_ended_while(operation: &str, prepare: impl Fn(Program) -> Program) {
    for (signal, status) in SIGNALS {
        let at = unused("127.0.0.1");
        let program = run(SCRIPTED).arg("--allow-bind").arg(at.to_string());
        let mut guest = prepare(program)
            .story(format!("create ipv4\n bind {at}\n {operation}\n complain too far"))
            .start();
        assert_eq!(guest.address(&format!("bind {at}")), at);
        let started = Instant::now();
        guest.signal(signal);
        let ended = guest.ends().status(status).stderr("");
        assert!(started.elapsed() < SOON, "{ended:#?}");
        UdpSocket::bind(at).expect("the port is free again");
    }
}

#[test]
fn a_guest_that_waits_for_datagrams_is_ended() {
    is_ended_while("receive", |program| program);
}

#[test]
fn a_guest_that_sleeps_is_ended() {
    is_ended_while("sleep 600000", |program| program);
}

#[test]
fn a_guest_that_computes_is_ended() {
    is_ended_while("spin", |program| program);
}

#[test]
fn a_guest_that_never_stops_calling_the_host_is_ended() {
    is_ended_while("repeat 1000000000 local", |program| program);
}

#[test]
fn a_guest_that_waits_for_input_is_ended() {
    is_ended_while("input", |program| program.stdin(Stdio::piped()));
}

#[test]
fn the_echo_server_is_ended() {
    for (signal, status) in SIGNALS {
        let at = unused("[::1]");
        let mut server = run(ECHO_SERVER)
            .args(["--allow-bind", &at.to_string(), "--", &at.to_string()])
            .start();
        server.wait_for_line("listening on");
        server.signal(signal);
        server.ends().status(status).stderr("");
        UdpSocket::bind(at).expect("the port is free again");
    }
}

#[test]
fn what_was_refused_until_then_is_counted() {
    let to = unused("127.0.0.1");
    let mut guest = run(SCRIPTED)
        .story(format!("create ipv4\n repeat 10 send {to} x\n receive"))
        .start();
    guest.wait_for_line("repeat");
    guest.signal("INT");
    guest.ends().status(130).stderr(format!(
        "datagrant: refused by the grants: send {to}: not granted; to allow it: --allow-send {to}
         datagrant: 9 more refusals"
    ));
}
