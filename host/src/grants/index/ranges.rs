//! Hosts as ranges of addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::super::pattern::{Family, List};
use super::super::{Class, Host, Zone};
use super::table::Key;

/// First and last address of each range, disjoint; the same answer as [`Host::covers`], but for addresses that no
/// endpoint has (IPv4-mapped ones).
#[derive(Default)]
pub(super) struct Ranges {
    pub(super) v4: Vec<(u32, u32)>,
    pub(super) v6: Vec<(u128, u128)>,
    /// One address on one interface.
    pub(super) zoned: Option<(u128, Zone)>,
}

const GROUPS_V4: (u32, u32) = (0xe000_0000, 0xefff_ffff);
const GROUPS_V6: (u128, u128) = (0xff << 120, u128::MAX);
/// 255.255.255.255.
const LIMITED: (u32, u32) = (u32::MAX, u32::MAX);

/// Where the class of an address may change, as prefixes: those of the registries in `class.rs`.
const EDGES_V4: [([u8; 4], u8); 16] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 0, 9], 32),
    ([192, 0, 0, 10], 32),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 3),
];

/// See [`EDGES_V4`].
const EDGES_V6: [([u16; 8], u8); 14] = [
    ([0, 0, 0, 0, 0, 0, 0, 1], 128),
    ([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96),
    ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    ([0x2001, 1, 0, 0, 0, 0, 0, 1], 128),
    ([0x2001, 1, 0, 0, 0, 0, 0, 2], 127),
    ([0x2001, 3, 0, 0, 0, 0, 0, 0], 32),
    ([0x2001, 4, 0x112, 0, 0, 0, 0, 0], 48),
    ([0x2001, 0x20, 0, 0, 0, 0, 0, 0], 27),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7),
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10),
];

impl Ranges {
    pub(super) fn of(host: &Host, list: List) -> Ranges {
        let mut ranges = Ranges::default();
        match host {
            Host::Wildcard(Family::V4) => ranges.v4 = without((0, u32::MAX), &[GROUPS_V4, LIMITED]),
            Host::Wildcard(Family::V6) => ranges.v6 = without((0, u128::MAX), &[GROUPS_V6]),
            Host::Address { ip: IpAddr::V4(ip), .. } => ranges.v4.push((ip.to_bits(), ip.to_bits())),
            Host::Address {
                ip: IpAddr::V6(ip),
                zone,
            } => match zone {
                Some(zone) => ranges.zoned = Some((ip.to_bits(), *zone)),
                None => ranges.v6.push((ip.to_bits(), ip.to_bits())),
            },
            Host::Net(IpNet::V4(net)) => {
                let holes = [(0, 0), GROUPS_V4, LIMITED];
                ranges.v4 = without(of_v4(net), if list == List::Allow { &holes } else { &[] });
            }
            Host::Net(IpNet::V6(net)) => {
                let holes = [(0, 0), GROUPS_V6];
                ranges.v6 = without(of_v6(net), if list == List::Allow { &holes } else { &[] });
            }
            // Searched as they are.
            Host::Name(_) | Host::NamesUnder(_) | Host::AnyName | Host::Groups { .. } => {}
            Host::Class(class) => {
                let v4 = EDGES_V4.map(|(ip, length)| of_v4(&Ipv4Net::new_assert(ip.into(), length)));
                let v6 = EDGES_V6.map(|(ip, length)| of_v6(&Ipv6Net::new_assert(ip.into(), length)));
                let is = |ip| Class::of(ip) == Some(*class);
                ranges.v4 = between((0, u32::MAX), &v4, |ip| is(Ipv4Addr::from_bits(ip).into()));
                ranges.v6 = between((0, u128::MAX), &v6, |ip| is(Ipv6Addr::from_bits(ip).into()));
            }
        }
        ranges
    }
}

fn of_v4(net: &Ipv4Net) -> (u32, u32) {
    (net.network().to_bits(), net.broadcast().to_bits())
}

fn of_v6(net: &Ipv6Net) -> (u128, u128) {
    (net.network().to_bits(), net.broadcast().to_bits())
}

/// What is left of a range.
fn without<K: Key>(range: (K, K), holes: &[(K, K)]) -> Vec<(K, K)> {
    between(range, holes, |address| {
        !holes.iter().any(|hole| hole.0 <= address && address <= hole.1)
    })
}

/// A range cut at the bounds of others, and of its pieces those whose first address is wanted.
fn between<K: Key>(range: (K, K), others: &[(K, K)], wanted: impl Fn(K) -> bool) -> Vec<(K, K)> {
    let (first, last) = range;
    let inside = |edge: &K| first < *edge && *edge <= last;
    let edges = others
        .iter()
        .flat_map(|other| [Some(other.0), other.1.after()])
        .flatten();
    let mut starts: Vec<K> = edges.filter(inside).chain([first]).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut pieces = Vec::new();
    for (index, &start) in starts.iter().enumerate() {
        if wanted(start) {
            let end = starts.get(index + 1).map_or(last, |next| next.before());
            pieces.push((start, end));
        }
    }
    pieces
}
