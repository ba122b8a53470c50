//! The index answers as a linear search of the patterns does, for whatever is thrown at it.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::time::{Duration, Instant};

use ipnet::IpNet;

use super::super::pattern::List;
use super::super::{embedded_ipv4, is_link_local};
use super::*;

/// Where random nets and hosts are: near one another, so that they nest, and near what is special.
const NEAR_V4: [[u8; 4]; 8] = [
    [0, 0, 0, 0],
    [10, 1, 2, 0],
    [127, 0, 0, 0],
    [169, 254, 0, 0],
    [192, 0, 0, 8],
    [198, 18, 0, 0],
    [223, 255, 255, 255],
    [255, 255, 255, 255],
];
const NEAR_V6: [&str; 10] = [
    "::",
    "::a00:1",
    "64:ff9b::a01:200",
    "2001:1::",
    "2001:db8::",
    "2002:a01:203::",
    "3fff:fff:ffff::",
    "fc00::",
    "fe80::1",
    "ff02::fb",
];
const LENGTHS_V4: [u32; 12] = [0, 1, 4, 7, 8, 15, 16, 23, 24, 30, 31, 32];
const LENGTHS_V6: [u32; 13] = [0, 3, 7, 8, 10, 16, 32, 33, 64, 96, 104, 127, 128];

fn v4(random: &mut Random) -> u32 {
    let near = u32::from_be_bytes(random.one_of(&NEAR_V4));
    near ^ (random.next(4) as u32) ^ (random.next(4) as u32) << random.next(32)
}

fn v6(random: &mut Random) -> u128 {
    let near: Ipv6Addr = random.one_of(&NEAR_V6).parse().unwrap();
    near.to_bits() ^ u128::from(random.next(4)) ^ u128::from(random.next(4)) << random.next(128)
}

/// A pattern's text; not each one is accepted by each right.
fn text(random: &mut Random) -> String {
    let ports = match random.next(8) {
        0 => "*".to_owned(),
        1 => "53".to_owned(),
        2 => "1-53,55".to_owned(),
        3 => "54-65535".to_owned(),
        4 => "65535".to_owned(),
        5 => "0,53".to_owned(),
        // More than a line holds.
        6 => (1..60).map(|port| (port * 2).to_string()).collect::<Vec<_>>().join(","),
        _ => (1 + random.next(65535)).to_string(),
    };
    let mask = |bits: u32, length: u32| bits & u32::MAX.checked_shl(32 - length).unwrap_or(0);
    let mask6 = |bits: u128, length: u32| bits & u128::MAX.checked_shl(128 - length).unwrap_or(0);
    let zone = |random: &mut Random| random.one_of(&["1", "2", "eth0", "eth1"]);
    let on = |random: &mut Random| match random.next(2) {
        0 => String::new(),
        _ => format!("@{}", zone(random)),
    };
    let host = match random.next(12) {
        10 => {
            let length = random.one_of(&[4, 8, 24, 32]);
            let group = Ipv4Addr::from_bits(0xe000_0000 | mask(random.next(1 << 10) as u32, length));
            format!("{group}/{length}{}", on(random))
        }
        11 => {
            let group = random.one_of(&["[ff02::1]", "[ff05::/16]", "[ff00::/8]", "[ff02::fb]", "[ff01::/16]"]);
            format!("{group}{}", on(random))
        }
        0 => random
            .one_of(&["@loopback", "@private", "@link-local", "@global", "*"])
            .to_owned(),
        1 => random.one_of(&["0.0.0.0", "[::]", "255.255.255.255"]).to_owned(),
        2 => format!("[fe80::{}%{}]", 1 + random.next(2), zone(random)),
        3 | 4 => Ipv4Addr::from_bits(v4(random)).to_string(),
        5 => format!("[{}]", Ipv6Addr::from_bits(v6(random))),
        6 | 7 => {
            let length = random.one_of(&LENGTHS_V4);
            format!("{}/{length}", Ipv4Addr::from_bits(mask(v4(random), length)))
        }
        _ => {
            let length = random.one_of(&LENGTHS_V6);
            format!("[{}/{length}]", Ipv6Addr::from_bits(mask6(v6(random), length)))
        }
    };
    let suffix = if random.next(8) == 0 { " shared" } else { "" };
    format!("{host}:{ports}{suffix}")
}

