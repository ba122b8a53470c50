//! SIGTERM and Ctrl-C: stop, drain, and the end.

use crate::client::client;
use crate::{service, wait_for, wait_for_lines};

const SIGNALS: [(&str, i32); 2] = [("INT", 130), ("TERM", 143)];

#[test]
fn what_is_in_the_queue_at_that_moment_is_still_answered() {
    for (signal, _) in SIGNALS {
        let (guest, at) = service().start(1, []);
        let client = client(at);
        let token = client.asks("who");
        client.sends("slow 300");
        for i in 0..20 {
            client.sends(&format!("datagram {i}"));
        }
        guest.signal(signal);
        assert_eq!(client.hears().1, "slow 300");
        for i in 0..20 {
            assert_eq!(client.hears(), (token.clone(), format!("datagram {i}")));
        }
        let ended = guest.ends().status(0).stderr("");
        assert!(ended.stdout.ends_with("stop\n"), "{ended:#?}");
    }
}

#[test]
fn stop_is_called_once_for_each_worker() {
    let (guest, _) = service().start(3, []);
    guest.signal("TERM");
    let ended = guest.ends().status(0).stderr("");
    assert_eq!(
        ended.stdout.lines().filter(|line| *line == "stop").count(),
        3,
        "{ended:#?}"
    );
}

#[test]
fn a_service_serves_on_until_it_is_done() {
    let (guest, at) = service().args(["--drain", "3600"]).start(1, ["stop hang"]);
    guest.signal("TERM");
    wait_for_lines(&guest, "stop", 1);
    let client = client(at);
    client.asks("are you there?");
    client.asks("done");
    guest.ends().status(0).stderr("");
}

#[test]
fn a_service_that_does_not_end_in_time_is_ended() {
    for (signal, status) in SIGNALS {
        let (guest, _) = service().args(["--drain", "0.2"]).start(2, ["stop hang"]);
        guest.signal(signal);
        guest
            .ends()
            .status(status)
            .stderr("datagrant: 2 of the workers did not end in 200ms, and are ended");
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    for (signal, status) in SIGNALS {
        let (guest, _) = service().args(["--drain", "3600"]).start(2, ["stop hang"]);
        guest.signal("TERM");
        wait_for_lines(&guest, "stop", 2);
        guest.signal(signal);
        guest.ends().status(status).stderr("");
    }
}

#[test]
fn a_second_signal_ends_a_service_that_computes() {
    let (guest, at) = service().args(["--drain", "3600"]).start(1, []);
    client(at).sends("spin");
    guest.signal("TERM");
    guest.signal("INT");
    let ended = guest.ends();
    // Two signals at once may be told in either order.
    assert!(matches!(ended.status, Some(130 | 143)), "{ended:#?}");
}

#[test]
fn a_trap_while_it_stops_is_134_and_nothing_is_started_again() {
    let (guest, _) = service().start(1, ["stop trap"]);
    guest.signal("TERM");
    let ended = guest.ends().status(134).stderr_has("datagrant: worker 1 trapped: ");
    assert!(!ended.stderr.contains("starts again"), "{ended:#?}");
}

#[test]
fn a_failure_while_it_stops_is_1() {
    let (guest, _) = service().start(1, ["stop fail"]);
    guest.signal("TERM");
    guest
        .ends()
        .status(1)
        .stderr("datagrant: worker 1 failed: told to fail when it stops");
}

#[test]
fn a_worker_that_waits_to_be_started_again_ends_at_once() {
    let (guest, at) = service().start(1, []);
    let client = client(at);
    // The pauses grow: 100 ms, 200 ms, 400 ms, 800 ms.
    for restart in 1..=4 {
        client.sends("trap");
        wait_for(&guest, |_, stderr| stderr.contains(&format!("(restart {restart} ")));
    }
    guest.signal("TERM");
    let ended = guest.ends().status(0);
    assert!(
        !ended.stdout.contains("stop"),
        "no instance was there to be stopped: {ended:#?}"
    );
}
