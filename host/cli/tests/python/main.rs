//! Plain Python programs, by componentize-py: their `socket` is `wasi:sockets`, under the program's grants. `program/udp.py` runs
//! natively too.

#[path = "../common/mod.rs"]
mod common;

mod tools;

use common::run;
use datagrant_tests::dns::NameServer;
use std::net::UdpSocket;
use std::thread;
use std::time::Duration;
use tools::{component, python};

/// A native socket that waits no longer than a test is patient.
fn native() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("loopback");
    let patience = Some(Duration::from_secs(20));
    socket.set_read_timeout(patience).expect("an option");
    socket
}

#[test]
fn the_calls_of_socket_end_as_natively() {
    let Some(component) = component() else { return };
    let natively = python().args(["udp.py", "table"]).output().status(0);
    let ended = run(component)
        .args(["--allow-precompiled", "--allow-send=@loopback:*"])
        .args(["--allow-bind=127.0.0.1:0,1024-65535", "--allow-bind=[::1]:0,1024-65535"])
        .args(["--", "table"])
        .output()
        .status(0)
        .stderr("");
    for (line, natively) in ended.stdout.lines().zip(natively.stdout.lines()) {
        assert_eq!(line, natively, "under the program on the left, natively on the right");
    }
    assert_eq!(ended.stdout, natively.stdout);
    assert!(ended.stdout.contains("recv -> b'the peer'"), "{ended:#?}");
}

#[test]
fn a_server_answers_native_clients() {
    let Some(component) = component() else { return };
    let mut server = run(component)
        .args(["--allow-precompiled", "--allow-bind=127.0.0.1:0"])
        .args(["--", "server", "127.0.0.1", "0", "2"])
        .start();
    let line = server.wait_for_line("listening on ");
    let port: u16 = line["listening on ".len()..].parse().expect("a port");
    for text in ["hello", "and again, from another socket"] {
        let client = native();
        client.send_to(text.as_bytes(), ("127.0.0.1", port)).expect("loopback");
        let mut buffer = [0; 100];
        let (length, _) = client.recv_from(&mut buffer).expect("an answer");
        assert_eq!(&buffer[..length], text.as_bytes());
    }
    server
        .ends()
        .status(0)
        .stdout(format!(
            "listening on {port}
             5 bytes from 127.0.0.1
             30 bytes from 127.0.0.1"
        ))
        .stderr("");
}

#[test]
fn a_client_asks_a_native_server() {
    let Some(component) = component() else { return };
    let server = native();
    let at = server.local_addr().expect("it is bound");
    let answers = thread::spawn(move || {
        for _ in 0..2 {
            let mut buffer = [0; 100];
            let (length, from) = server.recv_from(&mut buffer).expect("a question");
            server.send_to(&buffer[..length], from).expect("loopback");
        }
    });
    run(component)
        .args(["--allow-precompiled", &format!("--allow-send={at}")])
        .args(["--", "client", "127.0.0.1", &at.port().to_string(), "one", "two"])
        .output()
        .status(0)
        .stdout("one\ntwo")
        .stderr("");
    answers.join().expect("it answered");
}

#[test]
fn without_grants_there_is_a_permission_error_and_the_operator_reads_why() {
    let Some(component) = component() else { return };
    let other = native();
    let to = other.local_addr().expect("it is bound");
    let port = to.port().to_string();
    run(component)
        .args(["--allow-precompiled", "--", "server", "127.0.0.1", "0", "1"])
        .output()
        .status(1)
        .stdout("")
        .stderr(
            "datagrant: refused by the grants: bind 127.0.0.1:0: not granted; to allow it: --allow-bind 127.0.0.1:0
             PermissionError: Permission denied",
        );
    run(component)
        .args(["--allow-precompiled", "--allow-send=127.0.0.1:1"])
        .args(["--", "client", "127.0.0.1", &port, "hello"])
        .output()
        .status(1)
        .stdout("")
        .stderr(format!(
            "datagrant: refused by the grants: send {to}: not granted; to allow it: --allow-send {to}
             PermissionError: Permission denied"
        ));
    run(component)
        .args(["--allow-precompiled", "--allow-send=@loopback:*", "--", "tcp"])
        .output()
        .status(1)
        .stderr(
            "datagrant: refused: create a TCP socket: UDP is all that can be granted; no flag allows it
             PermissionError: Permission denied",
        );
    other.set_nonblocking(true).expect("an option");
    assert!(other.recv(&mut [0; 10]).is_err(), "nothing was sent");
}

#[test]
fn names_obey_resolve() {
    let Some(component) = component() else { return };
    let server = NameServer::new("one.test A 300 127.0.0.2\n one.test AAAA 300 ::1\n denied.test A 300 127.0.0.3");
    run(component)
        .args(["--allow-precompiled", "--allow-resolve=*", "--deny-resolve=denied.test"])
        .args(["--dns-server", &server.address().to_string()])
        .args(["--", "names", "one.test", "denied.test", "nothing.test", "127.0.0.1", "localhost"])
        .output()
        .status(0)
        .stdout(
            "one.test ['127.0.0.2', '::1']
             denied.test *
             nothing.test gaierror
             127.0.0.1 ['127.0.0.1']
             localhost ['127.0.0.1', '::1']",
        )
        .stderr("datagrant: refused by the grants: resolve denied.test: denied (deny resolve denied.test); no flag allows it");
    let asked = server.asked();
    assert!(asked.iter().all(|asked| !asked.contains("denied")), "{asked:?}");
}
