//! Commands of WASI 0.3: the same grants, refusals, statuses and signals.

use crate::common::run;
use datagrant_tests::{ASYNC_GUEST, ECHO_ASYNC, ECHO_CLIENT};
use std::net::UdpSocket;
use std::time::Duration;

#[test]
fn it_answers_on_two_sockets_at_once_until_it_is_told_to_end() {
    let mut server = run(ECHO_ASYNC)
        .args(["--allow-bind", "127.0.0.1:0", "--allow-bind", "[::1]:0"])
        .args(["--", "127.0.0.1:0", "[::1]:0"])
        .start();
    let of = |line: String| line["listening on ".len()..].to_owned();
    let first = of(server.wait_for_line("listening on 127.0.0.1:"));
    let second = of(server.wait_for_line("listening on [::1]:"));

    let client = UdpSocket::bind("[::1]:0").expect("a socket");
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a timeout");
    client.send_to(b"over IPv6", &second).expect("it goes");
    let mut buffer = [0; 100];
    let (length, _) = client.recv_from(&mut buffer).expect("an answer");
    assert_eq!(&buffer[..length], b"over IPv6");

    // A guest of WASI 0.2 talks to one of WASI 0.3.
    run(ECHO_CLIENT)
        .args(["--allow-send", &first, "--", &first, "hello"])
        .output()
        .status(0);
    server.wait_for_line("2 answered");
    server.signal("TERM");
    server.ends().status(143);
}

#[test]
fn a_denial_is_told_to_both() {
    let ended = run(ECHO_ASYNC).args(["--", "127.0.0.1:41234"]).output().status(1);
    assert!(
        ended.stderr.contains("to allow it: --allow-bind 127.0.0.1:41234"),
        "{ended:#?}"
    );
    assert!(ended.stderr.contains("127.0.0.1:41234: access denied"), "{ended:#?}");
}

#[test]
fn its_failure_is_the_status() {
    let ended = run(ASYNC_GUEST).args(["--", "no topic"]).output().status(1);
    assert!(ended.stderr.contains("no such topic"), "{ended:#?}");
}
