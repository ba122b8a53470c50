//! In which order to try addresses: RFC 6724 section 6, as far as it can be told without the interfaces: rules 1, 2, 5, 6
//! and 8; then as the server answered.

use super::answer::Found;
use crate::grants::Pins;
use crate::sys;
use std::cmp::Reverse;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The addresses to try, in order, no more than can be pinned; of each family half of them, if there are so many.
pub(super) fn to_try(mut v4: Vec<Found>, mut v6: Vec<Found>) -> Vec<Found> {
    const MAX: usize = Pins::MAX_ADDRESSES;
    let (count_4, count_6) = (v4.len().min(MAX), v6.len().min(MAX));
    v4.truncate(count_4.min(MAX - count_6.min(MAX / 2)));
    v6.truncate(MAX - v4.len());
    let mut all = [v6, v4].concat();
    // A system call that sends nothing asks for the source; it is asked once for each.
    // Any port will do.
    all.sort_by_cached_key(|(ip, _)| key(*ip, sys::source_of(SocketAddr::new(*ip, 9))));
    all
}

/// What comes first is less. `source`: the address that the system would send from; none: it knows no way.
pub(super) fn key(ip: IpAddr, source: Option<IpAddr>) -> impl Ord {
    let (precedence, label) = policy(ip);
    let usable = source.is_some();
    let same_scope = source.is_some_and(|source| scope(source) == scope(ip));
    let same_label = source.is_some_and(|source| policy(source).1 == label);
    (!usable, !same_scope, !same_label, Reverse(precedence), scope(ip))
}

/// Precedence and label, of the table in section 2.1.
fn policy(ip: IpAddr) -> (u8, u8) {
    match mapped(ip).segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => (50, 0),
        [0, 0, 0, 0, 0, 0xffff, ..] => (35, 4),
        [0, 0, 0, 0, 0, 0, ..] => (1, 3),
        [0x2001, 0, ..] => (5, 5),
        [0x2002, ..] => (30, 2),
        [0x3ffe, ..] => (1, 12),
        [first, ..] if first & 0xffc0 == 0xfec0 => (1, 11),
        [first, ..] if first & 0xfe00 == 0xfc00 => (3, 13),
        _ => (40, 1),
    }
}

/// Section 3.1 and 3.2: link-local (loopback too), site-local or global.
fn scope(ip: IpAddr) -> u8 {
    let ip = ip.to_canonical();
    let link_local = match ip {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unicast_link_local(),
    };
    match mapped(ip).segments()[0] {
        _ if link_local => 0x2,
        first if first & 0xffc0 == 0xfec0 => 0x5,
        first if first & 0xff00 == 0xff00 => (first & 0xf) as u8,
        _ => 0xe,
    }
}

fn mapped(ip: IpAddr) -> Ipv6Addr {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped(),
        IpAddr::V6(ip) => ip,
    }
}
