//! Canonical addresses: what is judged is what goes to the kernel.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

/// An address and a port in canonical form: as it is judged, and as it goes to the kernel.
///
/// It is the only address type that [`decide`](super::decide) takes, so that no second spelling of an address can be
/// judged otherwise than the first:
///
/// - an IPv4-mapped IPv6 address (`::ffff:a.b.c.d`, RFC 4291 section 2.5.5.2) is the IPv4 address;
/// - the flow information is 0;
/// - the scope id is 0, except on link-local addresses (`fe80::/10`; groups of link-local and interface-local scope, as
///   `ff02::/16` and `ff01::/16`), where it is required. Linux takes any scope id on a global address, and it would be a
///   second spelling.
///
/// A host on an IPv6 socket maps IPv4 addresses back (`::ffff:a.b.c.d`) for the kernel; nothing else changes.
// Numbers, not a `SocketAddr`: a decision reads them as they are. They compare as a `SocketAddr` does.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Endpoint {
    ipv6: bool,
    /// The address's bits; of an IPv4 address the lower 32.
    ip: u128,
    port: u16,
    scope: u32,
}

/// Why an address has no canonical form.
#[derive(Copy, Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// A link-local address without scope id names a different host on each link (RFC 4007 section 6).
    #[error("{0} is link-local: it needs a scope id")]
    MissingScope(Ipv6Addr),
}

impl Endpoint {
    /// The canonical form of `address`.
    ///
    /// # Errors
    ///
    /// [`EndpointError::MissingScope`] for a link-local IPv6 address whose scope id is 0.
    pub fn new(address: SocketAddr) -> Result<Endpoint, EndpointError> {
        let v6 = match address {
            SocketAddr::V4(v4) => return Ok(Endpoint::v4(*v4.ip(), v4.port())),
            SocketAddr::V6(v6) => v6,
        };
        if let Some(mapped) = v6.ip().to_ipv4_mapped() {
            return Ok(Endpoint::v4(mapped, v6.port()));
        }
        let scope = match (needs_scope(v6.ip()), v6.scope_id()) {
            (true, 0) => return Err(EndpointError::MissingScope(*v6.ip())),
            (true, scope) => scope,
            (false, _) => 0,
        };
        Ok(Endpoint {
            ipv6: true,
            ip: v6.ip().to_bits(),
            port: v6.port(),
            scope,
        })
    }

    /// The unspecified address, `0.0.0.0` or `[::]`, with a port.
    pub fn unspecified(ipv6: bool, port: u16) -> Endpoint {
        Endpoint {
            ipv6,
            ip: 0,
            port,
            scope: 0,
        }
    }

    /// An address without port and scope id.
    pub(super) fn bare(ip: IpAddr) -> Endpoint {
        match ip.to_canonical() {
            IpAddr::V4(ip) => Endpoint::v4(ip, 0),
            IpAddr::V6(ip) => Endpoint {
                ipv6: true,
                ip: ip.to_bits(),
                port: 0,
                scope: 0,
            },
        }
    }

    pub(super) fn v4(ip: Ipv4Addr, port: u16) -> Endpoint {
        Endpoint {
            ipv6: false,
            ip: ip.to_bits().into(),
            port,
            scope: 0,
        }
    }

    /// The address; never IPv4-mapped.
    pub fn ip(&self) -> IpAddr {
        match self.bits() {
            Bits::V4(ip) => Ipv4Addr::from_bits(ip).into(),
            Bits::V6(ip) => Ipv6Addr::from_bits(ip).into(),
        }
    }

    /// The address as a number.
    #[inline]
    pub(super) fn bits(&self) -> Bits {
        match self.ipv6 {
            true => Bits::V6(self.ip),
            false => Bits::V4(self.ip as u32),
        }
    }

    /// The port, 0 to 65535.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The index of the interface that a link-local IPv6 address belongs to; 0 for every other address.
    pub fn scope_id(&self) -> u32 {
        self.scope
    }

