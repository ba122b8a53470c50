//! However a run ends, its capture is whole, and a replay ends there too.

use crate::again::{Capture, Nowhere};
use crate::common::Program;
use crate::shark;
use datagrant_tests::SCRIPTED;

#[track_caller]
fn is_whole(operation: &str) {
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        let capture = Capture::new();
        let story = format!("create ipv4\n bind 127.0.0.1:0\n b: create ipv4\n b: send 127.0.0.1:@a x\n {operation}");
        let told = |program: Program| {
            let program = program.args(["--allow-bind=127.0.0.1:0", "--allow-send=@loopback:*"]);
            program.story(&story)
        };
        let mut guest = told(capture.record(SCRIPTED)).start();
        guest.wait_for_line("b: send");
        guest.signal(signal);
        let recorded = guest.ends().status(status);
        if let Some(datagrams) = shark::datagrams(capture.path()) {
            assert!(
                datagrams[0].starts_with("out 127.0.0.1:") && datagrams[0].ends_with(" 78"),
                "{datagrams:?}"
            );
        }
        let Some(nowhere) = Nowhere::new() else { return };
        let again = told(nowhere.replay(SCRIPTED, capture.path())).output().status(0);
        let again = again.stderr_has("the recording ends here, where the program was told to end; nothing differs");
        assert_eq!(again.stdout, recorded.stdout);
    }
}

#[test]
fn while_it_waits_for_datagrams() {
    is_whole("receive 0\n c: create ipv4\n c: bind 127.0.0.1:0\n c: receive");
}

#[test]
fn while_it_sleeps() {
    is_whole("sleep 600000");
}

#[test]
fn a_trap_leaves_a_whole_one() {
    let capture = Capture::new();
    let trapped = capture.record(SCRIPTED).story("create ipv4\n trap").output();
    trapped.status(134);
    shark::datagrams(capture.path());
}
