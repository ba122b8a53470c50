//! Guests of `wasi:sockets`, and what WASI tells them of time and chance.

use crate::again::{Capture, Nowhere, is_told_again};
use crate::common::Program;
use datagrant_tests::STD_SOCKET;

#[test]
fn what_goes_by_wasi_sockets_is_told_again() {
    let (told, capture) = is_told_again(
        &[],
        "wasi on
         create ipv4
         bind 127.0.0.1:0
         b: create ipv4
         b: bind 127.0.0.1:0
         b: send 127.0.0.1:@a hello
         receive 5000
         reply back
         b: receive 5000
         lookup localhost
         send 192.0.2.1:9 x
         b: connect 127.0.0.1:9
         b: send - x
         b: receive 500
         b: room
         close
         tcp",
    );
    assert!(told.stdout.contains("b: receive 5000 -> message \"back\""), "{told:#?}");
    if let Some(denied) = crate::shark::comments(capture.path(), "denied") {
        assert_eq!(denied, ["denied: send 192.0.2.1:9", "denied: tcp"]);
    }
}

#[test]
fn a_program_of_std_net_is_run_again() {
    let capture = Capture::new();
    let run = |program: Program| {
        let program = program.args(["--allow-send=@loopback:*", "--allow-bind=[::1]:0,1024-65535"]);
        program.arg("--allow-bind=127.0.0.1:0,1024-65535").output().status(0)
    };
    let recorded = run(capture.record(STD_SOCKET));
    assert!(recorded.stdout.lines().count() > 20, "{recorded:#?}");
    let Some(nowhere) = Nowhere::new() else { return };
    assert_eq!(run(nowhere.replay(STD_SOCKET, capture.path())).stdout, recorded.stdout);
}
