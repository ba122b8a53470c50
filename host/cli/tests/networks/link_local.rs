//! IPv6 link-local addresses, which are many hosts' on many links: the scope id says which.

use crate::guest::{TWICE, guest, receives, sends};
use crate::lan::lan;
use datagrant_tests::network::Network;

#[test]
fn link_local_datagrams_and_replies_cross_the_link_of_their_scope_id() {
    let Some(network) = Network::new() else { return };
    let net = lan::<2>(&network);
    let (here, there) = (net.interfaces[0].index(), net.interfaces[1].index());
    let mut server = guest(
        &net.hosts[0],
        &["--allow-bind=[::]:5000"],
        format!(
            "create ipv6 ipv6-only -> ok
             bind [::]:5000 -> ok [::]:5000
             receive -> message \"hello\" from [fe80::2%{here}]:5001
             reply back -> ok
             send [fe80::2]:5001 x -> invalid-argument"
        ),
    );
    server.has_done("bind [::]:5000");
    let other = net.hosts[1].socket(&format!("[fe80::2%{there}]:5001"));
    sends(&other, "hello", &format!("[fe80::1%{there}]:5000"));
    assert_eq!(receives(&other).0, "back");
    server.ends("");
}

#[test]
fn a_grant_with_a_zone_is_for_that_link_and_not_for_the_same_address_on_another() {
    let Some(network) = Network::new() else { return };
    let (switches, host) = ([network.switch(), network.switch()], network.host());
    let others = [network.host(), network.host()];
    let interfaces = [0, 1].map(|i| {
        others[i].plug(&switches[i], "eth0", &["fe80::2/64"]);
        host.plug(&switches[i], &format!("eth{i}"), &["fe80::1/64"])
    });
    let index = interfaces.map(|interface| interface.index());
    let sockets = others.each_ref().map(|other| other.socket("[::]:5000"));
    for (granted, begin) in [0, 1]
        .into_iter()
        .flat_map(|granted| TWICE.map(|begin| (granted, begin)))
    {
        let story = format!(
            "{begin}create ipv6 -> ok
             send [fe80::2%{}]:5000 hello -> ok
             send [fe80::2%{}]:5000 x -> access-denied",
            index[granted],
            index[1 - granted]
        );
        guest(&host, &[&format!("--allow-send=[fe80::2%eth{granted}]:5000")], story).ends(&format!(
            "refused by the grants: send [fe80::2%{0}]:5000: not granted; to allow it: --allow-send '[fe80::2%{0}]:5000'",
            index[1 - granted]
        ));
        assert_eq!(receives(&sockets[granted]).0, "hello");
    }
    for socket in &sockets {
        socket.set_nonblocking(true).expect("a socket");
        let received = socket.recv_from(&mut [0; 16]);
        assert!(received.is_err(), "{received:?}");
    }
}

#[test]
fn a_scope_id_of_no_interface_is_told_and_leaves_nothing_behind() {
    let Some(network) = Network::new() else { return };
    let net = lan::<2>(&network);
    let (here, there) = (net.interfaces[0].index(), net.interfaces[1].index());
    let other = net.hosts[1].socket(&format!("[fe80::2%{there}]:5001"));
    for bursts in ["off", "on"] {
        guest(
            &net.hosts[0],
            &["--allow-send=[fe80::/10]:5001"],
            format!(
                "bursts {bursts} -> ok
                 create ipv6 -> ok
                 connect [fe80::2%99]:5001 -> no-such-interface
                 send [fe80::2%99]:5001 x -> no-such-interface
                 connect [fe80::2%1]:5001 -> network-unreachable
                 send [fe80::2%{here}]:5001 hello -> ok
                 connect [fe80::2%{here}]:5001 -> ok *
                 send - again -> ok"
            ),
        )
        .ends("");
        assert_eq!(receives(&other).0, "hello");
        assert_eq!(receives(&other).0, "again");
    }
}

/// Linux forgets the zone of a socket that is disconnected.
#[test]
fn after_disconnect_a_link_local_address_is_still_of_its_own_link() {
    let Some(network) = Network::new() else { return };
    let (switches, host) = ([network.switch(), network.switch()], network.host());
    let others = [network.host(), network.host()];
    let theirs = [0, 1].map(|i| others[i].plug(&switches[i], "eth0", &["fe80::2/64"]).index());
    let ours = [0, 1].map(|i| host.plug(&switches[i], &format!("eth{i}"), &["fe80::1/64"]).index());
    let mut guest = guest(
        &host,
        &[
            &format!("--allow-bind=[fe80::1%{}]:5000", ours[0]),
            &format!("--allow-send=[fe80::2%{}]:5001", ours[0]),
        ],
        format!(
            "create ipv6 -> ok
             bind [fe80::1%{0}]:5000 -> ok [fe80::1%{0}]:5000
             connect [fe80::2%{0}]:5001 -> ok [fe80::1%{0}]:5000
             disconnect -> ok
             receive -> message \"from the right\" from [fe80::2%{0}]:5001",
            ours[0]
        ),
    );
    guest.has_done("disconnect");
    for (i, text) in [(1, "from the wrong"), (0, "from the right")] {
        let socket = others[i].socket(&format!("[fe80::2%{}]:5001", theirs[i]));
        sends(&socket, text, &format!("[fe80::1%{}]:5000", theirs[i]));
    }
    guest.ends("");
}
