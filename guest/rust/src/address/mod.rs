//! What stands for an address: a `ToSocketAddrs` of our own, because std's would bring the import
//! `wasi:sockets/ip-name-lookup` into every guest, and because only a name may have to be waited for.

mod convert;
mod info;
mod interface;
mod text;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::{io, vec};

use crate::error::Refusal;
use crate::{Error, Family, names};
pub(crate) use convert::{from_contract, ip_from_contract, ip_to_contract, same_peer, to_contract};
pub use info::AddressInfo;
pub use interface::Interface;

/// What can stand for one or more socket addresses, as [`std::net::ToSocketAddrs`].
///
/// Text holds a numeric address or a name, and a port: `127.0.0.1:53`, `[fe80::1%eth0]:53`, `example.com:53`. A number
/// alone is a port: of every address of this host in a bind, of loopback as a destination.
///
/// Only names that are not numeric are looked up, by the contract's `name-lookup`, and not `localhost` and what is below
/// it, which is loopback (RFC 6761, section 6.3): `127.0.0.1`, then `::1`.
///
/// ```
/// use datagrant_guest::ToSocketAddrs;
///
/// let both: Vec<_> = "localhost:53".to_socket_addrs()?.collect();
/// assert_eq!(both, ["127.0.0.1:53".parse().unwrap(), "[::1]:53".parse().unwrap()]);
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait ToSocketAddrs {
    /// What this stands for, without looking a name up.
    fn endpoint(&self) -> io::Result<Endpoint>;

    /// The addresses, in the order in which they are tried. Waits while a name is looked up; an
    /// [`EventLoop`](crate::EventLoop) does not call this.
    fn to_socket_addrs(&self) -> io::Result<vec::IntoIter<SocketAddr>> {
        Ok(self.endpoint()?.resolve(None)?.into_iter())
    }
}

/// What stands for an address, read but not looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// This address.
    Address(SocketAddr),
    /// Any of these, in the order in which they are tried.
    Addresses(Vec<SocketAddr>),
    /// The addresses of this name, with this port.
    Name(String, u16),
    /// No address: every one of this host in a bind, loopback as a destination.
    Port(u16),
}

impl Endpoint {
    /// With names looked up, for `family` if it is given. Waits for that.
    pub(crate) fn resolve(self, family: Option<Family>) -> io::Result<Vec<SocketAddr>> {
        Ok(match self {
            Self::Address(address) => vec![address],
            Self::Addresses(all) => all,
            Self::Name(name, port) => {
                let found = names::lookup(&name, family)?;
                found.into_iter().map(|ip| SocketAddr::new(ip, port)).collect()
            }
            Self::Port(port) => [unspecified(Family::Ipv4), unspecified(Family::Ipv6)]
                .map(|ip| SocketAddr::new(ip, port))
                .to_vec(),
        })
    }

    /// The address that a socket of `family` uses: the first that fits. A name, with its port, is the error.
    pub(crate) fn literal(
        self,
        syscall: &'static str,
        family: Family,
    ) -> Result<io::Result<SocketAddr>, (String, u16)> {
        Ok(match self {
            Self::Name(name, port) => return Err((name, port)),
            Self::Port(port) => Ok(SocketAddr::new(unspecified(family), port)),
            Self::Address(address) => fitting(syscall, &[address], family),
            Self::Addresses(all) => fitting(syscall, &all, family),
        })
    }

    /// Whether it is sure that nothing can be sent there.
    pub(crate) fn is_port_zero(&self) -> bool {
        match self {
            Self::Address(address) => address.port() == 0,
            Self::Addresses(all) => all.iter().all(|address| address.port() == 0),
            Self::Name(_, port) | Self::Port(port) => *port == 0,
        }
    }
}

/// The types that stand for exactly one address.
macro_rules! one_address {
    ($($from:ty),*) => {$(
        impl ToSocketAddrs for $from {
            fn endpoint(&self) -> io::Result<Endpoint> {
                Ok(Endpoint::Address(SocketAddr::from(*self)))
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

impl ToSocketAddrs for u16 {
    fn endpoint(&self) -> io::Result<Endpoint> {
        Ok(Endpoint::Port(*self))
    }
}

/// An empty name is no address, as in Node.
impl ToSocketAddrs for (&str, u16) {
    fn endpoint(&self) -> io::Result<Endpoint> {
        text::host(self.0, self.1)
    }
}

impl ToSocketAddrs for (String, u16) {
    fn endpoint(&self) -> io::Result<Endpoint> {
        text::host(&self.0, self.1)
    }
}

impl ToSocketAddrs for str {
    fn endpoint(&self) -> io::Result<Endpoint> {
        text::host_and_port(self)
    }
}

impl ToSocketAddrs for String {
    fn endpoint(&self) -> io::Result<Endpoint> {
        text::host_and_port(self)
    }
}

impl ToSocketAddrs for [SocketAddr] {
    fn endpoint(&self) -> io::Result<Endpoint> {
        Ok(Endpoint::Addresses(self.to_vec()))
    }
}

impl ToSocketAddrs for Endpoint {
    fn endpoint(&self) -> io::Result<Endpoint> {
        Ok(self.clone())
    }
}

impl<T: ToSocketAddrs + ?Sized> ToSocketAddrs for &T {
    fn endpoint(&self) -> io::Result<Endpoint> {
        (**self).endpoint()
    }
}

fn loopback(family: Family) -> IpAddr {
    match family {
        Family::Ipv4 => Ipv4Addr::LOCALHOST.into(),
        Family::Ipv6 => Ipv6Addr::LOCALHOST.into(),
    }
}

fn unspecified(family: Family) -> IpAddr {
    match family {
        Family::Ipv4 => Ipv4Addr::UNSPECIFIED.into(),
        Family::Ipv6 => Ipv6Addr::UNSPECIFIED.into(),
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

/// The first of the addresses that a socket of `wanted` can use.
pub(crate) fn fitting(syscall: &'static str, all: &[SocketAddr], wanted: Family) -> io::Result<SocketAddr> {
    if let Some(address) = all.iter().find(|a| family(a) == wanted) {
        return Ok(*address);
    }
    Err(match all.first() {
        Some(first) => Error::refused_for(syscall, Refusal::Family, *first).into(),
        None => io::Error::new(io::ErrorKind::InvalidInput, "no addresses to try"),
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

#[cfg(test)]
#[path = "../tests/address.rs"]
mod tests;