fn random_grants(random: &mut Random, patterns: u64) -> Grants {
    let mut grants = Grants::new();
    for _ in 0..patterns {
        let text = text(random);
        let right = random.one_of(&[Right::Send, Right::Send, Right::Bind, Right::Broadcast]);
        _ = match random.next(3) {
            0 => grants.deny(right, &text).map(drop),
            _ => grants.allow(right, &text).map(drop),
        };
    }
    grants
}

/// First and last address of each pattern, one before and one after; some that are random; mapped ones.
fn addresses(grants: &Grants, random: &mut Random) -> Vec<IpAddr> {
    let mut all = BTreeSet::new();
    let mut around_v4 = |bits: u32| {
        for bits in [bits.wrapping_sub(1), bits, bits.wrapping_add(1)] {
            all.insert(IpAddr::V4(Ipv4Addr::from_bits(bits)));
        }
    };
    let mut six = Vec::new();
    for right in Right::ALL {
        for pattern in grants.allowed(right).chain(grants.denied(right)) {
            match pattern.host() {
                Host::Net(IpNet::V4(net)) => {
                    around_v4(net.network().to_bits());
                    around_v4(net.broadcast().to_bits());
                }
                Host::Net(IpNet::V6(net)) => six.extend([net.network(), net.broadcast()].map(Ipv6Addr::to_bits)),
                Host::Address { ip: IpAddr::V4(ip), .. } => around_v4(ip.to_bits()),
                Host::Address { ip: IpAddr::V6(ip), .. } => six.push(ip.to_bits()),
                Host::Groups {
                    groups: IpNet::V4(net), ..
                } => {
                    around_v4(net.network().to_bits());
                    around_v4(net.broadcast().to_bits());
                }
                Host::Groups {
                    groups: IpNet::V6(net), ..
                } => {
                    six.extend([net.network(), net.broadcast()].map(Ipv6Addr::to_bits));
                }
                _ => {}
            }
        }
    }
    for _ in 0..20 {
        around_v4(v4(random));
        six.push(v6(random));
        six.push(Ipv4Addr::from_bits(v4(random)).to_ipv6_mapped().to_bits());
    }
    for bits in six {
        let around = [bits.wrapping_sub(1), bits, bits.wrapping_add(1)];
        all.extend(around.map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits))));
    }
    all.into_iter().collect()
}

/// Whether a pattern of a list covers an endpoint: what the index must agree with.
fn covered(grants: &Grants, right: Right, list: List, endpoint: &Endpoint, interface: &Interface) -> bool {
    let covers =
        |pattern: &Pattern| pattern.host.covers(endpoint, interface, list) && pattern.ports.contains(endpoint.port());
    match list {
        List::Allow => grants.allowed(right).any(covers),
        List::Deny => grants.denied(right).any(covers),
    }
}

