//! Whoever waits is woken, however it waits.

use crate::guest::guest;
use crate::peer::unused;
use datagrant::grants::{Grants, Right};
use datagrant_tests::{ASYNC_GUEST, Provider, Run};

#[test]
fn a_guest_that_waits_for_datagrams_is_woken_by_wait_and_by_pollables() {
    for wait in ["receive -> error access-denied, close", "poll-receive -> ok"] {
        let at = unused("127.0.0.1");
        // `poll` is ready at once while `listening` is untaken.
        let story = guest().allow_bind(at).starts(format!(
            "create ipv4 -> ok
             bind {at} -> ok {at}
             events -> listening {at}
             {wait}
             local -> invalid-state"
        ));
        story.has_done("events");
        story.replaces(guest());
        story
            .ends()
            .refuses(format!("withdrawn: bind {at}: not granted; fix: bind {at}"));
    }
}

#[test]
fn a_guest_that_waits_for_one_of_many_is_told_which() {
    let (at, other) = (unused("127.0.0.1"), unused("127.0.0.1"));
    let story = guest().allow_bind("127.0.0.1:*").starts(format!(
        "create ipv4 -> ok
         bind {at} -> ok {at}
         b: create ipv4 -> ok
         b: bind {other} -> ok {other}
         receive -> error access-denied, close
         b: receive 20 -> nothing"
    ));
    story.has_done(&format!("b: bind {other}"));
    story.replaces(guest().allow_bind(other));
    story
        .ends()
        .refuses(format!("withdrawn: bind {at}: not granted; fix: bind {at}"));
}

/// The topic `withdrawn` of the guest, which waits in an async func.
#[test]
fn a_guest_that_waits_in_an_async_func_is_woken() {
    let running = Run::new(Provider::Native, ASYNC_GUEST)
        .arg("withdrawn")
        .allow(Right::Bind, "127.0.0.1:0")
        .start();
    running.wait_for_line("waiting");
    running.replace_grants(&Grants::new());
    let outcome = running.wait();
    outcome.assert_success();
    assert_eq!(outcome.refusals.len(), 2, "{outcome:#?}");
}
