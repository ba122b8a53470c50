//! A service under `--with` runs through the pump: it waits by the middleware's wait, which knows of what is late.

use crate::{faults, run_with};
use datagrant_tests::{ECHO_SERVICE, SERVICE};
use std::net::UdpSocket;
use std::time::Duration;

fn client() -> UdpSocket {
    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("an option");
    client
}

#[track_caller]
fn hears(client: &UdpSocket) -> String {
    let mut buffer = [0; 200];
    let length = client.recv(&mut buffer).expect("an answer");
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

#[test]
fn a_service_answers_what_is_late() {
    let mut started = run_with(&[&faults("delay=30ms")], SERVICE)
        .args(["--allow-bind", "127.0.0.1:0", "--", "bind 127.0.0.1:0"])
        .start();
    let line = started.wait_for_line("bind 127.0.0.1:0 -> ");
    let at = line.split(" -> ").nth(1).expect("an address").to_owned();
    let client = client();
    for question in ["hello", "tick 20"] {
        client.send_to(question.as_bytes(), &at).expect("send");
        assert!(hears(&client).ends_with(question));
        if question.starts_with("tick") {
            assert!(hears(&client).ends_with("tick"));
        }
    }
    // What is late when it ends does not go any more.
    client.send_to(b"done", &at).expect("send");
    started.ends().status(0);
}

#[test]
fn why_it_failed_is_told() {
    let long = "x".repeat(9000);
    for (text, why) in [
        ("fail out of luck", "out of luck"),
        (&*format!("fail {long}"), &*long),
        ("wait nothing", "it cannot wait as it asks to"),
    ] {
        let ended = run_with(&[&faults("delay=1ms")], SERVICE)
            .args(["--", text])
            .output()
            .status(1);
        assert_eq!(ended.stderr, format!("the service failed: {why}\n"));
    }
}

#[test]
fn it_takes_the_socket_that_is_handed_in_and_ends_by_signals_as_commands_do() {
    let mut started = run_with(&[&faults("delay=1ms..5ms")], ECHO_SERVICE)
        .args(["--socket", "echo=127.0.0.1:0"])
        .start();
    let line = started.wait_for_complaint("the socket echo is bound to ");
    let at = line.rsplit(' ').next().expect("an address").to_owned();
    let client = client();
    for text in ["one", "two", "three"] {
        client.send_to(text.as_bytes(), &at).expect("send");
        assert_eq!(hears(&client), text);
    }
    started.signal("TERM");
    started.ends().status(143);
}
