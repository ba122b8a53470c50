//! How a guest ends, the program ends.

use crate::common::run;
use datagrant_tests::SCRIPTED;

#[track_caller]
fn ends_with(operation: &str, status: i32) -> crate::common::Ended {
    let story = format!("complain to the end\n {operation}\n complain too far");
    run(SCRIPTED).story(story).output().status(status)
}

#[test]
fn a_guest_that_returns_is_success() {
    run(SCRIPTED).output().status(0).stdout("").stderr("");
}

#[test]
fn the_guests_own_status_is_passed_on() {
    for status in [0, 1, 2, 3, 42, 255] {
        ends_with(&format!("exit {status}"), status).stderr("to the end");
    }
}

#[test]
fn a_failure_without_a_number_is_1() {
    ends_with("fail", 1).stderr("to the end");
}

#[test]
fn a_panic_is_134_with_the_guests_message() {
    ends_with("panic out of luck", 134)
        .stdout("complain to the end -> ok")
        .stderr_has("out of luck")
        .stderr_has("datagrant: the guest trapped: ");
}

#[test]
fn a_trap_is_134_with_its_reason() {
    ends_with("trap", 134)
        .stdout("complain to the end -> ok")
        .stderr_has("datagrant: the guest trapped: ")
        .stderr_has("wasm `unreachable` instruction executed");
}

#[test]
fn an_operation_that_is_not_understood_fails_the_guest() {
    // WASI 0.2.6, for which `std` is built, knows no numbers: its 2 arrives as 1.
    ends_with("jump", 1).stderr_has("\"jump\" is not understood");
}

#[test]
fn a_reader_who_has_gone_makes_nothing_panic() {
    let program = env!("CARGO_BIN_EXE_datagrant");
    for line in [
        format!("'{program}' explain '{SCRIPTED}' 2>&1 | true"),
        format!("'{program}' check send 192.0.2.1:9 2>&1 | true"),
        format!("'{program}' run /nowhere.wasm 2>&1 | true"),
    ] {
        // bash tells how the first of a pipe has ended, a signal or a panic (101) too.
        let line = format!("{line}; exit ${{PIPESTATUS[0]}}");
        let mut bash = std::process::Command::new("bash");
        bash.args(["-c", &line]);
        let status = bash.status().expect("bash").code();
        assert!(matches!(status, Some(0 | 1)), "{line}: {status:?}");
    }
}
