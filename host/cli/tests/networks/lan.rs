//! The networks of these tests. Nobody else is on them, so that ports are fixed.

use datagrant_tests::network::{Host, Interface, Network, Switch};
use std::array;

/// Hosts on one switch: number N has `eth0` with 10.0.0.N, fd00::N and fe80::N. Index 0 is number 1.
pub struct Lan<const N: usize> {
    pub hosts: [Host; N],
    pub interfaces: [Interface; N],
}

pub fn lan<const N: usize>(network: &Network) -> Lan<N> {
    let switch = network.switch();
    let hosts = array::from_fn(|_| network.host());
    let interfaces = array::from_fn(|i| plug(&hosts[i], &switch, "eth0", 0, i + 1));
    Lan { hosts, interfaces }
}

/// Two networks and a router between them: 10.0.1.0/24 and fd00:1::/64 on its `eth0`, 10.0.2.0/24 and fd00:2::/64 on its
/// `eth1`. Hosts have numbers as in [`Lan`], the router is number 254 on both.
pub struct Routed<const LEFT: usize, const RIGHT: usize> {
    pub left: [Host; LEFT],
    pub right: [Host; RIGHT],
    pub router: Host,
    /// The router's.
    pub interfaces: [Interface; 2],
}

pub fn routed<const LEFT: usize, const RIGHT: usize>(network: &Network) -> Routed<LEFT, RIGHT> {
    let (router, switches) = (network.router(), [network.switch(), network.switch()]);
    let interfaces = [
        plug(&router, &switches[0], "eth0", 1, 254),
        plug(&router, &switches[1], "eth1", 2, 254),
    ];
    let host = |number: usize, net: usize| {
        let host = network.host();
        plug(&host, &switches[net - 1], "eth0", net, number);
        host.ip(&format!(
            "route add default via 10.0.{net}.254\nroute add default via fd00:{net}::254"
        ));
        host
    };
    Routed {
        left: array::from_fn(|i| host(i + 1, 1)),
        right: array::from_fn(|i| host(i + 1, 2)),
        router,
        interfaces,
    }
}

fn plug(host: &Host, switch: &Switch, name: &str, net: usize, number: usize) -> Interface {
    let addresses = [
        format!("10.0.{net}.{number}/24 brd +"),
        format!("fd00:{net}::{number}/64"),
        format!("fe80::{number}/64"),
    ];
    host.plug(switch, name, &addresses.each_ref().map(String::as_str))
}
