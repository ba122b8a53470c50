//! Which interface, in the ways to say it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::ip_to_contract;
use crate::bindings::types::InterfaceRef;

/// A network interface of the host: for multicast.
///
/// ```
/// use datagrant_guest::Interface;
///
/// assert_eq!(Interface::from("eth0"), Interface::Name("eth0".into()));
/// assert_eq!(Interface::from("192.0.2.1"), Interface::Address("192.0.2.1".parse().unwrap()));
/// assert_eq!(Interface::from("::%2"), Interface::Index(2)); // Node's way for IPv6
/// assert_eq!(Interface::from("0.0.0.0"), Interface::Default);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Interface {
    /// The system's choice.
    #[default]
    Default,
    /// By its index, from 1 on.
    Index(u32),
    /// By its name.
    Name(String),
    /// By one of its addresses.
    Address(IpAddr),
}

impl Interface {
    pub(crate) fn to_contract(&self) -> InterfaceRef {
        match self {
            Self::Default => InterfaceRef::Default,
            Self::Index(index) => InterfaceRef::Index(*index),
            Self::Name(name) => InterfaceRef::Name(name.clone()),
            Self::Address(address) => InterfaceRef::Address(ip_to_contract(*address)),
        }
    }
}

/// The unspecified address is the system's choice.
impl From<IpAddr> for Interface {
    fn from(address: IpAddr) -> Self {
        if address.is_unspecified() {
            Self::Default
        } else {
            Self::Address(address)
        }
    }
}

impl From<Ipv4Addr> for Interface {
    fn from(address: Ipv4Addr) -> Self {
        IpAddr::from(address).into()
    }
}

impl From<Ipv6Addr> for Interface {
    fn from(address: Ipv6Addr) -> Self {
        IpAddr::from(address).into()
    }
}

/// The index 0 is the system's choice, as in `ipv6_mreq`.
impl From<u32> for Interface {
    fn from(index: u32) -> Self {
        if index == 0 { Self::Default } else { Self::Index(index) }
    }
}

/// An address, `::%` with the name or the index of an interface, or the name of one.
impl From<&str> for Interface {
    fn from(text: &str) -> Self {
        if let Ok(address) = text.parse::<IpAddr>() {
            return address.into();
        }
        let zone = match text.split_once('%') {
            Some((ip, zone)) if ip.parse::<Ipv6Addr>().is_ok() => zone,
            _ => return Self::Name(text.to_owned()),
        };
        match zone.parse::<u32>() {
            Ok(index) => index.into(),
            Err(_) => Self::Name(zone.to_owned()),
        }
    }
}
