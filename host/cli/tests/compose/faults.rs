//! What befalls datagrams: the same for the same seed, whatever else happens.

use crate::{faults, messages, scripted};
use std::net::UdpSocket;
use std::time::Duration;

const TWO: &str = "create ipv4
    bind 127.0.0.1:0
    b: create ipv4
    b: bind 127.0.0.1:0";
const EACH: &str = "repeat 1000 send 127.0.0.1:@b hello + b: events";

/// How many of 1,000 datagrams from one socket of the guest to another are told, after `first`.
#[track_caller]
fn told(options: &str, first: &str) -> usize {
    let ended = scripted(&[&faults(options)])
        .story(format!("{TWO}\n{first}\n{EACH}"))
        .output()
        .status(0);
    messages(&ended.stdout, "repeat")
}

/// What a native socket hears of numbered datagrams.
#[track_caller]
fn hears(options: &str, count: usize) -> Vec<usize> {
    let native = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let to = native.local_addr().expect("an address");
    let sends: Vec<String> = (0..count).map(|number| format!("send {to} {number}")).collect();
    let ended = scripted(&[&faults(options)])
        .story(format!(
            "create ipv4\n{}\nsleep 60\nclose\nsend {to} -",
            sends.join("\n")
        ))
        .output()
        .status(0);
    assert_eq!(ended.stdout.matches("-> ok").count(), count + 3, "{ended:#?}");
    native
        .set_read_timeout(Some(Duration::from_millis(100)))
        .expect("an option");
    let mut heard = vec![];
    let mut buffer = [0; 100];
    while let Ok(length) = native.recv(&mut buffer) {
        heard.push(String::from_utf8_lossy(&buffer[..length]).parse().expect("a number"));
    }
    heard
}

#[test]
fn a_seed_loses_the_same_datagrams_and_another_seed_others() {
    let sevens = told("loss=10%,seed=7,direction=send", "");
    assert_eq!(sevens, LEFT_BY_7);
    assert_eq!(told("loss=10%,seed=8,direction=send", ""), LEFT_BY_8);
}
const LEFT_BY_7: usize = 916;
const LEFT_BY_8: usize = 893;

#[test]
fn bursts_have_the_fates_of_typed_calls() {
    assert_eq!(told("loss=10%,seed=7,direction=send", "bursts on"), LEFT_BY_7);
}

#[test]
fn what_is_received_is_lost_too_and_both_ways_add_up() {
    let received = told("loss=10%,seed=7,direction=receive", "");
    assert_eq!(received, 902);
    assert_eq!(received, told("loss=10%,seed=7,direction=receive", "bursts on"));
    let both = told("loss=10%,seed=7", "");
    assert!(
        both < LEFT_BY_7 && both < received,
        "{both} of {LEFT_BY_7} and {received}"
    );
}

#[test]
fn all_are_lost_or_none() {
    assert_eq!(told("loss=100%", ""), 0);
    assert_eq!(told("loss=0%", ""), 1000);
}

#[test]
fn some_come_twice() {
    let more = told("duplicate=5%,seed=7,direction=send", "") - 1000;
    assert_eq!(more, 38);
    assert_eq!(told("duplicate=100%,direction=receive", ""), 2000);
}

#[test]
fn a_native_peer_hears_all_in_another_order() {
    let heard = hears("reorder=20%,seed=7", 50);
    let mut sorted = heard.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..50).collect::<Vec<_>>());
    let overtaken: Vec<usize> = heard
        .windows(2)
        .filter(|pair| pair[0] > pair[1])
        .map(|pair| pair[1])
        .collect();
    assert_eq!(overtaken, [3, 5, 7, 9, 13, 17, 21, 42, 45, 47]);
    assert_eq!(heard, hears("reorder=20%,seed=7", 50));
}

#[test]
fn a_delay_loses_what_is_lost_without_it() {
    let at_once = hears("loss=30%,seed=9", 50);
    let mut late = hears("loss=30%,seed=9,delay=1ms..5ms", 50);
    late.sort_unstable();
    assert_eq!(late, at_once);
}

