//! Addresses: the contract's, the host's and std's, and what may be done with them.
//!
//! Inside the adapter an address is a canonical `std::net::SocketAddr`, so that `==` means "the same peer": flow info is
//! 0, and so is the scope id unless the address is link-local.

use crate::bindings::datagrant::dgram::types::{
    ErrorCode, IpAddress, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress,
};
use crate::bindings::net;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

fn v4((a, b, c, d): (u8, u8, u8, u8), port: u16) -> SocketAddr {
    SocketAddrV4::new(Ipv4Addr::new(a, b, c, d), port).into()
}

/// Traps avoided: wasmtime-wasi drops whatever does not compare equal to the connected address, flow info and scope id
/// included, so a socket connected with a flow info would receive nothing; and Linux accepts any scope id on an address
/// that has none.
#[allow(clippy::many_single_char_names, reason = "the eight groups of an address")]
fn v6((a, b, c, d, e, f, g, h): (u16, u16, u16, u16, u16, u16, u16, u16), port: u16, scope: u32) -> SocketAddr {
    let ip = Ipv6Addr::new(a, b, c, d, e, f, g, h);
    let scope = if has_scope(ip) { scope } else { 0 };
    SocketAddrV6::new(ip, port, 0, scope).into()
}

/// Link-local unicast (fe80::/10), and multicast of interface and link scope (ff01::/16, ff02::/16).
fn has_scope(ip: Ipv6Addr) -> bool {
    let first = ip.segments()[0];
    ip.is_unicast_link_local() || matches!(first & 0xff0f, 0xff01 | 0xff02)
}

pub(crate) fn from_contract(address: IpSocketAddress) -> SocketAddr {
    match address {
        IpSocketAddress::Ipv4(a) => v4(a.address, a.port),
        IpSocketAddress::Ipv6(a) => v6(a.address, a.port, a.scope_id),
    }
}

pub(crate) fn from_wasi(address: net::IpSocketAddress) -> SocketAddr {
    match address {
        net::IpSocketAddress::Ipv4(a) => v4(a.address, a.port),
        net::IpSocketAddress::Ipv6(a) => v6(a.address, a.port, a.scope_id),
    }
}

/// "This function never returns IPv4-mapped IPv6 addresses" (`resolve-next-address`).
pub(crate) fn ip_from_wasi(ip: net::IpAddress) -> IpAddr {
    match ip {
        net::IpAddress::Ipv4(ip) => v4(ip, 0).ip(),
        net::IpAddress::Ipv6(ip) => v6(ip, 0, 0).ip(),
    }
}

pub(crate) fn ip_to_contract(ip: IpAddr) -> IpAddress {
    match ip {
        IpAddr::V4(ip) => IpAddress::Ipv4(ip.octets().into()),
        IpAddr::V6(ip) => IpAddress::Ipv6(ip.segments().into()),
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

pub(crate) fn to_wasi(address: SocketAddr) -> net::IpSocketAddress {
    match address {
        SocketAddr::V4(a) => net::IpSocketAddress::Ipv4(net::Ipv4SocketAddress {
            port: a.port(),
            address: a.ip().octets().into(),
        }),
        SocketAddr::V6(a) => net::IpSocketAddress::Ipv6(net::Ipv6SocketAddress {
            port: a.port(),
            flow_info: a.flowinfo(),
            address: a.ip().segments().into(),
            scope_id: a.scope_id(),
        }),
    }
}

pub(crate) fn wasi_family(family: IpAddressFamily) -> net::IpAddressFamily {
    match family {
        IpAddressFamily::Ipv4 => net::IpAddressFamily::Ipv4,
        IpAddressFamily::Ipv6 => net::IpAddressFamily::Ipv6,
    }
}

/// Any address and any port of a family.
pub(crate) fn any(family: IpAddressFamily) -> SocketAddr {
    match family {
        IpAddressFamily::Ipv4 => (Ipv4Addr::UNSPECIFIED, 0).into(),
        IpAddressFamily::Ipv6 => (Ipv6Addr::UNSPECIFIED, 0).into(),
    }
}

/// The canonical form of an address that a socket of `family` can use at all. `wasi:sockets` is always IPv6-only, so an
/// IPv4-mapped address is `invalid-argument` here, where the native provider takes it as IPv4 on a dual-stack socket.
fn usable(address: SocketAddr, family: IpAddressFamily) -> Result<SocketAddr, ErrorCode> {
    let ok = match (address, family) {
        (SocketAddr::V4(_), IpAddressFamily::Ipv4) => true,
        (SocketAddr::V6(a), IpAddressFamily::Ipv6) => {
            let zone_missing = a.ip().is_unicast_link_local() && a.scope_id() == 0;
            a.ip().to_ipv4_mapped().is_none() && !zone_missing
        }
        _ => false,
    };
    if ok {
        Ok(address)
    } else {
        Err(ErrorCode::InvalidArgument)
    }
}

/// An address to bind to. A group is refused as in the native provider: binding to one needs `join`, which is not here.
pub(crate) fn local(address: IpSocketAddress, family: IpAddressFamily) -> Result<SocketAddr, ErrorCode> {
    let address = usable(from_contract(address), family)?;
    if address.ip().is_multicast() {
        Err(ErrorCode::AccessDenied)
    } else {
        Ok(address)
    }
}

/// An address to send or connect to. "No address" must never come to mean loopback or the LAN, and there is no
/// broadcast over `wasi:sockets`: the kernel would refuse it with EACCES, but an emulated connect never asks it.
pub(crate) fn destination(address: IpSocketAddress, family: IpAddressFamily) -> Result<SocketAddr, ErrorCode> {
    destination_std(from_contract(address), family)
}

/// The same, for an address that did not come as the contract's variant.
pub(crate) fn destination_std(address: SocketAddr, family: IpAddressFamily) -> Result<SocketAddr, ErrorCode> {
    let address = usable(address, family)?;
    let broadcast = matches!(address, SocketAddr::V4(a) if a.ip().is_broadcast());
    if address.port() == 0 || address.ip().is_unspecified() || broadcast {
        return Err(ErrorCode::AccessDenied);
    }
    Ok(address)
}

/// The canonical form of an address in 16 bytes, as burst headers hold it.
pub(crate) fn from_bytes(ip: [u8; 16], port: u16, scope: u32) -> SocketAddr {
    let ip = Ipv6Addr::from(ip);
    match ip.to_ipv4_mapped() {
        Some(ip) => (ip, port).into(),
        None => v6(ip.segments().into(), port, scope),
    }
}

/// The opposite: 16 bytes in network order, IPv4 as mapped, and the scope id.
pub(crate) fn to_bytes(address: SocketAddr) -> ([u8; 16], u32) {
    match address {
        SocketAddr::V4(a) => (a.ip().to_ipv6_mapped().octets(), 0),
        SocketAddr::V6(a) => (a.ip().octets(), a.scope_id()),
    }
}
