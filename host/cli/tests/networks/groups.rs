//! Multicast on one host with two interfaces: which of them counts, what others on the host have joined, sources.
//! What a host sends to a group comes back to the members on it, by the interface that it left by.

use crate::guest::guest;
use datagrant_tests::network::{Host, Network};
use std::net::UdpSocket;

/// `eth0` with 10.0.1.1, 10.0.1.2 and fd00:1::1, fd00:1::2; `eth1` with 10.0.2.1 and fd00:2::1; groups go by `eth0`.
fn host(network: &Network) -> (Host, [u32; 2]) {
    let host = network.host();
    let eth0 = [
        "10.0.1.1/24",
        "10.0.1.2/24",
        "fd00:1::1/64",
        "fd00:1::2/64",
        "fe80::1/64",
    ];
    let eth1 = ["10.0.2.1/24", "fd00:2::1/64", "fe80::2/64"];
    let interfaces = [
        host.plug(&network.switch(), "eth0", &eth0),
        host.plug(&network.switch(), "eth1", &eth1),
    ];
    host.ip("route add 224.0.0.0/4 dev eth0");
    let index = interfaces.each_ref().map(|interface| interface.index());
    (host, index)
}

/// Another process's membership of an IPv6 group.
fn member(host: &Host, group: &str, interface: u32) -> UdpSocket {
    let socket = host.socket("[::]:0");
    let group = group.parse().expect("a group");
    socket.join_multicast_v6(&group, interface).expect("join");
    socket
}

const BIND: [&str; 2] = ["--allow-bind=0.0.0.0:5000-5002", "--allow-bind=[::]:5000-5002"];

#[test]
fn a_group_is_joined_and_sent_to_on_the_interface_that_is_granted() {
    let Some(network) = Network::new() else { return };
    let (host, [eth0, eth1]) = host(&network);
    let grants = ["--allow-join=239.1.1.1@eth0", "--allow-send=239.1.1.1@eth0:5000"];
    let story = format!(
        "create ipv4 -> ok
         bind 0.0.0.0:5000 -> ok 0.0.0.0:5000
         join 239.1.1.1@eth1 -> access-denied
         join 239.1.1.1@{eth1} -> access-denied
         join 239.1.1.1@10.0.2.1 -> access-denied
         join 239.1.1.1 -> ok
         join 239.1.1.1@eth0 -> address-in-use
         leave 239.1.1.1@{eth0} -> ok
         join 239.1.1.1@10.0.1.2 -> ok
         send 239.1.1.1:5000 by-default -> ok
         receive -> message \"by-default\" from 10.0.1.1:5000
         multicast-interface eth1 -> no-such-interface
         multicast-interface eth9 -> no-such-interface
         multicast-interface {eth0} -> ok
         send 239.1.1.1:5000 by-index -> ok
         receive -> message \"by-index\" from 10.0.1.1:5000
         multicast-loopback off -> ok
         send 239.1.1.1:5000 unheard -> ok
         multicast-loopback on -> ok
         bursts on -> ok
         send 239.1.1.1:5000 by-burst -> ok
         receive -> message \"by-burst\" from 10.0.1.1:5000
         zone-name {eth0} -> ok eth0
         zone-name {eth1} -> no-such-interface"
    );
    let told = "refused by the grants: join 239.1.1.1@eth1: granted on another interface; to allow it: --allow-join 239.1.1.1@eth1
                refused by the grants: multicast-interface eth1: no grant is for groups on that interface; allow a group on it, by --allow-send or --allow-join
                refused by the grants: multicast-interface eth9: no grant is for groups on that interface; allow a group on it, by --allow-send or --allow-join
                2 more refusals";
    guest(&host, &[&BIND[..], &grants].concat(), story).ends(told);
}

#[test]
fn a_datagram_leaves_by_the_interface_that_was_judged() {
    let Some(network) = Network::new() else { return };
    let (host, _) = host(&network);
    // Linux would take the interface of the address that the socket is bound to.
    let grants = [
        "--allow-bind=10.0.2.1:5001",
        "--allow-join=239.1.1.1",
        "--allow-send=239.1.1.1@eth1:5000",
    ];
    let story = "create ipv4 -> ok
         bind 0.0.0.0:5000 -> ok 0.0.0.0:5000
         join 239.1.1.1@eth1 -> ok
         send 239.1.1.1:5000 by-eth0 -> access-denied
         b: create ipv4 -> ok
         b: bind 10.0.2.1:5001 -> ok 10.0.2.1:5001
         b: send 239.1.1.1:5000 by-eth1 -> ok
         receive -> message \"by-eth1\" from 10.0.2.1:5001
         b: multicast-interface eth0 -> ok
         b: send 239.1.1.1:5000 by-eth0 -> access-denied
         b: multicast-interface eth1 -> ok
         b: connect 239.1.1.1:5000 -> ok 10.0.2.1:5001
         b: send - connected -> ok
         receive -> message \"connected\" from 10.0.2.1:5001
         c: create ipv6 -> ok
         c: multicast-interface eth1 -> ok
         c: send [::ffff:239.1.1.1]:5000 mapped -> ok
         receive -> message \"mapped\" from 10.0.2.1:*";
    guest(&host, &[&BIND[..], &grants].concat(), story).ends(
        "refused by the grants: send 239.1.1.1@eth0:5000: granted on another interface; to allow it: --allow-send 239.1.1.1@eth0:5000
         1 more refusal",
    );
}

