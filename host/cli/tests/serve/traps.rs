//! What a trap costs, and what it does not.

use crate::client::{client, sides};
use crate::{service, wait_for_lines};
use std::thread;

#[test]
fn a_trap_under_load_loses_nothing_that_was_in_another_workers_queue() {
    let (guest, at) = service().start(2, []);
    let [mut one, mut other] = sides(at, 4);
    // No more than a queue holds.
    one.clients.truncate(4);
    other.clients.truncate(4);
    for round in 0..3 {
        // The other worker is busy, and its queue fills.
        other.clients[0].sends("slow 300");
        for (i, client) in other.clients.iter().enumerate() {
            for n in 0..20 {
                client.sends(&format!("{round}.{i}.{n}"));
            }
        }
        // Meanwhile this one traps, with more behind.
        one.clients[0].sends("trap");
        for (i, client) in one.clients.iter().enumerate() {
            for n in 0..20 {
                client.sends(&format!("{round}.{i}.{n}"));
            }
        }
        assert_eq!(other.clients[0].hears().1, "slow 300");
        for (i, client) in other.clients.iter().enumerate() {
            for n in 0..20 {
                assert_eq!(client.hears(), (other.token.clone(), format!("{round}.{i}.{n}")));
            }
        }
        // Its own queue outlives it too, and its clients stay with it: neither worker's place in the group has changed.
        let mut tokens = vec![];
        for (i, client) in one.clients.iter().enumerate() {
            for n in 0..20 {
                let (token, text) = client.hears();
                assert_eq!(text, format!("{round}.{i}.{n}"));
                tokens.push(token);
            }
        }
        tokens.dedup();
        assert_eq!(tokens.len(), 1, "{tokens:?}");
        assert!(tokens[0] != one.token && tokens[0] != other.token, "another instance");
    }
    guest.signal("TERM");
    let ended = guest.ends().status(0);
    for (restart, pause) in [(1, "100ms"), (2, "200ms"), (3, "400ms")] {
        let line = format!("starts again in {pause} (restart {restart} of the last minute)");
        assert!(ended.stderr.contains(&line), "no {line:?} in {ended:#?}");
    }
}

#[test]
fn a_client_in_conversation_with_another_worker_notices_nothing() {
    let (guest, at) = service().start(2, []);
    let [one, mut other] = sides(at, 1);
    let talker = other.clients.remove(0);
    let token = other.token.clone();
    let conversation = thread::spawn(move || {
        for n in 0..500 {
            assert_eq!(talker.asks(&format!("line {n}")), token);
        }
    });
    for _ in 0..3 {
        one.clients[0].sends("trap");
        one.clients[0].asks("back again?");
    }
    conversation.join().expect("every line is answered by the same worker");
    guest.signal("TERM");
    guest.ends().status(0);
}

#[test]
fn one_worker_alone_is_started_again_too_and_keeps_its_queue() {
    let (guest, at) = service().start(1, []);
    let client = client(at);
    let before = client.asks("who");
    client.sends("trap");
    client.sends("who now?");
    let (after, text) = client.hears();
    assert_eq!(text, "who now?");
    assert_ne!(after, before);
    client.asks("done");
    let ended = guest.ends().status(0);
    let ended = ended
        .stderr_has("datagrant: worker 1 trapped: ")
        .stderr_has("wasm `unreachable` instruction executed")
        .stderr_has("datagrant: worker 1 starts again in 100ms (restart 1 of the last minute)");
    assert_eq!(ended.stdout.lines().count(), 2, "it took the socket twice: {ended:#?}");
}

#[test]
fn a_port_that_a_worker_bound_itself_is_bound_again() {
    let at = crate::unused("127.0.0.1");
    let bind = format!("bind {at}");
    let guest = crate::common::serve(datagrant_tests::SERVICE)
        .args(["--workers", "2", "--allow-bind", &at.to_string(), "--", &bind])
        .start();
    wait_for_lines(&guest, &format!("{bind} -> {at}"), 2);
    let [one, other] = sides(at, 1);
    one.clients[0].sends("trap");
    wait_for_lines(&guest, &format!("{bind} -> {at}"), 3);
    let [again, and_other] = sides(at, 1);
    let old = [&one.token, &other.token];
    let new = [&again.token, &and_other.token];
    assert!(new.contains(&&other.token), "the other one was left alone");
    assert!(new.iter().any(|token| !old.contains(token)), "and one is new");
    guest.signal("TERM");
    guest.ends().status(0);
}

#[test]
fn a_worker_that_traps_too_often_ends_the_service_with_134() {
    let (guest, at) = service().args(["--max-restarts", "2"]).start(2, []);
    let [one, other] = sides(at, 1);
    other.clients[0].sends("slow 100");
    other.clients[0].sends("to the end");
    for _ in 0..3 {
        one.clients[0].sends("trap");
    }
    assert_eq!(other.clients[0].hears().1, "slow 100");
    assert_eq!(other.clients[0].hears(), (other.token, "to the end".to_owned()));
    let ended = guest.ends().status(134);
    let ended = ended.stderr_has("is not started again: too many restarts in a minute");
    assert_eq!(ended.stderr.matches("starts again in").count(), 2, "{ended:#?}");
}

#[test]
fn a_worker_that_is_never_to_be_started_again_is_not() {
    let (guest, at) = service().args(["--max-restarts", "0"]).start(1, []);
    client(at).sends("trap");
    let ended = guest.ends().status(134);
    assert!(!ended.stderr.contains("starts again"), "{ended:#?}");
}

#[test]
fn a_service_that_traps_at_once_is_given_up() {
    let ended = crate::common::serve(datagrant_tests::SERVICE)
        .args(["--max-restarts", "2", "--", "trap"])
        .output()
        .status(134);
    assert_eq!(
        ended.stderr.matches("datagrant: worker 1 trapped: ").count(),
        3,
        "{ended:#?}"
    );
}
