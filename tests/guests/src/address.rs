//! Addresses, short to write and comparable.

use crate::bindings::types::{IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

/// The contract's own name for a family.
pub type IpFamily = IpAddressFamily;

/// An IPv4 address of the contract.
#[must_use]
pub fn v4(ip: [u8; 4], port: u16) -> IpSocketAddress {
    IpSocketAddress::Ipv4(Ipv4SocketAddress {
        port,
        address: ip.into(),
    })
}

/// An IPv6 address of the contract, without zone.
#[must_use]
pub fn v6(ip: &str, port: u16) -> IpSocketAddress {
    let ip: Ipv6Addr = ip.parse().expect("the checks write addresses that parse");
    IpSocketAddress::Ipv6(Ipv6SocketAddress {
        port,
        flow_info: 0,
        address: ip.segments().into(),
        scope_id: 0,
    })
}

/// Loopback.
#[must_use]
pub fn loopback(family: IpFamily, port: u16) -> IpSocketAddress {
    match family {
        IpFamily::Ipv4 => v4([127, 0, 0, 1], port),
        IpFamily::Ipv6 => v6("::1", port),
    }
}

/// No address in particular.
#[must_use]
pub fn unspecified(family: IpFamily, port: u16) -> IpSocketAddress {
    match family {
        IpFamily::Ipv4 => v4([0, 0, 0, 0], port),
        IpFamily::Ipv6 => v6("::", port),
    }
}

/// Any address and any port.
#[must_use]
pub fn any(family: IpFamily) -> IpSocketAddress {
    unspecified(family, 0)
}

/// Loopback, any port: what most checks bind to.
#[must_use]
pub fn any_port(family: IpFamily) -> IpSocketAddress {
    loopback(family, 0)
}

/// The same address, comparable and printable.
#[must_use]
pub fn std_address(address: IpSocketAddress) -> SocketAddr {
    match address {
        IpSocketAddress::Ipv4(a) => SocketAddrV4::new(Ipv4Addr::from(<[u8; 4]>::from(a.address)), a.port).into(),
        IpSocketAddress::Ipv6(a) => {
            let ip = Ipv6Addr::from(<[u16; 8]>::from(a.address));
            SocketAddrV6::new(ip, a.port, a.flow_info, a.scope_id).into()
        }
    }
}