#[test]
fn an_ipv6_group_is_received_on_the_interface_that_was_joined_whoever_joined_on_others() {
    let Some(network) = Network::new() else { return };
    let (host, [eth0, eth1]) = host(&network);
    let _others = ["ff05::77", "ff02::77"].map(|group| member(&host, group, eth1));
    let grants = [
        "--allow-join=[ff05::77]@eth0",
        "--allow-join=[ff02::77]@eth0",
        "--allow-send=[ff00::/8]:*",
    ];
    for bursts in ["off", "on"] {
        let story = format!(
            "create ipv6 -> ok
             bind [::]:5000 -> ok [::]:5000
             join ff05::77@eth0 -> ok
             join ff02::77@eth0 -> ok
             b: create ipv6 -> ok
             b: bind [::]:5001 -> ok [::]:5001
             bursts {bursts} -> ok
             b: send [ff02::77%{eth1}]:5000 not-for-a -> ok
             b: multicast-interface eth1 -> ok
             b: send [ff05::77]:5000 not-for-a -> ok
             b: send [ff02::77%{eth0}]:5000 link -> ok
             receive -> message \"link\" from [fe80::1%{eth0}]:5001
             b: multicast-interface eth0 -> ok
             b: send [ff05::77]:5000 site -> ok
             receive -> message \"site\" from [fd00:1::*"
        );
        guest(&host, &[&BIND[..], &grants].concat(), story).ends("");
    }
}

/// Rule 9: each family has its own switch.
#[test]
fn a_dual_stack_socket_hears_groups_of_neither_family_that_it_did_not_join() {
    let Some(network) = Network::new() else { return };
    let (host, [eth0, _]) = host(&network);
    let _others = ["ff05::77", "ff02::77"].map(|group| member(&host, group, eth0));
    let other = host.socket("0.0.0.0:0");
    let joined = other.join_multicast_v4(&[239, 1, 1, 1].into(), &[10, 0, 1, 1].into());
    joined.expect("join");
    let grants = [
        "--allow-send=239.1.1.1@eth0:5000",
        "--allow-send=[ff00::/8]:5000",
        "--allow-send=10.0.1.1:5000",
    ];
    let story = format!(
        "create ipv6 -> ok
         bind [::]:5000 -> ok [::]:5000
         b: create ipv6 -> ok
         b: bind [::]:5001 -> ok [::]:5001
         b: multicast-interface eth0 -> ok
         b: send [::ffff:239.1.1.1]:5000 not-for-a -> ok
         b: send [ff05::77]:5000 nor-this -> ok
         b: send [ff02::77%{eth0}]:5000 nor-that -> ok
         b: send [::ffff:10.0.1.1]:5000 for-a -> ok
         receive -> message \"for-a\" from [::ffff:10.0.1.1]:5001"
    );
    guest(&host, &[&BIND[..], &grants].concat(), story).ends("");
}

#[test]
fn one_source_is_joined_and_no_other_is_received() {
    let Some(network) = Network::new() else { return };
    let (host, _) = host(&network);
    let grants = [
        "--allow-bind=10.0.1.0/24:5001",
        "--allow-bind=[fd00:1::/64]:5001",
        "--allow-join=232.1.1.1@eth0 from 10.0.1.2",
        "--allow-join=[ff35::1]@eth0 from [fd00:1::2]",
        "--allow-send=232.1.1.1@eth0:5000",
        "--allow-send=[ff35::1]@eth0:5000",
    ];
    for (family, any, group, [other, source]) in [
        ("ipv4", "0.0.0.0", "232.1.1.1", ["10.0.1.1", "10.0.1.2"]),
        ("ipv6", "[::]", "ff35::1", ["[fd00:1::1]", "[fd00:1::2]"]),
    ] {
        let bare = source.trim_matches(['[', ']']);
        let to = if family == "ipv6" {
            format!("[{group}]")
        } else {
            group.to_owned()
        };
        let story = format!(
            "create {family} -> ok
             bind {any}:5000 -> ok {any}:5000
             join {group}@eth0 -> access-denied
             join {group}@eth0 from {bare} -> ok
             b: create {family} -> ok
             b: bind {other}:5001 -> ok {other}:5001
             b: multicast-interface eth0 -> ok
             b: send {to}:5000 of-another -> ok
             c: create {family} -> ok
             c: bind {source}:5001 -> ok {source}:5001
             c: multicast-interface eth0 -> ok
             c: send {to}:5000 of-the-source -> ok
             receive -> message \"of-the-source\" from {source}:5001
             leave {group}@eth0 from {bare} -> ok"
        );
        let quoted = if family == "ipv6" {
            format!("'{to}@eth0'")
        } else {
            format!("{to}@eth0")
        };
        guest(&host, &[&BIND[..], &grants].concat(), story).ends(&format!(
            "refused by the grants: join {to}@eth0: granted from other sources; to allow it: --allow-join {quoted}"
        ));
    }
}

#[test]
fn without_a_route_there_is_no_interface_by_default() {
    let Some(network) = Network::new() else { return };
    let host = network.host();
    let grants = [
        "--allow-join=239.1.1.1",
        "--allow-send=239.1.1.1:5000",
        "--allow-send=239.2.2.2@eth0:5000",
    ];
    let story = "create ipv4 -> ok
         join 239.1.1.1 -> no-such-interface
         send 239.1.1.1:5000 x -> network-unreachable
         send 239.2.2.2:5000 x -> access-denied";
    guest(&host, &grants, story).ends(
        "refused by the grants: send 239.2.2.2:5000: granted on another interface; to allow it: --allow-send 239.2.2.2:5000",
    );
}
