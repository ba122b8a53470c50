//! Groups of several hosts, across a router too.

use crate::guest::{guest, sends};
use crate::lan::{lan, routed};
use datagrant_tests::network::{Host, Network, Wire};
use std::net::Ipv4Addr;

/// Family, wildcard, group, and what hosts of a [`Lan`](crate::lan::Lan) may be sent.
const FAMILIES: [[&str; 4]; 2] = [
    ["ipv4", "0.0.0.0", "239.1.2.3", "10.0.0.0/24"],
    ["ipv6", "[::]", "ff15::123", "[fd00::/64]"],
];

fn at(ip: &str, port: u16) -> String {
    format!("{}:{port}", pattern(ip))
}

#[test]
fn a_group_reaches_the_hosts_that_joined_it_and_no_others_until_they_leave() {
    let Some(network) = Network::new() else { return };
    let net = lan::<4>(&network);
    for [family, any, group, hosts] in FAMILIES {
        let to = at(group, 5000);
        let grants = [format!("--allow-bind={any}:5000"), join_grant(group, "eth0")];
        let grants = grants.each_ref().map(String::as_str);
        let bind = format!("create {family} -> ok\n bind {any}:5000 -> ok *");
        let stories = [
            format!(
                "{bind}
                 join {group}@eth0 -> ok
                 receive -> message \"one\" from *
                 leave {group}@eth0 -> ok
                 receive -> message \"last\" from *"
            ),
            format!(
                "{bind}
                 join {group}@eth0 -> ok
                 receive -> message \"one\" from *
                 receive -> message \"two\" from *"
            ),
            format!(
                "{bind}
                 receive -> message \"last\" from *"
            ),
        ];
        let [mut leaves, mut stays, mut never] = [1, 2, 3].map(|i| guest(&net.hosts[i], &grants, &stories[i - 1]));
        leaves.has_done("join");
        stays.has_done("join");
        never.has_done("bind");
        // It gets there: a socket that did not join is what keeps it away.
        let wire = net.hosts[3].wire();
        let unicast = |host: usize| match family {
            "ipv4" => format!("10.0.0.{host}:5000"),
            _ => format!("[fd00::{host}]:5000"),
        };
        let mut sender = guest(
            &net.hosts[0],
            &[&send_grant(group, "eth0"), &format!("--allow-send={hosts}:5000")],
            format!(
                "create {family} -> ok
                 multicast-interface eth0 -> ok
                 send {to} one -> ok
                 input -> \"\\n\"
                 send {to} two -> ok
                 send {} last -> ok
                 send {} last -> ok",
                unicast(2),
                unicast(4)
            ),
        );
        leaves.has_done("leave");
        stays.has_done("receive");
        sender.goes_on();
        for guest in [sender, leaves, stays, never] {
            guest.ends("");
        }
        assert_eq!(texts(&wire, "last"), ["one", "two", "last"]);
    }
}

#[test]
fn one_hop_does_not_cross_a_router_and_two_do() {
    let Some(network) = Network::new() else { return };
    let net = routed::<1, 1>(&network);
    let _routing = net
        .router
        .routes_multicast("eth0", &FAMILIES.map(|[_, _, group, _]| group), "eth1");
    for [family, any, group, _] in FAMILIES {
        let to = at(group, 5000);
        let wire = net.right[0].wire();
        let mut member = guest(
            &net.right[0],
            &[&format!("--allow-bind={any}:5000"), &join_grant(group, "eth0")],
            format!(
                "create {family} -> ok
                 bind {any}:5000 -> ok *
                 join {group}@eth0 -> ok
                 receive -> message \"two hops\" from *"
            ),
        );
        member.has_done("join");
        guest(
            &net.left[0],
            &[&send_grant(group, "eth0")],
            format!(
                "create {family} -> ok
                 multicast-interface eth0 -> ok
                 send {to} one at first -> ok
                 multicast-ttl 1 -> ok
                 send {to} one hop -> ok
                 multicast-ttl 2 -> ok
                 send {to} two hops -> ok"
            ),
        )
        .ends("");
        member.ends("");
        let seen = wire.until("two hops");
        assert_eq!(
            seen.iter().map(|p| (&*p.payload, p.hops)).collect::<Vec<_>>(),
            [("two hops", 1)]
        );
    }
}

#[test]
fn a_source_specific_join_drops_the_other_source() {
    let Some(network) = Network::new() else { return };
    let net = lan::<3>(&network);
    for (family, any, group, source, other) in [
        ("ipv4", "0.0.0.0", "232.1.2.3", "10.0.0.1", "10.0.0.2"),
        ("ipv6", "[::]", "ff35::123", "fd00::1", "fd00::2"),
    ] {
        let (to, wire) = (at(group, 5000), net.hosts[2].wire());
        let mut member = guest(
            &net.hosts[2],
            &[
                &format!("--allow-bind={any}:5000"),
                &format!("{} from {}", join_grant(group, "eth0"), pattern(source)),
            ],
            format!(
                "create {family} -> ok
                 bind {any}:5000 -> ok *
                 join {group}@eth0 from {source} -> ok
                 receive -> message \"the source\" from {}",
                at(source, 5001)
            ),
        );
        member.has_done("join");
        let [right, wrong] = [(0, source), (1, other)].map(|(i, ip)| {
            if family == "ipv4" {
                net.hosts[i].ip("route add 224.0.0.0/4 dev eth0");
            }
            net.hosts[i].socket(&at(ip, 5001))
        });
        sends(&wrong, "another", &to);
        wire.until("another");
        sends(&right, "the source", &to);
        member.ends("");
    }
}

