//! The echo service, which is written with the Rust SDK.

use crate::common::{self, unused};
use crate::wait_for_lines;
use datagrant_tests::ECHO_SERVICE;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

fn client(at: SocketAddr) -> UdpSocket {
    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    client.connect(at).expect("loopback");
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("an option");
    client
}

#[track_caller]
fn hears(client: &UdpSocket, text: &str) {
    let mut buffer = [0; 100];
    let length = client.recv(&mut buffer).expect("an answer");
    assert_eq!(String::from_utf8_lossy(&buffer[..length]), text);
}

fn serve(at: SocketAddr, workers: &str) -> common::Started {
    let program = common::serve(ECHO_SERVICE).arg("--socket").arg(format!("echo={at}"));
    program.args(["--workers", workers]).start()
}

#[test]
fn a_service_of_the_sdk_answers_on_all_workers_and_closes_when_it_is_asked_to_end() {
    let at = unused("127.0.0.1");
    let server = serve(at, "2");
    wait_for_lines(&server, &format!("listening on {at}"), 2);
    // Sixteen clients: the system divides them between the workers.
    for n in 0..16 {
        let client = client(at);
        client.send(format!("hello {n}").as_bytes()).expect("send");
        hears(&client, &format!("hello {n}"));
    }
    server.signal("TERM");
    let ended = server.ends().status(0).stderr("");
    assert_eq!(
        ended.stdout.lines().filter(|line| *line == "closed").count(),
        2,
        "{ended:#?}"
    );
}

#[test]
fn a_service_of_the_sdk_answers_what_had_arrived_before_it_closes() {
    let at = unused("127.0.0.1");
    let server = serve(at, "1");
    wait_for_lines(&server, &format!("listening on {at}"), 1);
    let client = client(at);
    // Stopped, it finds the datagrams and the signal at the same moment.
    server.signal("STOP");
    for n in 0..50 {
        client.send(format!("datagram {n}").as_bytes()).expect("send");
    }
    server.signal("TERM");
    server.signal("CONT");
    for n in 0..50 {
        hears(&client, &format!("datagram {n}"));
    }
    server.ends().status(0).stderr("");
}

#[test]
fn a_service_of_the_sdk_says_why_it_fails() {
    let program = common::serve(ECHO_SERVICE)
        .arg("--socket")
        .arg(format!("other={}", unused("127.0.0.1")));
    let ended = program.start().ends();
    assert!(
        ended.stderr.contains("take EINVAL echo: invalid argument"),
        "{ended:#?}"
    );
}
