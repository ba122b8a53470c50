//! The examples, with clients that are not ours, and without them.

use crate::again::{Capture, Nowhere};
use crate::common::{Program, unused};
use crate::tool::{folder, tool};
use datagrant_tests::{DNS_SERVER, NTP_CLIENT, STATSD};
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::{Duration, SystemTime};

#[test]
fn the_dns_server_answers_dig_once_more() {
    let (capture, at) = (Capture::new(), unused("127.0.0.1"));
    let zones = format!("{}::/zones", folder("dns"));
    let told = |program: Program| {
        let program = program.args(["--dir", &zones, &format!("--allow-bind={at}"), "--", &at.to_string()]);
        program.arg("/zones/example.org.zone")
    };
    let mut server = told(capture.record(DNS_SERVER)).start();
    server.wait_for_line("listening on");
    for question in [
        "example.org SOA",
        "www.example.org A",
        "nothing.example.org AAAA",
        "example.com A",
    ] {
        let Some(dig) = tool("dig", "bind9-dnsutils") else {
            return;
        };
        let (host, port) = (format!("@{}", at.ip()), at.port().to_string());
        let dig = dig.args(["-r", &host, "-p", &port, "+tries=3", "+time=5"]);
        dig.args(question.split(' ')).output().status(0);
    }
    server.signal("TERM");
    let recorded = server.ends().status(143);
    let Some(nowhere) = Nowhere::new() else { return };
    let again = told(nowhere.replay(DNS_SERVER, capture.path())).output().status(0);
    assert_eq!(again.stdout, recorded.stdout);
}

/// Tells the time of this machine to whoever asks, as RFC 5905 has it.
fn clock() -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("loopback");
    let at = socket.local_addr().expect("it is bound");
    // It ends with the test's process, at the latest.
    thread::spawn(move || {
        let mut request = [0; 48];
        while let Ok((48, client)) = socket.recv_from(&mut request) {
            let since_1970 = SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .expect("after 1970");
            let seconds = (since_1970.as_secs() + 2_208_988_800) << 32;
            let fraction = (u64::from(since_1970.subsec_nanos()) << 32) / 1_000_000_000;
            let now = (seconds | fraction).to_be_bytes();
            let mut answer = [0; 48];
            answer[..4].copy_from_slice(&[0x24, 1, 0, 0xec]);
            answer[12..16].copy_from_slice(b"TEST");
            answer[16..24].copy_from_slice(&now);
            answer[24..32].copy_from_slice(&request[40..]);
            answer[32..40].copy_from_slice(&now);
            answer[40..].copy_from_slice(&now);
            if socket.send_to(&answer, client).is_err() {
                return;
            }
        }
    });
    at
}

/// Its questions have random numbers in them, and what it prints are times.
#[test]
fn the_ntp_client_finds_the_same_offset_and_delay() {
    let (capture, server) = (Capture::new(), clock().to_string());
    let told = |program: Program| {
        let program = program.args([&format!("--allow-send={server}"), "--", &server, "3"]);
        program.output().status(0)
    };
    let recorded = told(capture.record(NTP_CLIENT));
    assert!(!recorded.stdout.is_empty(), "{recorded:#?}");
    let Some(nowhere) = Nowhere::new() else { return };
    assert_eq!(told(nowhere.replay(NTP_CLIENT, capture.path())).stdout, recorded.stdout);
}

/// It has a timer, and takes bursts.
#[test]
fn the_statsd_server_flushes_the_same_at_the_same_times() {
    let (capture, at) = (Capture::new(), unused("127.0.0.1"));
    let told = |program: Program| program.args([&format!("--allow-bind={at}"), "--", &at.to_string(), "0.1"]);
    let mut server = told(capture.record(STATSD)).start();
    server.wait_for_complaint("listening on");
    let client = UdpSocket::bind("127.0.0.1:0").expect("loopback");
    for i in 0..50 {
        client
            .send_to(format!("some.count:{i}|c").as_bytes(), at)
            .expect("it goes");
        thread::sleep(Duration::from_millis(5));
    }
    server.wait_for_line("some.count");
    server.signal("INT");
    let recorded = server.ends().status(130);
    let Some(nowhere) = Nowhere::new() else { return };
    let again = told(nowhere.replay(STATSD, capture.path())).output().status(0);
    assert_eq!(again.stdout, recorded.stdout);
}
