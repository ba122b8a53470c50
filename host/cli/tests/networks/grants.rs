//! Ways round grants that need another host: spoofed sources, third parties, what was sent before a connect. The numbers
//! are those of the rules of grants.

use crate::guest::{TWICE, guest, receives, sends};
use crate::lan::lan;
use datagrant_tests::network::Network;

/// Rule 3.
#[test]
fn a_host_that_did_not_write_gets_no_reply() {
    let Some(network) = Network::new() else { return };
    for begin in TWICE {
        let net = lan::<3>(&network);
        let (wrote, silent) = (net.hosts[1].socket("10.0.0.2:5001"), net.hosts[2].wire());
        let mut server = guest(
            &net.hosts[0],
            &["--allow-bind=0.0.0.0:5000"],
            format!(
                "{begin}create ipv4 -> ok
                 bind 0.0.0.0:5000 -> ok 0.0.0.0:5000
                 receive -> message \"hello\" from 10.0.0.2:5001
                 send 10.0.0.3:5001 x -> access-denied
                 send 10.0.0.2:5002 x -> access-denied
                 reply back -> ok
                 receive -> message \"me too\" from 10.0.0.3:5001
                 reply back -> ok"
            ),
        );
        server.has_done("bind 0.0.0.0:5000");
        sends(&wrote, "hello", "10.0.0.1:5000");
        assert_eq!(receives(&wrote).0, "back");
        let other = net.hosts[2].socket("10.0.0.3:5001");
        sends(&other, "me too", "10.0.0.1:5000");
        server.ends(
            "refused by the grants: send 10.0.0.3:5001: not granted; to allow it: --allow-send 10.0.0.3:5001
             refused by the grants: send 10.0.0.2:5002: not granted; to allow it: --allow-send 10.0.0.2:5002",
        );
        let seen: Vec<String> = silent.until("back").into_iter().map(|p| p.payload).collect();
        assert_eq!(seen, ["me too", "back"]);
    }
}

/// Rule 3: "one spoofed packet aims a server anywhere", but not where it must not go.
#[test]
fn a_spoofed_source_aims_no_reply_at_what_is_denied_or_special() {
    let Some(network) = Network::new() else { return };
    for begin in TWICE {
        let net = lan::<3>(&network);
        let (attacker, victim) = (&net.hosts[1], net.hosts[2].wire());
        let mut server = guest(
            &net.hosts[0],
            &["--allow-bind=0.0.0.0:5000", "--deny-send=10.0.0.3:*"],
            format!(
                "{begin}create ipv4 -> ok
                 bind 0.0.0.0:5000 -> ok 0.0.0.0:5000
                 receive -> message \"denied\" from 10.0.0.3:53
                 reply denied -> access-denied
                 receive -> message \"everyone\" from 10.0.0.255:53
                 reply everyone -> access-denied
                 receive -> message \"itself\" from 10.0.0.1:5000
                 reply itself -> access-denied
                 receive -> message \"port 0\" from 10.0.0.2:0
                 reply port 0 -> access-denied
                 receive -> message \"link-local\" from 169.254.1.1:53
                 reply link-local -> access-denied
                 receive -> message \"last\" from 10.0.0.2:53
                 reply last -> ok"
            ),
        );
        server.has_done("bind 0.0.0.0:5000");
        let _open = attacker.socket("10.0.0.2:53");
        let to = "10.0.0.1:5000".parse().expect("an address");
        // The kernel takes none with these sources; a guest that got one would not tell the story.
        for (source, text) in [
            ("255.255.255.255:5000", "the limited broadcast"),
            ("224.0.0.251:5353", "a group"),
            ("127.0.0.1:5000", "loopback"),
        ] {
            attacker.spoofs(source.parse().expect("an address"), to, text);
        }
        let spoofed = [
            ("10.0.0.3:53", "denied"),
            ("10.0.0.255:53", "everyone"),
            ("10.0.0.1:5000", "itself"),
            ("10.0.0.2:0", "port 0"),
            ("169.254.1.1:53", "link-local"),
            ("10.0.0.2:53", "last"),
        ];
        // Without this the kernel takes no datagram that says it comes from an address of its own.
        net.hosts[0].sysctl("net.ipv4.conf.eth0.accept_local", "1");
        for (source, text) in spoofed {
            attacker.spoofs(source.parse().expect("an address"), to, text);
            // One at a time, so that each is answered before the next comes.
            server.has_done(&format!("reply {text}"));
        }
        server.ends(
        "refused by the grants: send 10.0.0.3:53: denied (deny send 10.0.0.3:*); no flag allows it
         refused by the kernel: send 10.0.0.255:53: Permission denied (os error 13)
         refused by the grants: send 10.0.0.1:5000: a reply does not go to the socket itself; to allow it: --allow-send 10.0.0.1:5000
         refused by the grants: send 10.0.0.2:0: port 0 is no destination; no flag allows it
         refused by the grants: send 169.254.1.1:53: a reply does not go to an IPv4 link-local address; to allow it: --allow-send 169.254.1.1:53",
    );
        sends(&attacker.socket("10.0.0.2:5001"), "over", "10.0.0.3:9");
        let seen: Vec<String> = victim.until("over").into_iter().map(|p| p.payload).collect();
        assert_eq!(seen, ["over"]);
    }
}

