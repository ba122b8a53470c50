//! An interface that goes down and comes up again: an event or an error, never a hang.

use crate::guest::{guest, receives, sends};
use crate::lan::lan;
use datagrant_tests::network::{Interface, Network};

type Change = fn(&Interface);

/// How it goes away, and how it comes back.
const WAYS: [(Change, Change); 2] = [(Interface::down, Interface::up), (Interface::unplug, Interface::plug)];

#[test]
fn a_guest_that_waits_while_its_interface_is_down_hears_what_comes_afterwards() {
    let Some(network) = Network::new() else { return };
    let net = lan::<2>(&network);
    for (take_down, bring_up) in WAYS {
        for (family, at, from) in [
            ("ipv4", "10.0.0.1:5000", "10.0.0.2:5001"),
            ("ipv6", "[fd00::1]:5000", "[fd00::2]:5001"),
        ] {
            let mut waits = guest(
                &net.hosts[0],
                &[&format!("--allow-bind={at}")],
                format!(
                    "create {family} -> ok
                     bind {at} -> ok {at}
                     receive -> message \"before\" from {from}
                     receive -> message \"after\" from {from}
                     reply and back -> ok"
                ),
            );
            waits.has_done(&format!("bind {at}"));
            let other = net.hosts[1].socket(from);
            sends(&other, "before", at);
            waits.has_done("receive");
            take_down(&net.interfaces[0]);
            bring_up(&net.interfaces[0]);
            sends(&other, "after", at);
            waits.ends("");
            assert_eq!(receives(&other).0, "and back");
        }
    }
}

#[test]
fn a_send_while_the_interface_is_down_is_an_error_and_the_socket_goes_on_afterwards() {
    let Some(network) = Network::new() else { return };
    let net = lan::<2>(&network);
    for (family, to) in [("ipv4", "10.0.0.2:5000"), ("ipv6", "[fd00::2]:5000")] {
        let other = net.hosts[1].socket(to);
        let mut sender = guest(
            &net.hosts[0],
            &[&format!("--allow-send={to}")],
            format!(
                "a: create {family} -> ok
                 b: create {family} -> ok
                 b: connect {to} -> ok *
                 a: send {to} one -> ok
                 b: send - two -> ok
                 input -> \"\\n\"
                 a: send {to} lost -> network-unreachable
                 b: send - lost -> network-unreachable
                 input -> \"\\n\"
                 a: send {to} three -> ok
                 b: send - four -> ok"
            ),
        );
        assert_eq!([receives(&other).0, receives(&other).0], ["one", "two"]);
        net.interfaces[0].down();
        sender.goes_on();
        sender.has_done("b: send - lost");
        net.interfaces[0].up();
        sender.goes_on();
        sender.ends("");
        assert_eq!([receives(&other).0, receives(&other).0], ["three", "four"]);
    }
}

#[test]
fn a_guest_that_asks_again_outlasts_a_cable_that_is_out() {
    let Some(network) = Network::new() else { return };
    let net = lan::<2>(&network);
    let other = net.hosts[1].socket("10.0.0.2:5000");
    let mut asks = guest(
        &net.hosts[0],
        &["--allow-send=10.0.0.2:5000"],
        "create ipv4 -> ok
         ask 1 10.0.0.2:5000 -> ok 1 answered, *
         input -> \"\\n\"
         ask 1 10.0.0.2:5000 -> ok 1 answered, *",
    );
    let answers = |sees: &str| {
        let (question, from) = receives(&other);
        assert_eq!(question, sees);
        sends(&other, &question, &from.to_string());
    };
    answers("question 1");
    asks.has_done("ask 1 10.0.0.2:5000");
    net.interfaces[0].unplug();
    asks.goes_on();
    net.interfaces[0].plug();
    answers("question 1");
    asks.ends("");
}
