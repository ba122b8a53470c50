//! Networks that lose, reorder and duplicate, and a guest that asks until it is answered.

use crate::common::{Started, run_on};
use crate::guest::guest;
use crate::lan::routed;
use crate::relay::Relay;
use datagrant_tests::ECHO_SERVER;
use datagrant_tests::network::{Host, Network};

const QUESTIONS: &str = "200";

fn echo_server(host: &Host, at: &str) -> Started {
    let mut server = run_on(host, ECHO_SERVER).args(["--allow-bind", at, "--", at]).start();
    server.wait_for_line(&format!("listening on {at}"));
    server
}

#[test]
fn a_tenth_of_all_datagrams_lost_breaks_nothing() {
    let Some(network) = Network::new() else { return };
    let net = routed::<1, 1>(&network);
    let loss = net.router.loses(10);
    for (family, to) in [("ipv4", "10.0.2.1:5000"), ("ipv6", "[fd00:2::1]:5000")] {
        let _server = echo_server(&net.right[0], to);
        for (connect, of) in [(String::new(), to), (format!("connect {to} -> ok *"), "-")] {
            guest(
                &net.left[0],
                &[&format!("--allow-send={to}")],
                format!(
                    "create {family} -> ok
                     {connect}
                     ask {QUESTIONS} {of} -> ok {QUESTIONS} answered, *"
                ),
            )
            .ends("");
        }
    }
    assert!(loss.count() > 0);
}

#[test]
fn reordered_and_duplicated_datagrams_break_nothing() {
    let Some(network) = Network::new() else { return };
    let net = routed::<1, 1>(&network);
    let _server = echo_server(&net.right[0], "10.0.2.1:5000");
    let relay = Relay::start(&net.router, "10.0.1.254:5000", "10.0.2.1:5000");
    guest(
        &net.left[0],
        &["--allow-send=10.0.1.254:5000"],
        format!(
            "create ipv4 -> ok
             ask {QUESTIONS} 10.0.1.254:5000 -> ok {QUESTIONS} answered, *"
        ),
    )
    .ends("");
    let done = relay.ends();
    assert!(done.duplicated > 0 && done.reordered > 0, "{done:?}");
}
