//! Programs of Python as services: the host waits for their sockets and timers, and is told how they end.

use crate::common::{Program, Started, serve, unused};
use crate::tools::{Component, python, sdk};
use std::net::{SocketAddr, UdpSocket};
use std::sync::LazyLock;
use std::time::Duration;

static SERVICES: LazyLock<Component> =
    LazyLock::new(|| Component::build("services", &sdk("tests/services.py"), &["--service"]));

fn service(at: SocketAddr, kind: &str) -> Option<Program> {
    python()?;
    let service = serve(&SERVICES.file).args(["--allow-precompiled", "--socket", &format!("echo={at}")]);
    Some(service.args(["--", kind]))
}

fn ready(at: SocketAddr) -> Option<(Started, UdpSocket)> {
    let mut running = service(at, "serves")?.start();
    running.wait_for_complaint("ready");
    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    client.connect(at).expect("an address");
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("an option");
    Some((running, client))
}

#[test]
fn it_answers_by_its_timers_and_cleans_up_when_it_is_asked_to_end() {
    let Some((running, client)) = ready(unused("127.0.0.1")) else {
        return;
    };
    for text in ["hello", "again"] {
        client.send(text.as_bytes()).expect("loopback");
        let mut answer = [0; 16];
        let length = client.recv(&mut answer).expect("an answer");
        assert_eq!(answer[..length], *text.to_uppercase().as_bytes());
    }
    running.signal("TERM");
    running.ends().status(0).stderr("ready\ncleaned up");
}

#[test]
fn it_ends_when_main_returns() {
    let Some((running, client)) = ready(unused("127.0.0.1")) else {
        return;
    };
    client.send(b"end").expect("loopback");
    running.ends().status(0).stderr("ready\ncleaned up");
}

#[test]
fn what_main_raises_is_its_failure() {
    let Some(service) = service(unused("127.0.0.1"), "raises") else {
        return;
    };
    let ended = service.output().status(1);
    ended
        .stderr_has(
            "in deeper\n    raise ValueError(\"the reason that it gives\")\nValueError: the reason that it gives\n",
        )
        .stderr_has("datagrant: worker 1 failed: ValueError: the reason that it gives");
}

#[test]
fn an_exit_with_a_text_is_its_failure() {
    let Some(service) = service(unused("127.0.0.1"), "exits") else {
        return;
    };
    service
        .output()
        .status(1)
        .stderr("it has had enough\n datagrant: worker 1 failed: it has had enough");
}