/// A host with `eth0` and `eth1`, at 10.0.1.1 and 10.0.2.1, and another host on each, at 10.0.1.2 and 10.0.2.2.
fn two_links(network: &Network) -> (Host, [Host; 2], [u32; 2]) {
    let (host, others) = (network.host(), [network.host(), network.host()]);
    let index = [0, 1].map(|i| {
        let (switch, net) = (network.switch(), i + 1);
        let addresses = |number| [format!("10.0.{net}.{number}/24"), format!("fd00:{net}::{number}/64")];
        let other = addresses(2);
        others[i].plug(&switch, "eth0", &other.each_ref().map(String::as_str));
        others[i].ip("route add 224.0.0.0/4 dev eth0");
        let here = addresses(1);
        let interface = host.plug(&switch, &format!("eth{i}"), &here.each_ref().map(String::as_str));
        interface.index()
    });
    (host, others, index)
}

#[test]
fn what_is_sent_to_a_group_leaves_by_the_chosen_interface() {
    let Some(network) = Network::new() else { return };
    let (host, others, [_, eth1]) = two_links(&network);
    for [family, _, group, _] in FAMILIES {
        let (to, wires) = (at(group, 5000), others.each_ref().map(Host::wire));
        let (by_address, unicast) = match family {
            "ipv4" => ("10.0.1.1", ["10.0.1.2:9", "10.0.2.2:9"]),
            _ => ("fd00:1::1", ["[fd00:1::2]:9", "[fd00:2::2]:9"]),
        };
        guest(
            &host,
            &[
                &send_grant(group, "eth0"),
                &send_grant(group, "eth1"),
                &format!("--allow-send={}", unicast[0]),
                &format!("--allow-send={}", unicast[1]),
            ],
            format!(
                "create {family} -> ok
                 multicast-interface eth1 -> ok
                 send {to} by name -> ok
                 multicast-interface {by_address} -> ok
                 send {to} by address -> ok
                 multicast-interface {eth1} -> ok
                 send {to} by index -> ok
                 send {} last -> ok
                 send {} last -> ok",
                unicast[0], unicast[1]
            ),
        )
        .ends("");
        assert_eq!(texts(&wires[0], "last"), ["by address", "last"]);
        assert_eq!(texts(&wires[1], "last"), ["by name", "by index", "last"]);
    }
}

/// Rule 9 of grants.
#[test]
fn a_group_is_heard_on_the_interface_that_it_was_joined_on_whoever_else_joined_it() {
    let Some(network) = Network::new() else { return };
    let (host, others, _) = two_links(&network);
    let mut member = guest(
        &host,
        &["--allow-bind=0.0.0.0:5000", "--allow-join=239.1.2.3@eth0"],
        "create ipv4 -> ok
         bind 0.0.0.0:5000 -> ok *
         join 239.1.2.3@eth1 -> access-denied
         join 239.1.2.3@eth0 -> ok
         receive -> message \"this link\" from 10.0.1.2:5001",
    );
    member.has_done("join 239.1.2.3@eth0");
    let (group, wire) = (Ipv4Addr::new(239, 1, 2, 3), host.wire());
    let neighbour = host.socket("0.0.0.0:5001");
    neighbour
        .join_multicast_v4(&group, &Ipv4Addr::new(10, 0, 2, 1))
        .expect("eth1");
    sends(&others[1].socket("10.0.2.2:5001"), "another link", "239.1.2.3:5000");
    wire.until("another link");
    sends(&others[0].socket("10.0.1.2:5001"), "this link", "239.1.2.3:5000");
    member.ends(
        "refused by the grants: join 239.1.2.3@eth1: granted on another interface; to allow it: --allow-join 239.1.2.3@eth1",
    );
}

/// IPv6 stands in brackets.
fn pattern(ip: &str) -> String {
    match ip.contains(':') {
        true => format!("[{ip}]"),
        false => ip.to_owned(),
    }
}

fn send_grant(group: &str, interface: &str) -> String {
    format!("--allow-send={}@{interface}:5000", pattern(group))
}

fn join_grant(group: &str, interface: &str) -> String {
    format!("--allow-join={}@{interface}", pattern(group))
}

/// What was seen up to this text.
fn texts(wire: &Wire, last: &str) -> Vec<String> {
    wire.until(last).into_iter().map(|packet| packet.payload).collect()
}
