//! The examples of the SDK in C, by each compiler.

use crate::common::{Program, datagrant, run, unused};
use crate::tools::{BOTH, Compiler, Component, SERVICE};
use std::net::UdpSocket;
use std::process::Command;
use std::time::Duration;

#[test]
fn the_echo_client_hears_the_echo_server() {
    for compiler in BOTH.into_iter().filter(|compiler| compiler.or_say()) {
        let example = |name| Component::example(compiler, name, &[]);
        let (server, client) = (example("echo-server.c"), example("echo-client.c"));
        for at in [unused("127.0.0.1"), unused("[::1]")] {
            let address = at.to_string();
            let mut running = run(&server.file)
                .args(["--allow-bind", &address, "--", &address])
                .start();
            running.wait_for_line(&format!("listening on {at}"));
            let asks = || run(&client.file).args(["--allow-send", &address, "--"]);
            asks().args([&address, "hello"]).output().status(0).stdout("hello");
            running.wait_for_line("5 bytes from ");
            asks().args(["192.0.2.1:9", "hello"]).output().status(1).stderr(
                "datagrant: refused by the grants: connect 192.0.2.1:9: not granted; to allow it: --allow-send 192.0.2.1:9
                 echo-client: connect 192.0.2.1:9: Permission denied",
            );
            asks()
                .arg("localhost")
                .output()
                .status(1)
                .stderr("echo-client: not an address and port: localhost");
        }
    }
}

#[test]
fn dig_is_answered_by_the_dns_server() {
    for compiler in BOTH.into_iter().filter(|compiler| compiler.or_say()) {
        let server = Component::example(compiler, "dns-server.c", &[]);
        is_answered_by_dig(&server);
    }
}

#[track_caller]
fn is_answered_by_dig(server: &Component) {
    let at = unused("127.0.0.1");
    let address = at.to_string();
    let records = ["www.example.org=192.0.2.80", "www.example.org=2001:db8::80"];
    let mut running = run(&server.file)
        .args(["--allow-bind", &address, "--", &address])
        .args(records)
        .start();
    running.wait_for_line(&format!("listening on {at}"));
    what_is_no_query_is_not_answered(at);
    let asks = |question: &[&str]| {
        let dig = Program::new(Command::new("dig")).args(["-r", "@127.0.0.1", "-p", &at.port().to_string()]);
        dig.args(["+tries=3", "+time=5"]).args(question).output().status(0)
    };
    asks(&["+short", "www.example.org", "A"]).stdout("192.0.2.80");
    asks(&["+short", "WWW.example.ORG", "AAAA"]).stdout("2001:db8::80");
    let unknown = asks(&["nowhere.example.org", "A"]);
    assert!(unknown.stdout.contains("status: NXDOMAIN"), "{unknown:#?}");
}

/// Datagrams that end in the middle of something, and pointers to nowhere; then one that is answered.
fn what_is_no_query_is_not_answered(at: std::net::SocketAddr) {
    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    client.connect(at).expect("an address");
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("an option");
    let query = b"\x07\x07\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03org\0\0\x01\0\x01";
    for end in 0..query.len() {
        client.send(&query[..end]).expect("it goes");
    }
    let questions: [&[u8]; 4] = [b"\xc0\x0c\0\x01\0\x01", b"\x40", &[63; 400], b"\x01a"];
    for question in questions {
        client.send(&[&query[..12], question].concat()).expect("it goes");
    }
    client.send(query).expect("it goes");
    let mut answer = [0; 600];
    let length = client.recv(&mut answer).expect("the last one is answered");
    assert_eq!(
        answer[..length][..4],
        [7, 7, 0x85, 0],
        "an answer, and nothing before it"
    );
    assert!(answer[..length].ends_with(&[192, 0, 2, 80]), "{answer:?}");
}

#[test]
fn a_service_answers_by_the_socket_it_is_handed_and_ends_when_told_to() {
    for compiler in BOTH.into_iter().filter(|compiler| compiler.or_say()) {
        let service = Component::example(compiler, "service.c", &SERVICE);
        is_answered_by(&service);
        let without = datagrant().arg("serve").arg(&service.file).output();
        without.stderr_has("no socket was handed in as `echo`, and no address is given");
    }
}

#[track_caller]
fn is_answered_by(service: &Component) {
    let at = unused("127.0.0.1");
    let serve = datagrant().arg("serve").arg(&service.file);
    let running = serve.args(["--socket", &format!("echo={at}")]).start();
    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    client.connect(at).expect("an address");
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("an option");
    let mut answer = [0; 16];
    // Bound before the component runs, the socket keeps what comes before.
    let length = loop {
        if let Ok(length) = client.send(b"hello").and_then(|_| client.recv(&mut answer)) {
            break length;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert_eq!(&answer[..length], b"hello");
    running.signal("TERM");
    running.ends().status(0).stderr(format!("listening on {at}\nclosed"));
}

/// Not of one toolchain: what an operator is told is the same.
#[test]
fn a_grant_that_is_missing_is_told() {
    for compiler in [Compiler::Zig].into_iter().filter(|compiler| compiler.or_say()) {
        let server = Component::example(compiler, "echo-server.c", &[]);
        run(&server.file).output().status(1).stdout("").stderr(
            "datagrant: refused by the grants: bind 127.0.0.1:41234: not granted; to allow it: --allow-bind 127.0.0.1:41234
             echo-server: bind 127.0.0.1:41234: Permission denied",
        );
    }
}
