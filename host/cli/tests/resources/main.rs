//! What a guest costs the machine while it does nothing, is flooded, or makes ten thousand sockets. Measured from
//! outside, in `/proc`. None of it is a measure of speed.

#[path = "../common/mod.rs"]
mod common;

mod process;

use common::{Started, run};
use datagrant_tests::SCRIPTED;
use process::Process;
use std::net::{SocketAddr, UdpSocket};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

/// How long an idle guest is watched, and what it may use then: a wait that polls would use all of it.
const WATCHED: Duration = Duration::from_secs(2);
const IDLE: Duration = Duration::from_millis(20);
/// For what is still on its way when the guest has printed its last line.
const SETTLE: Duration = Duration::from_millis(200);

const FLOOD: u32 = 1_000_000;
/// How much more memory may be in use after a flood than before: far less than a flood holds (61 MiB of payload).
const FLAT_BYTES: u64 = 4 << 20;

#[track_caller]
fn idles(guest: &Started) {
    thread::sleep(SETTLE);
    let process = Process::of(guest);
    let before = process.processor_time();
    thread::sleep(WATCHED);
    let used = process.processor_time() - before;
    assert!(used <= IDLE, "{used:?} in {WATCHED:?}: {:?}", guest.printed());
}

fn native() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    let address = socket.local_addr().expect("it is bound");
    (socket, address)
}

#[test]
fn a_guest_that_waits_for_ever_uses_no_processor() {
    let mut guest = run(SCRIPTED)
        .args(["--allow-bind", "127.0.0.1:0"])
        .story("create ipv4\n bind 127.0.0.1:0\n receive")
        .start();
    guest.wait_for_line("bind");
    idles(&guest);
}

#[test]
fn a_guest_that_waits_with_a_socket_that_is_not_bound_uses_no_processor() {
    let mut guest = run(SCRIPTED).story("create ipv4\n receive").start();
    guest.wait_for_line("create");
    idles(&guest);
}

#[test]
fn a_guest_that_has_received_uses_no_processor_when_it_waits_again() {
    let (peer, from) = native();
    let mut guest = run(SCRIPTED)
        .args(["--allow-bind", "127.0.0.1:0"])
        .story("create ipv4\n bind 127.0.0.1:0\n receive 10000\n reply pong\n receive")
        .start();
    let at = guest.address("bind 127.0.0.1:0");
    peer.send_to(b"ping", at).expect("send");
    guest.wait_for_line(&format!("message \"ping\" from {from}"));
    guest.wait_for_line("reply pong -> ok");
    idles(&guest);
}

#[test]
fn a_guest_that_was_sent_what_it_must_not_hear_uses_no_processor_when_it_waits_on() {
    let (asked, to) = native();
    let mut guest = run(SCRIPTED)
        .arg("--allow-send")
        .arg(to.to_string())
        .story(format!("create ipv4\n send {to} question\n local\n receive"))
        .start();
    let port = guest.address("local").port();
    let (third, _) = native();
    for _ in 0..1000 {
        third.send_to(b"not asked", ("127.0.0.1", port)).expect("send");
    }
    idles(&guest);
    drop(asked);
}

#[test]
fn a_guest_whose_peer_refused_uses_no_processor_when_it_waits_again() {
    let (nobody, to) = native();
    drop(nobody);
    let mut guest = run(SCRIPTED)
        .args(["--allow-send", "@loopback:*"])
        .story(format!(
            "create ipv4\n connect {to}\n send - x\n receive 10000\n receive"
        ))
        .start();
    guest.wait_for_line("error connection-refused");
    idles(&guest);
}

/// The memory after a flood is the memory before it.
#[track_caller]
fn stays_flat(guest: &Started, to: SocketAddr) {
    let process = Process::of(guest);
    let (flood, _) = native();
    flood.connect(to).expect("connect");
    let send = |count| (0..count).for_each(|_| drop(flood.send(&[0x55; 64])));
    // What the first ones need is needed once.
    send(1000);
    thread::sleep(SETTLE);
    let before = process.resident_bytes();
    send(FLOOD);
    let after = process.resident_bytes();
    assert!(after <= before + FLAT_BYTES, "{before} bytes before, {after} after");
    assert!(process.is_running());
}