/// The table in the documentation of [`grants`](super::super), row by row, by linear searches.
fn expected(grants: &Grants, request: &Send<'_>) -> Result<Via, Reason> {
    let Send {
        remote,
        socket,
        interface,
        ..
    } = request;
    let covered =
        |right: Right, list: List, address: &Endpoint| covered(grants, right, list, address, &interface.of(address));
    let embedded = embedded_ipv4(remote.ip()).map(|ip| endpoint(&format!("{ip}:{}", remote.port())));
    let both = || [Some(*remote), embedded].into_iter().flatten();
    for address in both() {
        if address.is_unspecified() {
            return Err(Reason::UnspecifiedDestination);
        } else if address.port() == 0 {
            return Err(Reason::Port0);
        } else if address.is_multicast() && remote.is_multicast() {
            return expected_of_group(grants, request);
        } else if address.is_multicast() {
            return Err(Reason::EmbeddedMulticast);
        } else if address.is_limited_broadcast() && remote.is_ipv6() {
            return Err(Reason::BroadcastNeedsGrant);
        }
    }
    for right in [Right::Send, Right::Broadcast] {
        if both().any(|address| covered(right, List::Deny, &address)) {
            return Err(Reason::Denied);
        }
    }
    let broadcast = covered(Right::Broadcast, List::Allow, remote);
    if broadcast && socket.broadcast {
        return Ok(Via::Broadcast);
    }
    if remote.is_limited_broadcast() {
        let reasons = [Reason::BroadcastOff, Reason::BroadcastNeedsGrant];
        return Err(reasons[usize::from(socket.broadcast)]);
    }
    if both().all(|address| covered(Right::Send, List::Allow, &address)) {
        return Ok(Via::Grant);
    }
    if broadcast {
        Err(Reason::BroadcastOff)
    } else if socket.basis == Basis::Client || !socket.recent_peer {
        Err(Reason::NotGranted)
    } else if socket.own_address {
        Err(Reason::OwnAddress)
    } else if both().any(|address| !address.is_ipv6() && is_link_local(address.ip())) {
        Err(Reason::LinkLocalReply)
    } else {
        Ok(Via::Reply)
    }
}

/// Only patterns for groups cover a group, and denied CIDRs.
fn expected_of_group(grants: &Grants, request: &Send<'_>) -> Result<Via, Reason> {
    let Send { remote, interface, .. } = request;
    let interface = interface.of(remote);
    if covered(grants, Right::Send, List::Deny, remote, &interface) {
        return Err(Reason::Denied);
    }
    let zones = grants.allowed(Right::Send).filter_map(|pattern| match pattern.host() {
        Host::Groups { groups, interface } if groups.contains(&remote.ip()) => {
            pattern.ports().contains(remote.port()).then_some(*interface)
        }
        _ => None,
    });
    let zones: Vec<Option<Zone>> = zones.collect();
    let here = |zone: &Option<Zone>| {
        zone.is_none_or(|zone| zone.to_string() == interface.name.as_str())
            || *zone == Some(Zone::Index(interface.index))
    };
    match zones.as_slice() {
        [] => Err(Reason::NotGranted),
        zones if zones.iter().any(here) => Ok(Via::Grant),
        _ => Err(Reason::OtherInterface),
    }
}

#[test]
fn a_decision_is_what_a_linear_search_of_the_patterns_gives() {
    let mut random = Random(23);
    let mut seen = BTreeSet::new();
    for round in 0..300 {
        let count = random.next(if round % 20 == 0 { 200 } else { 12 });
        let grants = random_grants(&mut random, count);
        for ip in addresses(&grants, &mut random) {
            let port = random.one_of(&[0, 1, 2, 52, 53, 53, 53, 54, 55, 56, 118, 65534, 65535]);
            let address: SocketAddr = match ip {
                IpAddr::V4(_) => SocketAddr::new(ip, port),
                IpAddr::V6(ip) => SocketAddrV6::new(ip, port, 0, 1 + random.next(3) as u32).into(),
            };
            let remote = Endpoint::new(address).unwrap();
            let yes = |random: &mut Random| random.next(2) == 0;
            let socket = SendFacts {
                basis: random.one_of(&[Basis::Granted, Basis::Client]),
                recent_peer: yes(&mut random),
                link_local_named: false,
                own_address: random.next(4) == 0,
                broadcast: yes(&mut random),
            };
            let interface = Interface {
                index: match remote.scope_id() {
                    0 => 1 + random.next(3) as u32,
                    scope => scope,
                },
                name: InterfaceName::new(random.one_of(&["", "eth0", "eth1", "eth2"])).unwrap(),
            };
            let request = Send {
                interface,
                ..Send::to(remote, socket)
            };
            let decided = decide(&grants, &request);
            let told = decided.as_ref().map(|permit| permit.via).map_err(Denial::reason);
            assert_eq!(told, expected(&grants, &request), "{request:?} {grants:?}");
            seen.insert(format!("{told:?}"));

            let allowed = covered(&grants, Right::Bind, List::Allow, &remote, &interface);
            let denied = covered(&grants, Right::Bind, List::Deny, &remote, &interface);
            if !remote.is_unspecified() && !remote.is_multicast() && !remote.is_limited_broadcast() && port != 0 {
                let bind = Bind {
                    local: remote,
                    dual_stack: false,
                    reuse: false,
                    interface,
                };
                assert_eq!(
                    decide(&grants, &bind).is_ok(),
                    allowed && !denied,
                    "{bind:?} {grants:?}"
                );
            }
        }
    }
    // Three ways to permit, nine reasons to refuse.
    assert_eq!(seen.len(), 12, "{seen:?}");
}