    /// The same address and port, as the standard library's type.
    pub fn socket_addr(&self) -> SocketAddr {
        match self.bits() {
            Bits::V4(ip) => SocketAddrV4::new(Ipv4Addr::from_bits(ip), self.port).into(),
            Bits::V6(ip) => SocketAddrV6::new(Ipv6Addr::from_bits(ip), self.port, 0, self.scope).into(),
        }
    }

    /// The same address with another port.
    pub fn with_port(mut self, port: u16) -> Endpoint {
        self.port = port;
        self
    }

    /// Whether it is an IPv6 address.
    pub fn is_ipv6(&self) -> bool {
        self.ipv6
    }

    /// Whether the address is `0.0.0.0` or `::`.
    pub fn is_unspecified(&self) -> bool {
        self.ip == 0
    }

    /// Whether the address is a multicast group, of either family.
    pub fn is_multicast(&self) -> bool {
        match self.bits() {
            Bits::V4(ip) => ip >> 28 == 0xe,
            Bits::V6(ip) => ip >> 120 == 0xff,
        }
    }

    /// Whether the address is `255.255.255.255`, the limited broadcast address (RFC 919).
    pub fn is_limited_broadcast(&self) -> bool {
        !self.ipv6 && self.ip as u32 == u32::MAX
    }

    /// Whether the address is a multicast group, limited broadcast or unspecified.
    pub(super) fn is_special(&self) -> bool {
        self.is_multicast() || self.is_unspecified() || self.is_limited_broadcast()
    }

    /// The IPv4 endpoint that an IPv6 address embeds, see [`embedded_ipv4`].
    pub fn embedded(&self) -> Option<Endpoint> {
        match self.bits() {
            Bits::V4(_) => None,
            Bits::V6(ip) => Some(Endpoint::v4(embedded(ip)?, self.port)),
        }
    }
}

/// An address as a number.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Bits {
    V4(u32),
    V6(u128),
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Endpoint").field(&self.socket_addr()).finish()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.socket_addr().fmt(f)
    }
}

impl From<Endpoint> for SocketAddr {
    fn from(endpoint: Endpoint) -> SocketAddr {
        endpoint.socket_addr()
    }
}

/// Whether an address means something only together with an interface: `fe80::/10`, and groups of interface-local and
/// link-local scope, whatever their flags are (RFC 4291 section 2.7). Linux asks for it in the same cases.
pub(super) fn needs_scope(ip: &Ipv6Addr) -> bool {
    ip.is_unicast_link_local() || matches!(ip.segments()[0] & 0xff0f, 0xff01 | 0xff02)
}

/// Whether a CIDR that is granted leaves this address out: multicast, limited broadcast, unspecified.
pub(super) fn is_special(ip: IpAddr) -> bool {
    ip.is_multicast() || ip.is_unspecified() || ip == Ipv4Addr::BROADCAST
}

/// The IPv4 address that an IPv6 address embeds, where a gateway or the kernel may take the datagram to it:
///
/// - IPv4-compatible `::a.b.c.d`, except `::` and `::1` (RFC 4291 section 2.5.5.1);
/// - NAT64 `64:ff9b::a.b.c.d` (RFC 6052 section 2.1);
/// - 6to4 `2002:aabb:ccdd::/48` (RFC 3056 section 2).
///
/// IPv4-mapped addresses embed nothing here: an [`Endpoint`] holds them as IPv4. Prefixes that a site chooses for its
/// NAT64 (such as `64:ff9b:1::/48`, RFC 8215) cannot be known; `@global` does not include that one.
pub fn embedded_ipv4(ip: IpAddr) -> Option<Ipv4Addr> {
    match ip {
        IpAddr::V4(_) => None,
        IpAddr::V6(ip) => embedded(ip.to_bits()),
    }
}

fn embedded(ip: u128) -> Option<Ipv4Addr> {
    let (high, low) = ((ip >> 64) as u64, ip as u64);
    let v4 = match (high, low >> 32) {
        (0, 0) if low > 1 => low,
        (0x0064_ff9b_0000_0000, 0) => low,
        _ if high >> 48 == 0x2002 => high >> 16,
        _ => return None,
    };
    Some(Ipv4Addr::from_bits(v4 as u32))
}
