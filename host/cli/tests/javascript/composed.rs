//! A JavaScript guest through both middlewares: it knows nothing of them.

use crate::common::{finishes, run, unused};
use crate::tools::{Component, QUICKJS, node, sdk};
use datagrant_tests::{FAULTS, FIREWALL};
use std::net::UdpSocket;
use std::process::Command;
use std::time::Duration;

#[test]
fn an_echo_comes_twice_and_late_and_a_denied_peer_is_not_heard() {
    if node().is_none() {
        return;
    }
    let (at, socket) = (unused("127.0.0.1"), || {
        UdpSocket::bind("127.0.0.1:0").expect("a socket")
    });
    let (good, bad) = (socket(), socket());
    let denied = bad.local_addr().expect("it is bound");
    let server = Component::build(&sdk("examples/echo-server.ts"), QUICKJS, &[]);
    let (composed, compiled) = (
        server.file.with_file_name("c.wasm"),
        server.file.with_file_name("c.cwasm"),
    );
    let program = || Command::new(env!("CARGO_BIN_EXE_datagrant"));
    finishes(
        program()
            .arg("compose")
            .arg(server.file.with_extension("wasm"))
            .args(["--with", &format!("{FAULTS},delay=20ms,duplicate=100%,direction=send")])
            .args(["--with", &format!("{FIREWALL},deny-send={denied}")])
            .arg("-o")
            .arg(&composed),
    );
    finishes(program().arg("compile").arg(&composed).arg("-o").arg(&compiled));
    let address = at.to_string();
    let mut running = run(&compiled)
        .args(["--allow-precompiled", "--allow-bind", &address, "--", &address])
        .start();
    running.wait_for_line(&format!("listening on {at}"));
    bad.send_to(b"denied", at).expect("send");
    good.set_read_timeout(Some(Duration::from_secs(20))).expect("an option");
    good.send_to(b"hello", at).expect("send");
    let mut buffer = [0; 100];
    for _ in 0..2 {
        let length = good.recv(&mut buffer).expect("an echo");
        assert_eq!(&buffer[..length], b"hello");
    }
    running.wait_for_line("5 bytes from ");
    assert!(!running.printed().0.contains("6 bytes"), "{:?}", running.printed());
}
