//! What the program does for a guest, it does for one with middlewares.

use crate::common::Folder;
use crate::{faults, firewall, scripted};
use std::fs;

#[test]
fn limits_hold_and_audit_and_summary_tell_of_the_guest() {
    let folder = Folder::new();
    let audit = folder.path().join("audit.jsonl");
    scripted(&[&firewall("deny-send=127.0.0.1:9")])
        .args(["--limit", "sockets=1", "--audit"])
        .arg(&audit)
        .story("create ipv4\nb: create ipv4\nsend 127.0.0.1:9 x\nsend 127.0.0.1:91 x\nsend 192.0.2.1:9 x")
        .output()
        .status(0)
        .stdout(
            "create ipv4 -> ok
             b: create ipv4 -> quota-exceeded
             send 127.0.0.1:9 x -> access-denied
             send 127.0.0.1:91 x -> ok
             send 192.0.2.1:9 x -> access-denied",
        )
        .stderr_has("the limit sockets=1 was in the way once");
    let audit = fs::read_to_string(audit).expect("it was written");
    assert!(
        audit.contains("127.0.0.1:91") && audit.contains("192.0.2.1:9"),
        "{audit}"
    );
    // What the firewall refuses never comes to the host.
    assert!(!audit.contains("127.0.0.1:9\""), "{audit}");
}

#[test]
fn a_signal_ends_a_guest_that_waits_in_a_middleware_and_one_that_computes() {
    for last in ["receive", "spin"] {
        let mut started = scripted(&[&faults("delay=1s")])
            .story(format!("create ipv4\nbind 127.0.0.1:0\nevents\ncomplain now\n{last}"))
            .start();
        started.wait_for_complaint("now");
        started.signal("TERM");
        started.ends().status(143);
    }
}

#[test]
fn a_guest_ends_with_its_own_status() {
    scripted(&[&faults("delay=1s")]).story("exit 7").output().status(7);
    scripted(&[&faults("delay=1s")]).story("trap").output().status(134);
}
