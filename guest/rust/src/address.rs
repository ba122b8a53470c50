//! Addresses: std's to the contract's and back, and a `ToSocketAddrs` of our own, because std's would bring the import
//! `wasi:sockets/ip-name-lookup` into every guest.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::{io, iter, slice, vec};

use crate::Family;
use crate::bindings::types::{IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress};

/// What can stand for one or more socket addresses, as [`std::net::ToSocketAddrs`], but without looking names up.
///
/// Text holds a numeric address, or `localhost` or a name below it, which is loopback without a lookup (RFC 6761,
/// section 6.3): `127.0.0.1`, then `::1`. Any other name is [`io::ErrorKind::Unsupported`] for now.
///
/// ```
/// use datagrant_guest::ToSocketAddrs;
///
/// let both: Vec<_> = "localhost:53".to_socket_addrs()?.collect();
/// assert_eq!(both, ["127.0.0.1:53".parse().unwrap(), "[::1]:53".parse().unwrap()]);
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait ToSocketAddrs {
    /// The addresses, in the order in which they are tried.
    type Iter: Iterator<Item = SocketAddr>;

    /// The addresses that this stands for.
    fn to_socket_addrs(&self) -> io::Result<Self::Iter>;
}

/// The types that stand for exactly one address.
macro_rules! one_address {
    ($($from:ty),*) => {$(
        impl ToSocketAddrs for $from {
            type Iter = iter::Once<SocketAddr>;

            fn to_socket_addrs(&self) -> io::Result<Self::Iter> {
                Ok(iter::once(SocketAddr::from(*self)))
            }
        }
    )*};
}
one_address!(
    SocketAddr,
    SocketAddrV4,
    SocketAddrV6,
    (IpAddr, u16),
    (Ipv4Addr, u16),
    (Ipv6Addr, u16)
);

impl ToSocketAddrs for (&str, u16) {
    type Iter = vec::IntoIter<SocketAddr>;

    fn to_socket_addrs(&self) -> io::Result<Self::Iter> {
        let (host, port) = *self;
        if let Ok(ip) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(ip, port)].into_iter());
        }
        // With a zone (`fe80::1%2`) std reads it only as part of a socket address.
        if let Ok(address) = format!("[{host}]:{port}").parse::<SocketAddrV6>() {
            return Ok(vec![SocketAddr::V6(address)].into_iter());
        }
        if is_localhost(host) {
            let loopback = [loopback(Family::Ipv4), loopback(Family::Ipv6)];
            return Ok(loopback.map(|ip| SocketAddr::new(ip, port)).to_vec().into_iter());
        }
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            format!("names are not resolved yet: {host:?}"),
        ))
    }
}

impl ToSocketAddrs for (String, u16) {
    type Iter = vec::IntoIter<SocketAddr>;

    fn to_socket_addrs(&self) -> io::Result<Self::Iter> {
        (self.0.as_str(), self.1).to_socket_addrs()
    }
}

impl ToSocketAddrs for str {
    type Iter = vec::IntoIter<SocketAddr>;

    fn to_socket_addrs(&self) -> io::Result<Self::Iter> {
        if let Ok(address) = self.parse::<SocketAddr>() {
            return Ok(vec![address].into_iter());
        }
        let invalid = |what| io::Error::new(io::ErrorKind::InvalidInput, format!("{what}: {self:?}"));
        let (host, port) = self.rsplit_once(':').ok_or_else(|| invalid("no port in the address"))?;
        let port = port.parse().map_err(|_| invalid("no valid port in the address"))?;
        // `::1:80` has no one meaning, and `[...]` that did not parse has none.
        if host.is_empty() || host.contains([':', '[', ']']) {
            return Err(invalid("not an address (IPv6 stands in brackets: [::1]:41234)"));
        }
        (host, port).to_socket_addrs()
    }
}

impl ToSocketAddrs for String {
    type Iter = vec::IntoIter<SocketAddr>;

