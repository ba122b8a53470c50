//! Each guest program of the conformance suite: what it does is all that the contract can.

use crate::again::{Capture, Nowhere};
use crate::common::Program;
use crate::shark;
use datagrant_tests::dns::NameServer;
use datagrant_tests::foreach_guest;
use std::sync::LazyLock;

static NAMES: LazyLock<NameServer> = LazyLock::new(|| NameServer::new("home.test A 300 127.0.0.1"));

/// As in tests/tests/conformance.rs.
const FLAGS: [&str; 14] = [
    "--env=DATAGRANT_PROVIDER=native",
    "--allow-bind=127.0.0.1:0,1-65535",
    "--allow-bind=[::1]:0,1-65535",
    "--allow-bind=0.0.0.0:0",
    "--allow-bind=[::]:0",
    "--allow-send=@loopback:*",
    "--allow-resolve=localhost",
    "--allow-join=239.255.77.0/24@lo",
    "--allow-join=[ff05::77]@lo",
    "--allow-send=239.255.77.0/24@lo:*",
    "--allow-resolve=home.test",
    "--allow-resolve=*.home.test",
    "--socket=first=127.0.0.1:0",
    "--socket=second=[::1]:0",
];

#[track_caller]
fn is_replayed(component: &str) {
    let capture = Capture::new();
    let server = NAMES.address().to_string();
    let run = |program: Program| program.args(FLAGS).args(["--dns-server", &server]).output().status(0);
    let recorded = run(capture.record(component));
    let datagrams = shark::datagrams(capture.path());
    if component.ends_with("/bursts.wasm")
        && let Some(comments) = shark::comments(capture.path(), "guest")
    {
        assert!(comments.iter().any(|comment| comment.ends_with(", cut: it was longer")));
        assert!(datagrams.is_some_and(|datagrams| datagrams.len() > 100));
    }
    let Some(nowhere) = Nowhere::new() else { return };
    let again = run(nowhere.replay(component, capture.path()));
    assert_eq!(again.stdout, recorded.stdout);
}

macro_rules! is_replayed {
    ($topic:ident, $component:literal) => {
        #[test]
        fn $topic() {
            is_replayed($component);
        }
    };
}
foreach_guest!(is_replayed);