#[test]
fn a_flood_at_a_guest_that_never_reads_leaves_memory_flat() {
    let mut guest = run(SCRIPTED)
        .args(["--allow-bind", "127.0.0.1:0"])
        .story("create ipv4\n bind 127.0.0.1:0\n sleep 600000")
        .start();
    let at = guest.address("bind 127.0.0.1:0");
    stays_flat(&guest, at);
}

#[test]
fn a_flood_at_a_guest_that_must_not_hear_it_leaves_memory_flat() {
    let (_asked, to) = native();
    let mut guest = run(SCRIPTED)
        .arg("--allow-send")
        .arg(to.to_string())
        .story(format!("create ipv4\n send {to} question\n local\n receive"))
        .start();
    let port = guest.address("local").port();
    stays_flat(&guest, ([127, 0, 0, 1], port).into());
}

#[test]
fn a_guest_that_never_takes_its_events_keeps_memory_flat() {
    let (_peer, to) = native();
    let connects = format!("repeat 1000 connect {to} + send - x + disconnect");
    let mut guest = run(SCRIPTED)
        .stdin(Stdio::piped())
        .args(["--allow-send", "@loopback:*"])
        .story(format!(
            "create ipv4\n {connects}\n input\n repeat 100 {connects}\n input"
        ))
        .start();
    guest.wait_for_line("repeat");
    let process = Process::of(&guest);
    let before = process.resident_bytes();
    guest.says("go on\n");
    guest.wait_for_line("repeat 100 ");
    let after = process.resident_bytes();
    assert!(after <= before + FLAT_BYTES, "{before} bytes before, {after} after");
}

/// What the guest does ten thousand times leaves no descriptor open.
#[track_caller]
fn leaves_none_open(round: &str, times: u32) {
    let mut guest = run(SCRIPTED)
        .stdin(Stdio::piped())
        .args(["--allow-bind", "127.0.0.1:0", "--allow-send", "@loopback:*"])
        .story(format!(
            "repeat 1 {round}
             input
             repeat {times} {round}
             input"
        ))
        .start();
    guest.wait_for_line("repeat 1 ");
    let process = Process::of(&guest);
    let before = process.descriptors();
    guest.says("go on\n");
    let line = guest.wait_for_line(&format!("repeat {times} "));
    let operations = round.split(" + ").count() as u32;
    assert!(line.ends_with(&format!("-> {} x ok", times * operations)), "{line}");
    assert_eq!(process.descriptors(), before, "{line}");
}

#[test]
fn ten_thousand_sockets_that_were_dropped_leave_no_descriptor() {
    leaves_none_open("create ipv4 + drop", 10_000);
}

#[test]
fn ten_thousand_sockets_that_were_bound_and_dropped_leave_no_descriptor() {
    leaves_none_open("create ipv4 + bind 127.0.0.1:0 + drop", 10_000);
}

#[test]
fn ten_thousand_sockets_that_were_connected_and_closed_leave_no_descriptor() {
    let (_peer, to) = native();
    leaves_none_open(&format!("create ipv4 + connect {to} + send - x + close"), 10_000);
}

#[test]
fn sockets_that_were_waited_for_leave_no_descriptor() {
    let mut guest = run(SCRIPTED)
        .stdin(Stdio::piped())
        .args(["--allow-bind", "127.0.0.1:0"])
        .story(
            "repeat 1 create ipv4 + bind 127.0.0.1:0 + receive 1 + drop
             input
             repeat 1000 create ipv4 + bind 127.0.0.1:0 + receive 1 + drop
             input",
        )
        .start();
    guest.wait_for_line("repeat 1 ");
    let process = Process::of(&guest);
    let before = process.descriptors();
    guest.says("go on\n");
    guest.wait_for_line("1000 x nothing, 3000 x ok");
    assert_eq!(process.descriptors(), before);
}