    fn to_socket_addrs(&self) -> io::Result<Self::Iter> {
        self.as_str().to_socket_addrs()
    }
}

impl<'a> ToSocketAddrs for &'a [SocketAddr] {
    type Iter = iter::Copied<slice::Iter<'a, SocketAddr>>;

    fn to_socket_addrs(&self) -> io::Result<Self::Iter> {
        Ok(self.iter().copied())
    }
}

impl<T: ToSocketAddrs + ?Sized> ToSocketAddrs for &T {
    type Iter = T::Iter;

    fn to_socket_addrs(&self) -> io::Result<Self::Iter> {
        (**self).to_socket_addrs()
    }
}

/// "The domain "localhost." and any names falling within ".localhost."" (RFC 6761, section 6.3).
fn is_localhost(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    host == "localhost" || host.strip_suffix(".localhost").is_some_and(|rest| !rest.is_empty())
}

fn loopback(family: Family) -> IpAddr {
    match family {
        Family::Ipv4 => Ipv4Addr::LOCALHOST.into(),
        Family::Ipv6 => Ipv6Addr::LOCALHOST.into(),
    }
}

pub(crate) fn family(address: &SocketAddr) -> Family {
    if address.is_ipv4() { Family::Ipv4 } else { Family::Ipv6 }
}

/// A destination: the unspecified address means loopback, as in Node. (Providers refuse it; the kernel would make it
/// whatever address it likes.)
pub(crate) fn destination(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(loopback(family(&address)));
    }
    address
}

/// The first address that a socket of `family` can use.
pub(crate) fn first(addresses: impl ToSocketAddrs, wanted: Family) -> io::Result<SocketAddr> {
    addresses
        .to_socket_addrs()?
        .find(|a| family(a) == wanted)
        .ok_or_else(|| {
            let family = if wanted == Family::Ipv4 { "IPv4" } else { "IPv6" };
            io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("no address that an {family} socket can use"),
            )
        })
}

/// Calls `attempt` with each address until one works; the last error otherwise, as std does.
pub(crate) fn each<T>(
    addresses: impl ToSocketAddrs,
    mut attempt: impl FnMut(SocketAddr) -> io::Result<T>,
) -> io::Result<T> {
    let mut last = None;
    for address in addresses.to_socket_addrs()? {
        match attempt(address) {
            Ok(done) => return Ok(done),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no addresses to try")))
}

/// Flow information does not tell peers apart.
pub(crate) fn same_peer(one: &SocketAddr, other: &SocketAddr) -> bool {
    match (one, other) {
        (SocketAddr::V6(a), SocketAddr::V6(b)) => (a.ip(), a.port(), a.scope_id()) == (b.ip(), b.port(), b.scope_id()),
        _ => one == other,
    }
}

pub(crate) fn to_contract(address: SocketAddr) -> IpSocketAddress {
    match address {
        SocketAddr::V4(a) => IpSocketAddress::Ipv4(Ipv4SocketAddress {
            port: a.port(),
            address: a.ip().octets().into(),
        }),
        SocketAddr::V6(a) => IpSocketAddress::Ipv6(Ipv6SocketAddress {
            port: a.port(),
            flow_info: a.flowinfo(),
            address: a.ip().segments().into(),
            scope_id: a.scope_id(),
        }),
    }
}

pub(crate) fn from_contract(address: IpSocketAddress) -> SocketAddr {
    match address {
        IpSocketAddress::Ipv4(a) => SocketAddr::from((<[u8; 4]>::from(a.address), a.port)),
        IpSocketAddress::Ipv6(a) => {
            let ip = Ipv6Addr::from(<[u16; 8]>::from(a.address));
            SocketAddr::V6(SocketAddrV6::new(ip, a.port, a.flow_info, a.scope_id))
        }
    }
}

#[cfg(test)]
#[path = "tests/address.rs"]
mod tests;