/// Many hosts near one another, far from others: where the cells of the index do not tell them apart.
#[test]
fn crowded_hosts_are_told_apart() {
    let mut random = Random(29);
    let mut grants = Grants::new();
    let mut all = Vec::new();
    for _ in 0..1000 {
        let four = Ipv4Addr::from_bits(random.one_of(&[0x0a00_0000, 0xc000_0200]) | random.next(2000) as u32);
        let high = random.one_of(&[0x2001_0db8 << 96, 0xfd00 << 112, 0x2001_0db8_0001 << 80]);
        let six = Ipv6Addr::from_bits(high | u128::from(random.next(20)) << 64 | u128::from(random.next(50)));
        for (ip, text) in [(four.into(), four.to_string()), (six.into(), format!("[{six}]"))] {
            all.push(ip);
            if random.next(2) == 0 {
                grants
                    .allow(Right::Send, &format!("{text}:{}", 53 + random.next(2)))
                    .unwrap();
            }
        }
    }
    for ip in all {
        let remote = Endpoint::new(SocketAddr::new(ip, 53)).unwrap();
        let allowed = covered(&grants, Right::Send, List::Allow, &remote, &Interface::UNKNOWN);
        assert_eq!(
            decide(&grants, &connect(&remote.to_string())).is_ok(),
            allowed,
            "{remote}"
        );
    }
}

#[test]
fn the_ranges_of_classes_are_the_classes() {
    for class in Class::ALL {
        let mut grants = Grants::new();
        grants.allow(Right::Send, &format!("{class}:*")).unwrap();
        let check = |ip: IpAddr| {
            let Ok(remote) = Endpoint::new(SocketAddrV6::new(ipv6(ip), 53, 0, 1).into()) else {
                panic!("{ip} has no canonical form");
            };
            let marks = grants.destinations().marks(&remote, &Interface::UNKNOWN);
            let is = Class::of(remote.ip()) == Some(class);
            assert_eq!(marks.any(super::super::index::Marks::ALLOWED), is, "{ip} {class}");
        };
        // Each /16, and each /24 of those that the registries divide further, with its last address.
        for net in 0..=0xffff_u32 {
            let divided = matches!(net >> 8, 192 | 198 | 203);
            let each = if divided { 256 } else { 1 };
            for part in 0..each {
                let first = net << 16 | part << 8;
                check(Ipv4Addr::from_bits(first).into());
                check(Ipv4Addr::from_bits(first | if divided { 0xff } else { 0xffff }).into());
            }
            let six = u128::from(net) << 112;
            check(Ipv6Addr::from_bits(six).into());
            check(Ipv6Addr::from_bits(six | u128::MAX >> 16).into());
            for high in [0x2001, 0x3fff_u128] {
                let six = high << 112 | u128::from(net) << 96;
                check(Ipv6Addr::from_bits(six).into());
                check(Ipv6Addr::from_bits(six | u128::MAX >> 32).into());
            }
        }
        for low in 0..=255 {
            check(Ipv4Addr::from_bits(0xc000_0000 | low).into());
            for high in [
                0,
                0x2001_0001 << 96,
                0x2001_0004_0111 << 80,
                0x2001_0004_0112 << 80,
                0x2001_0004_0113 << 80,
            ] {
                check(Ipv6Addr::from_bits(high | u128::from(low)).into());
                check(Ipv6Addr::from_bits(high | u128::from(low) << 72).into());
            }
        }
    }
}