#[test]
fn what_is_late_comes_while_the_guest_waits() {
    for direction in ["send", "receive"] {
        let ended = scripted(&[&faults(&format!("delay=1s,direction={direction}"))])
            .story(format!(
                "{TWO}
                 send 127.0.0.1:@b late
                 b: events
                 b: events
                 b: receive 100
                 b: receive
                 bursts on
                 send 127.0.0.1:@b later
                 b: events
                 b: receive"
            ))
            .output()
            .status(0);
        let lines: Vec<&str> = ended.stdout.lines().skip(4).collect();
        assert_eq!(lines[0], "send 127.0.0.1:@b late -> ok");
        assert!(lines[1].starts_with("b: events -> listening"), "{ended:#?}");
        assert_eq!(lines[2..4], ["b: events -> nothing", "b: receive 100 -> nothing"]);
        assert!(lines[4].starts_with("b: receive -> message \"late\""), "{ended:#?}");
        assert_eq!(lines[7], "b: events -> nothing");
        assert!(lines[8].starts_with("b: receive -> message \"later\""), "{ended:#?}");
    }
}

#[test]
fn what_is_late_comes_while_the_guest_polls() {
    let ended = scripted(&[&faults("delay=500ms,direction=send")])
        .story(format!(
            "{TWO}\nb: events\nsend 127.0.0.1:@b late\nb: events\nb: poll-receive\nb: receive 100"
        ))
        .output()
        .status(0);
    assert!(
        ended
            .stdout
            .contains("b: events -> nothing\nb: poll-receive -> ok\nb: receive 100 -> message \"late\""),
        "{ended:#?}"
    );
}

#[test]
fn what_is_kept_is_bounded_and_the_rest_is_counted() {
    scripted(&[&faults("delay=60s,direction=send")])
        .story("create ipv4\nrepeat 1100 send 127.0.0.1:9 x\ndrop")
        .output()
        .status(0)
        .stdout("create ipv4 -> ok\nrepeat 1100 send 127.0.0.1:9 x -> 1100 x ok\ndrop -> ok")
        .stderr_has("76 datagrams were dropped, for it keeps at most 1024");
}

#[test]
fn segments_have_fates_of_their_own() {
    let ended = scripted(&[&faults("loss=50%,seed=7,direction=send")])
        .story(format!("{TWO}\nburst-of 10 3000 1000 127.0.0.1:@b\nb: receive-for 100"))
        .output()
        .status(0);
    assert!(ended.stdout.contains("-> sent 10\n"), "{ended:#?}");
    let received: usize = ended
        .stdout
        .rsplit("-> ")
        .next()
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(received, 13, "of 30, and no number of whole headers");
}

#[test]
fn what_is_lost_is_refused_all_the_same_where_it_would_be() {
    scripted(&[&faults("loss=100%")])
        .story("create ipv4\nsend - x\nsend 127.0.0.1:0 x\nsend 127.0.0.1:9 x\nconnect 127.0.0.1:9\nsend 127.0.0.1:9 x\nsend - x\nclose\nsend - x")
        .output()
        .status(0)
        .stdout(
            "create ipv4 -> ok
             send - x -> invalid-state
             send 127.0.0.1:0 x -> access-denied
             send 127.0.0.1:9 x -> ok
             connect 127.0.0.1:9 -> ok *
             send 127.0.0.1:9 x -> invalid-state
             send - x -> ok
             close -> ok
             send - x -> invalid-state",
        );
}

#[test]
fn whoever_connects_hears_nothing_of_others_that_is_late() {
    let ended = scripted(&[&faults("delay=200ms,direction=receive")])
        .story(format!(
            "{TWO}
             c: create ipv4
             c: bind 127.0.0.1:0
             b: events
             send 127.0.0.1:@b from-a
             c: send 127.0.0.1:@b from-c
             b: events
             b: connect 127.0.0.1:@c
             b: receive
             b: receive 300"
        ))
        .output()
        .status(0);
    assert!(!ended.stdout.contains("message \"from-a\""), "{ended:#?}");
    assert!(ended.stdout.contains("message \"from-c\""), "{ended:#?}");
}