/// Rule 3: the table of peers is bounded, and a flood of sources takes the right from who wrote before it, but from none of
/// the last 512, which is more than a burst.
#[test]
fn a_flood_of_spoofed_sources_leaves_the_peers_that_wrote_last() {
    const FLOOD: std::ops::Range<u16> = 1000..2200;
    let Some(network) = Network::new() else { return };
    for begin in TWICE {
        let net = lan::<3>(&network);
        let (early, spoofed) = (net.hosts[1].socket("10.0.0.2:5001"), net.hosts[2].wire());
        let kept = FLOOD.end - 512;
        let mut server = guest(
            &net.hosts[0],
            &["--allow-bind=0.0.0.0:5000"],
            format!(
                "{begin}create ipv4 -> ok
                 bind 0.0.0.0:5000 -> ok 0.0.0.0:5000
                 receive -> message \"early\" from 10.0.0.2:5001
                 repeat {} receive + reply x -> *
                 send 10.0.0.3:{kept} kept -> ok
                 send 10.0.0.2:5001 late -> access-denied",
                FLOOD.len()
            ),
        );
        server.has_done("bind 0.0.0.0:5000");
        sends(&early, "early", "10.0.0.1:5000");
        server.has_done("receive");
        let to = "10.0.0.1:5000".parse().expect("an address");
        for port in FLOOD {
            let source = std::net::SocketAddrV4::new([10, 0, 0, 3].into(), port);
            net.hosts[1].spoofs(source, to, "from nowhere");
            // One after the other: none is lost, and each is answered.
            let reply = spoofed.until("x").pop().expect("one");
            assert_eq!(reply.destination, source.into());
        }
        server.ends(
            "refused by the grants: send 10.0.0.2:5001: not granted; to allow it: --allow-send 10.0.0.2:5001
             the limit peers=1024 was in the way *",
        );
    }
}

/// Rule 3: 169.254/16 is where clouds keep what no guest should be made to ask.
#[test]
fn a_host_with_an_ipv4_link_local_address_gets_no_reply_unless_send_or_from_names_it() {
    let Some(network) = Network::new() else { return };
    for begin in TWICE {
        let net = lan::<2>(&network);
        net.hosts[0].ip("address add 169.254.0.1/16 dev eth0");
        net.hosts[1].ip("address add 169.254.0.2/16 dev eth0");
        let refused = "refused by the grants: send 169.254.0.2:5001: a reply does not go to an IPv4 link-local address; \
                   to allow it: --allow-send 169.254.0.2:5001";
        for (grants, end, operator) in [
            (&["--allow-bind=0.0.0.0:5000"][..], "access-denied", refused),
            (&["--allow-bind=0.0.0.0:5000 from 0.0.0.0/0"], "access-denied", refused),
            (&["--allow-bind=0.0.0.0:5000 from 169.254.0.0/16"], "ok", ""),
            (
                &["--allow-bind=0.0.0.0:5000", "--allow-send=169.254.0.2:5001"],
                "ok",
                "",
            ),
        ] {
            let other = net.hosts[1].socket("169.254.0.2:5001");
            let mut server = guest(
                &net.hosts[0],
                grants,
                format!(
                    "{begin}create ipv4 -> ok
                     bind 0.0.0.0:5000 -> ok 0.0.0.0:5000
                     receive -> message \"hello\" from 169.254.0.2:5001
                     reply back -> {end}"
                ),
            );
            server.has_done("bind 0.0.0.0:5000");
            sends(&other, "hello", "169.254.0.1:5000");
            server.ends(operator);
            if end == "ok" {
                assert_eq!(receives(&other).0, "back");
            }
        }
    }
}

