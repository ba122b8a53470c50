//! How services end by themselves.

use crate::client::{client, sides};
use crate::service;

#[test]
fn a_service_that_is_done_is_success() {
    let (guest, at) = service().start(1, []);
    client(at).asks("done");
    guest.ends().status(0).stderr("");
}

#[test]
fn a_service_that_fails_tells_why_and_is_1() {
    let (guest, at) = service().start(1, []);
    client(at).asks("fail out of luck");
    guest.ends().status(1).stderr("datagrant: worker 1 failed: out of luck");
}

#[test]
fn when_one_worker_fails_the_others_are_asked_to_stop() {
    let (guest, at) = service().start(2, []);
    let [one, other] = sides(at, 1);
    // Busy at that moment; what it was sent before is answered.
    other.clients[0].sends("slow 200");
    other.clients[0].sends("before the end");
    one.clients[0].asks("fail out of luck");
    assert_eq!(other.clients[0].hears(), (other.token.clone(), "slow 200".to_owned()));
    assert_eq!(other.clients[0].hears(), (other.token, "before the end".to_owned()));
    let ended = guest.ends().status(1);
    assert!(ended.stderr.ends_with("failed: out of luck\n"), "{ended:#?}");
    assert_eq!(
        ended.stdout.lines().filter(|line| *line == "stop").count(),
        1,
        "{ended:#?}"
    );
}

#[test]
fn a_service_that_exits_gives_its_status() {
    let (guest, at) = service().start(1, []);
    client(at).sends("exit 0");
    guest.ends().status(0).stderr("");
    let (guest, at) = service().start(1, []);
    client(at).sends("exit 1");
    guest.ends().status(1).stderr("datagrant: worker 1 exited with 1");
}

#[test]
fn a_step_comes_when_the_time_has_passed() {
    let (guest, at) = service().start(1, []);
    let client = client(at);
    let token = client.asks("tick 20");
    assert_eq!(client.hears(), (token, "tick".to_owned()));
    client.asks("done");
    guest.ends().status(0).stderr("");
}

#[test]
fn a_wait_that_cannot_be_fails_the_service() {
    for (wait, why) in [
        (
            "nothing",
            "it answered nothing to wait for and no timeout, or a lookup to send",
        ),
        ("unknown", "it answered an id of no socket and no lookup of its own"),
    ] {
        let (guest, at) = service().start(1, []);
        client(at).asks(&format!("wait {wait}"));
        guest
            .ends()
            .status(1)
            .stderr(format!("datagrant: worker 1 failed: {why}*"));
    }
}
