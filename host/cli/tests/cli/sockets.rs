//! `--socket NAME=ADDRESS:PORT`.

use crate::common::{run, unused};
use datagrant_tests::SCRIPTED;
use std::net::UdpSocket;
use std::time::Duration;

/// Sends a question, and waits for the answer.
#[track_caller]
fn asks(at: impl std::net::ToSocketAddrs, question: &str) -> String {
    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("an option");
    client.send_to(question.as_bytes(), at).expect("send");
    let mut buffer = [0; 100];
    let length = client.recv(&mut buffer).expect("an answer");
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

#[test]
fn a_socket_is_bound_before_the_guest_starts_and_handed_in_without_a_grant() {
    let (at, other) = (unused("127.0.0.1"), unused("[::1]"));
    let mut guest = run(SCRIPTED)
        .args(["--socket", &format!("dns={at}"), "--socket", &format!("of six={other}")])
        .story("names\n take dns\n receive\n reply answer\n b: take of six\n take dns\n take http")
        .start();
    guest.wait_for_line(&format!("take dns -> ok {at}"));
    assert_eq!(asks(at, "question"), "answer");
    guest.wait_for_line("names -> dns, of six");
    guest.wait_for_line(&format!("b: take of six -> ok {other}"));
    guest.wait_for_line("take dns -> invalid-state");
    guest.wait_for_line("take http -> invalid-argument");
    guest.ends().status(0).stderr("");
}

#[test]
fn the_port_that_the_system_chose_is_told() {
    let mut guest = run(SCRIPTED)
        .args(["--socket", "dns=127.0.0.1:0"])
        .story("take dns\n receive\n reply answer")
        .start();
    let at = guest.address("take dns");
    assert_eq!(asks(at, "question"), "answer");
    guest
        .ends()
        .status(0)
        .stderr(format!("datagrant: the socket dns is bound to {at}"));
}

#[test]
fn an_ipv6_wildcard_leaves_the_ipv4_port_to_others() {
    let at = unused("[::]");
    let port = at.port();
    let mut guest = run(SCRIPTED)
        .args([
            "--socket",
            &format!("six=[::]:{port}"),
            "--socket",
            &format!("four=0.0.0.0:{port}"),
        ])
        .story("take six\n b: take four\n b: receive\n b: reply answer")
        .start();
    assert_eq!(guest.address("b: take four").to_string(), format!("0.0.0.0:{port}"));
    assert_eq!(asks(("127.0.0.1", port), "question"), "answer");
    guest.ends().status(0).stderr("");
}

/// Status 1, the guest does not run, and the line says what was read and why it failed.
#[track_caller]
fn cannot_be_bound(socket: &str, why: &str) {
    run(SCRIPTED)
        .args(["--socket", socket])
        .story("complain it ran")
        .output()
        .status(1)
        .stdout("")
        .stderr(format!("datagrant: cannot bind --socket {socket}: {why}"));
}

#[test]
fn what_cannot_be_bound_is_told_with_the_reason() {
    let taken = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    let at = taken.local_addr().expect("it is bound");
    cannot_be_bound(&format!("dns={at}"), "another socket has this address and port");
    cannot_be_bound("dns=192.0.2.1:5353", "192.0.2.1 is not an address of this host");
}

/// Status 2, and the first line shows the mend.
#[track_caller]
fn is_not_understood(args: &[&str], mend: &str) {
    let ended = run(SCRIPTED)
        .args(args)
        .story("complain it ran")
        .output()
        .status(2)
        .stdout("");
    let line = ended.stderr.lines().next().unwrap_or_default();
    assert!(
        line.contains("--socket") && line.contains(mend),
        "no {mend:?} in {line:?}"
    );
}

#[test]
fn a_socket_that_is_none_is_told_with_its_mend() {
    for (socket, mend) in [
        ("127.0.0.1:53", "write NAME=ADDRESS:PORT"),
        ("=127.0.0.1:53", "the name is empty"),
        ("a\tb=127.0.0.1:53", "control character"),
        ("dns=127.0.0.1", "write dns=ADDRESS:PORT"),
        ("dns=::1:53", "IPv6 in brackets"),
        ("dns=localhost:53", "is no address with a port"),
        ("dns=127.0.0.1:99999", "is no address with a port"),
        ("dns=[::ffff:127.0.0.1]:53", "write dns=127.0.0.1:53"),
        ("dns=[fe80::1]:53", "write dns=[fe80::1%2]:53"),
    ] {
        is_not_understood(&["--socket", socket], mend);
    }
    let twice = ["--socket", "dns=127.0.0.1:0", "--socket", "dns=[::1]:0"];
    is_not_understood(&twice, "two sockets are named \"dns\"");
}