/// A client socket, and rule 5.
#[test]
fn a_third_host_is_heard_neither_by_a_client_socket_nor_after_a_connect() {
    let Some(network) = Network::new() else { return };
    for begin in TWICE {
        let net = lan::<3>(&network);
        let (peer, third) = (
            net.hosts[1].socket("10.0.0.2:5000"),
            net.hosts[2].socket("10.0.0.3:5000"),
        );
        let mut client = guest(
            &net.hosts[0],
            &["--allow-send=10.0.0.2:5000"],
            format!(
                "{begin}a: create ipv4 -> ok
                 a: send 10.0.0.2:5000 hello -> ok
                 a: receive -> message \"answer\" from 10.0.0.2:5000
                 b: create ipv4 -> ok
                 b: bind 0.0.0.0:0 -> ok *
                 b: send 10.0.0.2:5000 hello -> ok
                 input -> \"\\n\"
                 b: connect 10.0.0.2:5000 -> ok *
                 b: receive -> message \"before\" from 10.0.0.2:5000
                 input -> \"\\n\"
                 b: receive -> message \"after\" from 10.0.0.2:5000"
            ),
        );
        let tells = |to: &str, text: &str| {
            sends(&third, "I am the third", to);
            // Another port of the peer is another party (TFTP's second port).
            net.hosts[2].spoofs(
                "10.0.0.2:5001".parse().expect("an address"),
                to.parse().expect("an address"),
                "I am the third",
            );
            // What one host sends may overtake what another does: a peer of ours says when all of it is there.
            sends(&third, "passed on", "10.0.0.2:5000");
            assert_eq!(receives(&peer).0, "passed on");
            sends(&peer, text, to);
        };
        let (_, a) = receives(&peer);
        tells(&a.to_string(), "answer");
        let (_, b) = receives(&peer);
        tells(&b.to_string(), "before");
        client.goes_on();
        client.has_done("b: receive");
        tells(&b.to_string(), "after");
        client.goes_on();
        client.ends("");
    }
}

/// Replies go out from the address that a datagram was sent to, where the guest asks for it by packet info.
#[test]
fn a_host_of_two_addresses_answers_from_the_one_that_was_asked() {
    let Some(network) = Network::new() else { return };
    let net = lan::<2>(&network);
    net.hosts[0].ip("address add 10.0.0.11/24 dev eth0\naddress add fd00::11/64 dev eth0 preferred_lft 0");
    for (family, wildcard, addresses, from) in [
        (
            "ipv4",
            "0.0.0.0:5000",
            ["10.0.0.1:5000", "10.0.0.11:5000"],
            "10.0.0.2:5001",
        ),
        (
            "ipv6",
            "[::]:5000",
            ["[fd00::1]:5000", "[fd00::11]:5000"],
            "[fd00::2]:5001",
        ),
    ] {
        let mut server = guest(
            &net.hosts[0],
            &[&format!("--allow-bind={wildcard}")],
            format!(
                "create {family} -> ok
                 packet-info on -> ok
                 bind {wildcard} -> ok {wildcard}
                 echo -> sent 1
                 echo -> sent 1"
            ),
        );
        server.has_done(&format!("bind {wildcard}"));
        let asks = net.hosts[1].socket(from);
        for at in addresses {
            sends(&asks, "where?", at);
            assert_eq!(receives(&asks), ("where?".to_owned(), at.parse().expect("an address")));
        }
        server.ends("");
    }
}
