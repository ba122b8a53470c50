//! Bursts of segments over a route that is narrower than they are.

use crate::common::run_on;
use datagrant_tests::network::Network;
use datagrant_tests::{ECHO_SERVER, PROVIDER_VARIABLE};
use std::path::Path;

/// The kernel refuses to cut segments that the route would have to cut again: the host sends them one by one.
#[test]
fn segments_larger_than_the_route_takes_are_sent_one_by_one() {
    let Some(network) = Network::new() else { return };
    let host = network.host();
    host.ip("link set lo mtu 1500");
    let guest = Path::new(ECHO_SERVER).with_file_name("burst_options.wasm");
    let grants = [
        "--allow-bind=127.0.0.1:0,1-65535",
        "--allow-bind=[::1]:0",
        "--allow-bind=0.0.0.0:0",
        "--allow-send=@loopback:*",
    ];
    let program = run_on(&host, &guest).args(grants);
    let ended = program.arg("--env").arg(format!("{PROVIDER_VARIABLE}=native")).output();
    ended.status(0);
}