fn ipv6(ip: IpAddr) -> Ipv6Addr {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped(),
        IpAddr::V6(ip) => ip,
    }
}

#[test]
fn patterns_that_are_added_later_count() {
    let mut grants = grants("allow send 10.0.0.0/8:53");
    grants.prepare();
    let before = grants.clone();
    grants.deny(Right::Send, "10.1.0.0/16:*").unwrap();
    assert_via(&before, &send("10.1.0.1:53", CLIENT), Via::Grant);
    assert!(decide(&grants, &send("10.1.0.1:53", CLIENT)).is_err());
    grants.allow(Right::Send, "[fe80::1%2]:53").unwrap();
    assert_via(&grants, &send("[fe80::1%2]:53", CLIENT), Via::Grant);
    assert!(decide(&grants, &send("[fe80::1%3]:53", CLIENT)).is_err());
}

#[test]
fn a_host_with_many_ports_is_not_copied_into_each_range_in_it() {
    let mut grants = Grants::new();
    let odd: Vec<String> = (0..1000).map(|port| (port * 2 + 1).to_string()).collect();
    grants
        .allow(Right::Send, &format!("0.0.0.0/0:{}", odd.join(",")))
        .unwrap();
    for host in 0..1000_u32 {
        let [_, _, high, low] = host.to_be_bytes();
        grants
            .allow(Right::Send, &format!("192.0.{high}.{low}:{}", host * 2 + 2))
            .unwrap();
    }
    for port in 1..2000 {
        let [_, _, high, low] = ((port - 1) / 2_u32).to_be_bytes();
        assert_via(
            &grants,
            &send(&format!("192.0.{high}.{low}:{port}"), CLIENT),
            Via::Grant,
        );
    }
    assert!(decide(&grants, &send("192.0.0.0:4", CLIENT)).is_err());
}

/// Not a bench: it only catches what grows with the square of the number of patterns.
#[test]
fn ten_thousand_patterns_are_read_and_flattened_soon() {
    let start = Instant::now();
    let mut grants = Grants::new();
    for index in 0..10_000_u32 {
        let [_, _, high, low] = index.to_be_bytes();
        let text = match index % 4 {
            0 => format!("10.{high}.{low}.0/24:{}", index + 1),
            1 => format!("[2001:db8:{high:x}:{low:x}::/64]:{}", index + 1),
            2 => format!("@global:{}", index + 1),
            _ => format!("[2001:db8:{high:x}:{low:x}::{low:x}]:*"),
        };
        grants.allow(Right::Send, &text).unwrap();
    }
    grants.prepare();
    let took = start.elapsed();
    println!("{took:?}");
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn a_permitted_datagram_allocates_nothing() {
    let grants = grants("allow send @private:53\n allow send [fe80::1%2]:1,3,5,7,9,11,13,15,17,19,21\n deny send *:53");
    grants.prepare();
    let requests = [
        send("10.0.0.7:53", CLIENT),
        send("[fe80::1%2]:21", CLIENT),
        send("[fd00::1]:53", CLIENT),
        send("8.8.8.8:54", REPLY),
        send("[64:ff9b::808:808]:54", REPLY),
    ];
    let counted = allocation_counter::measure(|| {
        for request in &requests {
            assert!(decide(&grants, request).is_ok());
        }
    });
    assert_eq!(counted.count_total, 0);
}
