//! Limits belong to the service: they outlive the instances of its workers.

use crate::client::client;
use crate::service;
use std::time::Instant;

#[test]
fn a_worker_that_computes_for_too_long_is_started_again_as_after_a_trap() {
    let (guest, at) = service().args(["--limit", "guest-cpu-milliseconds=100"]).start(1, []);
    let client = client(at);
    let before = client.asks("who");
    for _ in 0..2 {
        client.sends("spin");
        assert_ne!(client.asks("who now?"), before);
    }
    guest.signal("TERM");
    let ended = guest.ends().status(0);
    ended.stderr(
        "datagrant: worker 1 was ended by the limit guest-cpu-milliseconds=100; to allow more: --limit \
         guest-cpu-milliseconds=200
         datagrant: worker 1 starts again in 100ms (restart 1 of the last minute)
         datagrant: worker 1 was ended by the limit guest-cpu-milliseconds=100; to allow more: --limit \
         guest-cpu-milliseconds=200
         datagrant: worker 1 starts again in 200ms (restart 2 of the last minute)
         datagrant: the limit guest-cpu-milliseconds=100 was in the way 2 times; to allow more: --limit \
         guest-cpu-milliseconds=200",
    );
}

#[test]
fn a_trap_gives_a_service_nothing_that_its_limits_had_taken() {
    // Each start wants a socket more than there may be: the others are free again, and the count goes on.
    let binds = ["bind 127.0.0.1:0", "bind 127.0.0.2:0", "bind 127.0.0.3:0"];
    let (guest, at) = service()
        .args(["--limit", "sockets=2", "--allow-bind", "127.0.0.0/8:0"])
        .start(1, binds);
    let client = client(at);
    client.sends("trap");
    client.asks("back again?");
    guest.signal("TERM");
    let ended = guest.ends().status(0);
    let refused = ended.stdout.lines().filter(|line| line.ends_with("-> quota-exceeded"));
    assert_eq!(refused.count(), 2, "{ended:#?}");
    ended.stderr_has("the limit sockets=2 was in the way 2 times");
}

#[test]
fn what_a_service_may_send_a_second_is_not_more_after_a_trap() {
    let rate = 5;
    let (guest, at) = service().args(["--limit", "sent-datagrams-per-second=5"]).start(1, []);
    let started = Instant::now();
    let client = client(at);
    let mut answers = 0;
    for round in 0..3 {
        for n in 0..20 {
            client.sends(&format!("{n}"));
        }
        client.sends("trap");
        if round == 0 {
            (0..rate).for_each(|_| drop(client.hears()));
            answers += rate;
        }
        while client.hears_soon().is_some() {
            answers += 1;
        }
    }
    let most = rate + (started.elapsed().as_secs_f64() * rate as f64).ceil() as usize;
    assert!((rate..=most).contains(&answers), "{answers} of at most {most}");
    guest.signal("TERM");
    guest
        .ends()
        .stderr_has("the limit sent-datagrams-per-second=5 was in the way");
}
