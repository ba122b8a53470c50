//! IPv6 link-local addresses, which are many hosts' on many links: the scope id says which.

use crate::guest::{guest, receives, sends};
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
    for granted in [0, 1] {
        let story = format!(
            "create ipv6 -> ok
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
