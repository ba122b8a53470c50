//! Files that cannot be written, and files that are no recordings.

use crate::again::Capture;
use crate::common::{Folder, Program, run};
use crate::shark;
use datagrant_tests::network::Network;
use datagrant_tests::{ECHO_ASYNC, SCRIPTED};
use std::fs;
use std::path::Path;
use std::process::Command;

const STORY: &str = "create ipv4\n bind 127.0.0.1:0\n b: create ipv4\n b: send 127.0.0.1:@a hello\n receive 5000";

fn told(program: Program) -> Program {
    let program = program.args(["--allow-bind=127.0.0.1:0", "--allow-send=@loopback:*"]);
    program.story(STORY)
}

#[track_caller]
fn recorded() -> (Capture, Vec<u8>) {
    let capture = Capture::new();
    told(capture.record(SCRIPTED)).output().status(0);
    let bytes = fs::read(capture.path()).expect("a capture");
    (capture, bytes)
}

/// It is not begun: the guest says nothing.
#[track_caller]
fn is_refused(path: &Path, why: &str) {
    let replay = told(run(SCRIPTED).arg("--replay").arg(path)).output();
    let replay = replay.status(1).stdout("").stderr_has(why);
    assert!(replay.stderr.starts_with("datagrant: cannot replay "), "{replay:#?}");
}

#[test]
fn what_is_no_recording_is_refused() {
    let (capture, _) = recorded();
    let folder = capture.folder();
    is_refused(&folder.path().join("missing"), "No such file");
    is_refused(folder.path(), "it is no regular file");
    is_refused(&folder.file("empty", ""), "it is no pcapng file");
    is_refused(
        &folder.file("text", "some text, long enough for a header of any kind"),
        "it is no pcapng file",
    );
    // A section of nothing, as another program would write it.
    let mut section = vec![];
    for word in [0x0A0D_0D0A_u32, 28, 0x1A2B_3C4D, 1, u32::MAX, u32::MAX, 28] {
        section.extend(word.to_le_bytes());
    }
    is_refused(&folder.file("foreign", &section), "not by `datagrant run --record`");
}

#[test]
fn wherever_a_recording_is_cut_it_is_refused() {
    let (capture, bytes) = recorded();
    for length in (0..bytes.len()).step_by(211).chain([bytes.len() - 1]) {
        let cut = capture.folder().file("cut", &bytes[..length]);
        is_refused(&cut, "cannot replay");
    }
    let end = bytes.windows(7).rposition(|at| at == b"exited ").expect("an end") - 8;
    is_refused(
        &capture.folder().file("endless", &bytes[..end]),
        "it has no end: the program was killed",
    );
}

#[test]
fn whatever_byte_is_another_one_it_is_refused_or_told() {
    let (capture, bytes) = recorded();
    // Those that say how long a thing is, and what it is; and of everything else one here and there.
    for at in (0..bytes.len()).step_by(83) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x41;
        let changed = capture.folder().file("changed", changed);
        let ended = told(run(SCRIPTED).arg("--replay").arg(changed)).output();
        assert!(matches!(ended.status, Some(0 | 1)), "byte {at}: {ended:#?}");
        assert!(!ended.stderr.contains("panicked"), "byte {at}: {ended:#?}");
    }
}

#[test]
fn a_full_disk_is_told_and_the_guest_goes_on() {
    // A disk of 12 KiB, in a mount namespace of the program's own.
    if Network::new().is_none() {
        return;
    }
    let folder = Folder::new();
    let capture = folder.path().join("run.pcapng");
    let kept = folder.file("kept.pcapng", "");
    let script = format!(
        "exec 3>'{}'; mount -t tmpfs -o size=12k tmpfs '{}' || exit; \"$@\"; status=$?; cat '{}' >&3; exit $status",
        kept.display(),
        folder.path().display(),
        capture.display()
    );
    let program = Program::ours(Command::new("unshare")).args(["--mount", "sh", "-c", &script, "sh"]);
    let program = program.args([env!("CARGO_BIN_EXE_datagrant"), "run", SCRIPTED, "--record"]);
    let ended = told(program.arg(&capture))
        .args(["repeat 100 b: send 127.0.0.1:@a hello", "sleep 100", "complain done"])
        .output()
        .status(0);
    ended
        .stderr_has("datagrant: cannot write the capture file")
        .stderr_has("the guest goes on\n")
        .stderr_has("done\n");
    // What is there is whole.
    shark::fields(&kept, &["frame.number"]);
    is_refused(&kept, "it has no end: the program was killed, or its disk was full");
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_anything_runs() {
    for path in ["/no/such/folder/file", "/dev/null", "/"] {
        let ended = told(run(SCRIPTED).args(["--record", path])).output();
        ended
            .status(1)
            .stdout("")
            .stderr_has(&format!("cannot write the capture file {path}: "));
    }
}

#[test]
fn what_is_recorded_is_not_a_replay_at_the_same_time() {
    let ended = told(run(SCRIPTED).args(["--record=a", "--replay=b"])).output();
    ended.status(2).stderr_has("cannot be used with");
}

#[test]
fn a_component_of_wasi_0_3_is_captured_and_not_replayed() {
    let capture = Capture::new();
    // It has nothing to do with what it is not granted, and says so.
    capture.record(ECHO_ASYNC).output();
    shark::datagrams(capture.path());
    let replay = run(ECHO_ASYNC).arg("--replay").arg(capture.path()).output();
    replay
        .status(1)
        .stderr_has("the component is of WASI 0.3: it can be looked at, but not replayed");
}
