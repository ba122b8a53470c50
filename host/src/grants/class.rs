//! Address classes: `@loopback`, `@private`, `@link-local`, `@global`.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A class of unicast addresses that a pattern may name. An address is in one class at most.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Class {
    /// `@loopback`: `127.0.0.0/8` and `::1`.
    Loopback,
    /// `@private`: `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16` (RFC 1918) and `fc00::/7` (RFC 4193).
    Private,
    /// `@link-local`: `169.254.0.0/16` (RFC 3927) and `fe80::/10` (RFC 4291), on every interface.
    LinkLocal,
    /// `@global` or `*`: see [`is_global`].
    Global,
}

impl Class {
    /// Every class.
    pub const ALL: [Class; 4] = [Class::Loopback, Class::Private, Class::LinkLocal, Class::Global];

    /// The class of an address; none for groups, broadcast, unspecified, and addresses that are reserved, shared or
    /// for documentation.
    pub fn of(ip: IpAddr) -> Option<Class> {
        let ip = ip.to_canonical();
        if ip.is_loopback() {
            Some(Class::Loopback)
        } else if is_private(ip) {
            Some(Class::Private)
        } else if is_link_local(ip) {
            Some(Class::LinkLocal)
        } else if is_global(ip) {
            Some(Class::Global)
        } else {
            None
        }
    }

    /// The class as patterns spell it, with its `@`.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Loopback => "@loopback",
            Class::Private => "@private",
            Class::LinkLocal => "@link-local",
            Class::Global => "@global",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether an address is private: RFC 1918, or unique local (`fc00::/7`, RFC 4193).
pub fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_private(),
        IpAddr::V6(ip) => ip.is_unique_local(),
    }
}

/// Whether an address is link-local unicast: `169.254.0.0/16` or `fe80::/10`.
pub fn is_link_local(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

/// Whether an address is global unicast: what the IANA special-purpose address registries (RFC 6890) call "globally
/// reachable", or do not list at all within the space that is allocated for global unicast.
///
/// Where the registry says "N/A" (6to4, Teredo, ORCHID, the 6to4 relay anycast) the answer is no. Multicast never is
/// global here. An IPv4-mapped address is judged as IPv4.
pub fn is_global(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_global_v4(ip),
        IpAddr::V6(ip) => is_global_v6(ip),
    }
}

/// <https://www.iana.org/assignments/iana-ipv4-special-registry>
fn is_global_v4(ip: Ipv4Addr) -> bool {
    match ip.octets() {
        [192, 0, 0, 9 | 10] => true,                                    // PCP and TURN anycast
        [0 | 10 | 127, ..] => false,                                    // this network, private, loopback
        [100, 64..=127, ..] => false,                                   // shared address space, RFC 6598
        [169, 254, ..] => false,                                        // link local
        [172, 16..=31, ..] | [192, 168, ..] => false,                   // private
        [192, 0, 0, _] => false,                                        // IETF protocol assignments
        [192, 88, 99, _] => false,                                      // 6to4 relay anycast, deprecated
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => false, // documentation
        [198, 18..=19, ..] => false,                                    // benchmarking
        [224..=255, ..] => false,                                       // multicast, reserved, limited broadcast
        _ => true,
    }
}

/// <https://www.iana.org/assignments/iana-ipv6-special-registry>; outside of `2000::/3` only NAT64 is global.
fn is_global_v6(ip: Ipv6Addr) -> bool {
    match ip.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => true, // NAT64; its IPv4 address is judged as well
        [0x2001, 1, 0, 0, 0, 0, 0, 1..=3] => true, // PCP, TURN and DNS-SD anycast
        [0x2001, 3, ..] => true,                // AMT
        [0x2001, 4, 0x112, ..] => true,         // AS112
        [0x2001, 0x20..=0x3f, ..] => true,      // ORCHIDv2, drone remote identification
        [0x2001, 0..=0x1ff, ..] => false,       // IETF protocol assignments, Teredo, benchmarking
        [0x2001, 0xdb8, ..] => false,           // documentation
        [0x2002, ..] => false,                  // 6to4
        [0x3fff, 0..=0xfff, ..] => false,       // documentation
        [first, ..] => first & 0xe000 == 0x2000,
    }
}
