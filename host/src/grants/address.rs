//! Canonical addresses: what is judged is what goes to the kernel.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};

/// An address and a port in canonical form: as it is judged, and as it goes to the kernel.
///
/// It is the only address type that [`decide`](super::decide) takes, so that no second spelling of an address can be
/// judged otherwise than the first:
///
/// - an IPv4-mapped IPv6 address (`::ffff:a.b.c.d`, RFC 4291 section 2.5.5.2) is the IPv4 address;
/// - the flow information is 0;
/// - the scope id is 0, except on link-local addresses (`fe80::/10`, `ff02::/16`), where it is required. Linux takes
///   any scope id on a global address, and it would be a second spelling.
///
/// A host on an IPv6 socket maps IPv4 addresses back (`::ffff:a.b.c.d`) for the kernel; nothing else changes.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Endpoint(SocketAddr);

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
        let SocketAddr::V6(v6) = address else {
            return Ok(Endpoint(address));
        };
        if let Some(mapped) = v6.ip().to_ipv4_mapped() {
            return Ok(Endpoint::v4(mapped, v6.port()));
        }
        let scope = match (needs_scope(v6.ip()), v6.scope_id()) {
            (true, 0) => return Err(EndpointError::MissingScope(*v6.ip())),
            (true, scope) => scope,
            (false, _) => 0,
        };
        Ok(Endpoint(SocketAddrV6::new(*v6.ip(), v6.port(), 0, scope).into()))
    }

    /// The unspecified address, `0.0.0.0` or `[::]`, with a port.
    pub fn unspecified(ipv6: bool, port: u16) -> Endpoint {
        let ip = if ipv6 {
            Ipv6Addr::UNSPECIFIED.into()
        } else {
            Ipv4Addr::UNSPECIFIED.into()
        };
        Endpoint(SocketAddr::new(ip, port))
    }

    pub(super) fn v4(ip: Ipv4Addr, port: u16) -> Endpoint {
        Endpoint(SocketAddr::new(ip.into(), port))
    }

    /// The address; never IPv4-mapped.
    pub fn ip(&self) -> IpAddr {
        self.0.ip()
    }

    /// The port, 0 to 65535.
    pub fn port(&self) -> u16 {
        self.0.port()
    }

    /// The index of the interface that a link-local IPv6 address belongs to; 0 for every other address.
    pub fn scope_id(&self) -> u32 {
        match self.0 {
            SocketAddr::V4(_) => 0,
            SocketAddr::V6(v6) => v6.scope_id(),
        }
    }

    /// The same address and port, as the standard library's type.
    pub fn socket_addr(&self) -> SocketAddr {
        self.0
    }

    /// The same address with another port.
    pub fn with_port(mut self, port: u16) -> Endpoint {
        self.0.set_port(port);
        self
    }

    /// Whether it is an IPv6 address.
    pub fn is_ipv6(&self) -> bool {
        self.0.is_ipv6()
    }

    /// Whether the address is `0.0.0.0` or `::`.
    pub fn is_unspecified(&self) -> bool {
        self.ip().is_unspecified()
    }

    /// Whether the address is a multicast group, of either family.
    pub fn is_multicast(&self) -> bool {
        self.ip().is_multicast()
    }

    /// Whether the address is `255.255.255.255`, the limited broadcast address (RFC 919).
    pub fn is_limited_broadcast(&self) -> bool {
        self.ip() == Ipv4Addr::BROADCAST
    }

    /// The IPv4 endpoint that an IPv6 address embeds, see [`embedded_ipv4`].
    pub fn embedded(&self) -> Option<Endpoint> {
        embedded_ipv4(self.ip()).map(|ip| Endpoint::v4(ip, self.port()))
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Endpoint> for SocketAddr {
    fn from(endpoint: Endpoint) -> SocketAddr {
        endpoint.0
    }
}

/// Whether an address means something only together with an interface: `fe80::/10` and `ff02::/16`.
pub(super) fn needs_scope(ip: &Ipv6Addr) -> bool {
    ip.is_unicast_link_local() || ip.segments()[0] == 0xff02
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
    let IpAddr::V6(ip) = ip else { return None };
    let low = |[_, _, _, _, _, _, a, b]: [u16; 8]| join(a, b);
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        s @ ([0, 0, 0, 0, 0, 0, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..]) => Some(low(s)),
        [0x2002, a, b, ..] => Some(join(a, b)),
        _ => None,
    }
}

fn join(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}
