//! The pump: a service as a plain command, on every provider.

use datagrant::grants::Right;
use datagrant_tests::{PUMP, Provider, Run, SERVICE, Status, compose};
use std::fs;
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

/// `wac plug pump.wasm --plug service.wasm`.
fn command() -> &'static Path {
    static COMMAND: OnceLock<PathBuf> = OnceLock::new();
    COMMAND.get_or_init(|| {
        let read = |path| fs::read(path).unwrap_or_else(|e| panic!("{path}: {e}"));
        let command = compose::plug(&read(PUMP), &read(SERVICE)).expect("a service fits the pump");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let (new, path) = (folder.join(std::process::id().to_string()), folder.join("pumped.wasm"));
        fs::write(&new, command).expect("a folder to write to");
        // In one step: tests of another process may read it.
        fs::rename(new, &path).expect("the same folder");
        path
    })
}

/// Begins to serve, is asked each of these in turn, and answers each; then how it ends.
#[track_caller]
fn serves(provider: Provider, questions: &[&str]) -> datagrant_tests::Outcome {
    let running = Run::new(provider, command())
        .allow(Right::Bind, "127.0.0.1:0")
        .arg("bind 127.0.0.1:0")
        .start();
    let line = running.wait_for_line("bind 127.0.0.1:0 -> ");
    let at = line.split(" -> ").nth(1).expect("an address");
    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("an option");
    let hears = || {
        let mut buffer = [0; 100];
        let length = client.recv(&mut buffer).expect("an answer");
        let text = String::from_utf8_lossy(&buffer[..length]);
        text.split_once(' ').expect("a token").1.to_owned()
    };
    for question in questions {
        client.send_to(question.as_bytes(), at).expect("send");
        assert_eq!(hears(), *question);
        if question.starts_with("tick") {
            assert_eq!(hears(), "tick");
        }
    }
    running.wait()
}

/// All that a service can answer.
#[track_caller]
fn pumps(provider: Provider) {
    let outcome = serves(provider, &["hello", "tick 20", "hello again", "done"]);
    outcome.assert_success();
    for (last, why) in [
        ("fail out of luck", "out of luck"),
        ("wait nothing", "it cannot wait as it asks to: invalid-argument"),
        ("wait unknown", "it cannot wait as it asks to: invalid-state"),
    ] {
        let outcome = serves(provider, &["hello", last]);
        assert_eq!(outcome.status, Status::Exited(1), "{outcome:#?}");
        assert_eq!(outcome.stderr, format!("the service failed: {why}\n"));
    }
}

#[test]
fn a_service_is_pumped_on_the_native_provider() {
    pumps(Provider::Native);
}

#[test]
fn a_service_is_pumped_over_wasi_sockets() {
    pumps(Provider::Adapter);
}

#[test]
fn a_service_is_pumped_through_a_middleware() {
    pumps(Provider::MiddlewareOverNative);
    pumps(Provider::MiddlewareOverAdapter);
}
