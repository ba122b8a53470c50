//! Recording a run, and running it again where there is no network.

use crate::common::{Ended, Folder, Program, run, run_on};
use datagrant_tests::SCRIPTED;
use datagrant_tests::network::{Host, Network};
use std::path::{Path, PathBuf};

/// A host that reaches nothing, not even itself.
pub struct Nowhere {
    host: Host,
    _network: Network,
}

impl Nowhere {
    /// None where no network can be made: it has said why.
    #[track_caller]
    pub fn new() -> Option<Nowhere> {
        let network = Network::new()?;
        let host = network.host();
        host.ip("link set lo down");
        Some(Nowhere {
            host,
            _network: network,
        })
    }

    /// `datagrant run --replay`.
    pub fn replay(&self, component: &str, capture: &Path) -> Program {
        run_on(&self.host, component).arg("--replay").arg(capture)
    }
}

/// A folder with a capture in it.
pub struct Capture(Folder, PathBuf);

impl Capture {
    #[track_caller]
    pub fn new() -> Capture {
        let folder = Folder::new();
        let path = folder.path().join("run.pcapng");
        Capture(folder, path)
    }

    pub fn path(&self) -> &Path {
        &self.1
    }

    pub fn folder(&self) -> &Folder {
        &self.0
    }

    /// `datagrant run --record`.
    pub fn record(&self, component: &str) -> Program {
        run(component).arg("--record").arg(self.path())
    }
}

/// Whatever `scripted` does on loopback.
const GRANTS: [&str; 6] = [
    "--allow-bind=127.0.0.1:0,1024-65535",
    "--allow-bind=[::1]:0",
    "--allow-bind=0.0.0.0:0",
    "--allow-bind=[::]:0",
    "--allow-send=@loopback:*",
    "--allow-resolve=localhost",
];

/// A story is told once more, word by word, though ports, times and what others sent were the system's choice. What it
/// printed, and the capture.
#[track_caller]
pub fn is_told_again(flags: &[&str], story: &str) -> (Ended, Capture) {
    let capture = Capture::new();
    let told = |program: Program| program.args(GRANTS).args(flags).story(story).output();
    let recorded = told(capture.record(SCRIPTED));
    if let Some(nowhere) = Nowhere::new() {
        let again = told(nowhere.replay(SCRIPTED, capture.path()));
        assert_eq!(again.stdout, recorded.stdout, "{again:#?}");
        assert_eq!(again.status, recorded.status, "{again:#?}");
        assert_eq!(again.stderr, recorded.stderr);
    }
    (recorded, capture)
}

#[test]
fn a_conversation_is() {
    let (told, _) = is_told_again(
        &[],
        "create ipv4
         bind 127.0.0.1:0
         b: create ipv4
         b: send 127.0.0.1:@a hello
         receive 5000
         reply back
         b: receive 5000
         receive 20
         send 192.0.2.1:9 x
         local
         close
         receive",
    );
    assert!(told.stdout.contains("message \"hello\" from 127.0.0.1:"), "{told:#?}");
}

#[test]
fn errors_and_refusals_of_the_network_are() {
    let (told, _) = is_told_again(
        &[],
        "create ipv6
         connect [::1]:9
         send - x
         receive 5000
         disconnect
         b: create ipv4
         b: bind 127.0.0.1:0
         c: create ipv4
         c: bind 127.0.0.1:@b
         c: bind 192.0.2.77:0
         b: ttl 7
         b: receive-buffer 100000
         b: buffers",
    );
    assert!(
        told.stdout.contains("receive 5000 -> error connection-refused"),
        "{told:#?}"
    );
}

#[test]
fn ports_that_the_host_picks_at_random_are() {
    is_told_again(
        &[],
        "repeat 20 create ipv4 + bind 127.0.0.1:0 + drop
         create ipv4
         bind 127.0.0.1:0",
    );
    let (told, capture) = is_told_again(&["--deny-bind=0.0.0.0:0"], "create ipv4\n bind 127.0.0.1:0\n local");
    drop((told, capture));
}

#[test]
fn a_limit_of_the_rate_is() {
    let (told, _) = is_told_again(
        &["--limit=sent-datagrams-per-second=20"],
        "create ipv4
         bind 127.0.0.1:0
         b: create ipv4
         repeat 40 b: send 127.0.0.1:@a x
         b: room
         b: send 127.0.0.1:@a y
         sleep 60
         b: send 127.0.0.1:@a z",
    );
    assert!(told.stdout.contains("20 x ok, 20 x would-block"), "{told:#?}");
}

#[test]
fn sockets_that_are_handed_in_are() {
    let capture = Capture::new();
    let story = "names
         take s
         b: create ipv4
         b: send 127.0.0.1:@a hello
         receive 5000
         reply back
         b: receive 5000
         take s
         take other
         local
         close";
    let told = |program: Program| {
        let program = program.args(["--socket=s=127.0.0.1:0", "--allow-send=@loopback:*"]);
        program.story(story).output().status(0)
    };
    let recorded = told(capture.record(SCRIPTED));
    assert!(
        recorded.stdout.contains("b: receive 5000 -> message \"back\""),
        "{recorded:#?}"
    );
    let Some(nowhere) = Nowhere::new() else { return };
    assert_eq!(told(nowhere.replay(SCRIPTED, capture.path())).stdout, recorded.stdout);
}

#[test]
fn a_trap_is() {
    let (told, _) = is_told_again(&[], "create ipv4\n bind 127.0.0.1:0\n trap");
    assert_eq!(told.status, Some(134));
}
