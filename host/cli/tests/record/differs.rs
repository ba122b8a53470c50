//! A run that is another one is told, and ends.

use crate::again::{Capture, Nowhere};
use crate::common::Program;
use datagrant_tests::SCRIPTED;

const STORY: &str = "create ipv4
    connect 127.0.0.1:9
    send - question
    receive 20
    b: create ipv4
    b: bind 127.0.0.1:0
    complain far";
const GRANTS: [&str; 2] = ["--allow-send=127.0.0.1:9", "--allow-bind=127.0.0.1:0"];

/// Records the story, and replays another one.
#[track_caller]
fn is_told(grants: &[&str], story: &str, expected: &str) {
    let capture = Capture::new();
    let recorded = capture.record(SCRIPTED).args(GRANTS).story(STORY).output();
    recorded.status(0).stderr("far");
    let Some(nowhere) = Nowhere::new() else { return };
    let run = |program: Program| program.args(grants).story(story).output();
    let ended = run(nowhere.replay(SCRIPTED, capture.path()))
        .status(1)
        .stderr_has(expected);
    assert!(
        !ended.stderr.lines().any(|line| line == "far"),
        "it goes on: {ended:#?}"
    );
}

fn changed(from: &str, to: &str) -> String {
    assert!(STORY.contains(from), "{from}");
    STORY.replace(from, to)
}

#[test]
fn other_bytes_are() {
    is_told(
        &GRANTS,
        &changed("question", "questioN"),
        "the recording has: send 1 peer 8; and now: other bytes are sent: byte 7 is 0x4e, and was 0x6e\n",
    );
}

#[test]
fn more_bytes_are() {
    is_told(
        &GRANTS,
        &changed("question", "questions"),
        "the recording has: send 1 peer 8; and now: send 1 peer 9\n",
    );
}

#[test]
fn another_address_is() {
    is_told(
        &["--allow-send=127.0.0.1:*", "--allow-bind=127.0.0.1:0"],
        &changed("connect 127.0.0.1:9", "connect 127.0.0.1:10"),
        "the recording has: connect 1 127.0.0.1:9; and now: connect 1 127.0.0.1:10\n",
    );
}

#[test]
fn another_operation_is() {
    is_told(
        &GRANTS,
        &changed("b: bind 127.0.0.1:0", "b: ttl 9"),
        "the recording has: bind 2 127.0.0.1:0; and now: set-ttl 2 9\n",
    );
}

#[test]
fn an_earlier_end_is() {
    is_told(&GRANTS, "create ipv4", "; and now: the guest has ended\n");
}

#[test]
fn a_later_end_is() {
    is_told(
        &GRANTS,
        &changed("complain far", "b: ttl 9\n complain far"),
        "datagrant: replay: the recording ends before: set-ttl 2 9\n",
    );
}

#[test]
fn what_tighter_grants_would_have_refused_is() {
    is_told(
        &GRANTS[..1],
        STORY,
        "the recording has: bind 2 127.0.0.1:0; and now: refused bind 127.0.0.1:0\n",
    );
}

#[test]
fn another_status_is() {
    let capture = Capture::new();
    capture.record(SCRIPTED).story("fail").output().status(1);
    let Some(nowhere) = Nowhere::new() else { return };
    let ended = nowhere
        .replay(SCRIPTED, capture.path())
        .story("complain other")
        .output();
    ended
        .status(1)
        .stderr_has("the recorded run ended with status 1, and this one with 0");
}
