//! Addresses: std's to the contract's and back.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};

use crate::bindings::types::{IpAddress, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress};

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

pub(crate) fn ip_to_contract(address: IpAddr) -> IpAddress {
    match address {
        IpAddr::V4(a) => IpAddress::Ipv4(a.octets().into()),
        IpAddr::V6(a) => IpAddress::Ipv6(a.segments().into()),
    }
}

pub(crate) fn ip_from_contract(address: IpAddress) -> IpAddr {
    match address {
        IpAddress::Ipv4(a) => Ipv4Addr::from(<[u8; 4]>::from(a)).into(),
        IpAddress::Ipv6(a) => Ipv6Addr::from(<[u16; 8]>::from(a)).into(),
    }
}

impl From<SocketAddr> for IpSocketAddress {
    fn from(address: SocketAddr) -> Self {
        to_contract(address)
    }
}

impl From<IpSocketAddress> for SocketAddr {
    fn from(address: IpSocketAddress) -> Self {
        from_contract(address)
    }
}

impl From<IpAddr> for IpAddress {
    fn from(address: IpAddr) -> Self {
        ip_to_contract(address)
    }
}

impl From<IpAddress> for IpAddr {
    fn from(address: IpAddress) -> Self {
        ip_from_contract(address)
    }
}
