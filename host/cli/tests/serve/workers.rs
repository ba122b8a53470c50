//! Several workers.

use crate::client::{client, sides};
use crate::{service, wait_for};

/// What SIGUSR1 and the end tell: received and sent, of each worker.
fn counts(stderr: &str) -> Vec<(u64, u64)> {
    let number = |text: &str| text.parse().expect("a number");
    let of = |line: &str| {
        let (_, counts) = line.strip_prefix("datagrant: worker ")?.split_once(": ")?;
        let (received, sent) = counts.strip_suffix(" sent")?.split_once(" datagrams received, ")?;
        Some((number(received), number(sent)))
    };
    stderr.lines().filter_map(of).collect()
}

#[test]
fn two_workers_both_answer_and_the_counters_show_it() {
    let (guest, at) = service().args(["--stats"]).start(2, []);
    let [one, other] = sides(at, 3);
    let asked = (one.clients.len() + other.clients.len()) as u64;
    guest.signal("USR1");
    wait_for(&guest, |_, stderr| counts(stderr).len() == 2);
    let told = counts(&guest.printed().1);
    assert!(told.iter().all(|(received, _)| *received >= 3), "{told:?}");
    assert_eq!(told.iter().map(|(received, _)| received).sum::<u64>(), asked);

    one.clients[0].asks("once more");
    guest.signal("TERM");
    let ended = guest.ends().status(0);
    let told = &counts(&ended.stderr)[2..];
    // Not before: an answer may be read before it is counted.
    assert!(told.iter().all(|(received, sent)| received == sent), "{told:?}");
    assert_eq!(told.iter().map(|(received, _)| received).sum::<u64>(), asked + 1);
}

#[test]
fn a_client_stays_with_its_worker() {
    let (guest, at) = service().start(3, []);
    for _ in 0..10 {
        let client = client(at);
        let token = client.asks("who");
        for _ in 0..10 {
            assert_eq!(client.asks("still you?"), token);
        }
    }
    guest.signal("TERM");
    guest.ends().status(0).stderr("");
}

#[test]
fn a_worker_that_computes_or_sleeps_keeps_no_other_from_serving() {
    let (guest, at) = service().args(["--drain", "0.1"]).start(2, []);
    let [one, other] = sides(at, 1);
    one.clients[0].sends("spin");
    for _ in 0..100 {
        assert_eq!(other.clients[0].asks("who"), other.token);
    }
    guest.signal("TERM");
    guest.ends().status(143);
}

#[test]
fn a_worker_that_is_done_leaves_its_clients_to_the_others() {
    let (guest, at) = service().start(2, []);
    let [one, other] = sides(at, 1);
    assert_eq!(one.clients[0].asks("done"), one.token);
    // Once its socket has left the group: until then what is sent there is lost.
    let mut answered = String::new();
    while answered != other.token {
        one.clients[0].sends("who is left?");
        answered = match one.clients[0].hears_soon() {
            Some((token, _)) => token,
            None => continue,
        };
        assert_eq!(answered, other.token);
    }
    assert_eq!(other.clients[0].asks("done"), other.token);
    guest.ends().status(0).stderr("");
}
