//! An address as Node tells it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use crate::{Family, provider};

/// What Node's `address()`, `remoteAddress()` and `rinfo` hold: the address as text, with the name of its zone where it
/// is link-local, its family and its port.
///
/// ```
/// use datagrant_guest::{AddressInfo, Family};
///
/// let info = AddressInfo::from("192.0.2.1:53".parse::<std::net::SocketAddr>().unwrap());
/// assert_eq!((info.address.as_str(), info.family, info.port), ("192.0.2.1", Family::Ipv4, 53));
/// assert_eq!(info.family.to_string(), "IPv4");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressInfo {
    /// `192.0.2.1`, `2001:db8::1`, `fe80::1%eth0`. Where the zone's name is not for this guest to know, its number.
    pub address: String,
    /// Its [`Display`](fmt::Display) is `IPv4` or `IPv6`.
    pub family: Family,
    /// The port.
    pub port: u16,
}

impl From<SocketAddr> for AddressInfo {
    fn from(address: SocketAddr) -> Self {
        let zone = match address {
            SocketAddr::V6(a) if a.scope_id() != 0 => {
                let index = a.scope_id();
                format!("%{}", provider::zone_name(index).unwrap_or_else(|_| index.to_string()))
            }
            _ => String::new(),
        };
        Self {
            address: format!("{}{zone}", address.ip()),
            family: super::family(&address),
            port: address.port(),
        }
    }
}

/// `192.0.2.1:53`, `[fe80::1%eth0]:53`.
impl fmt::Display for AddressInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.family {
            Family::Ipv4 => write!(f, "{}:{}", self.address, self.port),
            Family::Ipv6 => write!(f, "[{}]:{}", self.address, self.port),
        }
    }
}

/// `IPv4` or `IPv6`, as in Node's `family`.
impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
        })
    }
}

impl From<IpAddr> for Family {
    fn from(address: IpAddr) -> Self {
        if address.is_ipv4() { Self::Ipv4 } else { Self::Ipv6 }
    }
}
