//! Values of `wasi:sockets` to those of the contract, and back.

use super::generated::wasi::sockets::network as wasi;
use datagrant_guest::bindings::types::{ErrorCode, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress};

/// What the contract calls it.
pub fn code(code: wasi::ErrorCode) -> ErrorCode {
    match code {
        wasi::ErrorCode::AccessDenied => ErrorCode::AccessDenied,
        wasi::ErrorCode::NotSupported => ErrorCode::NotSupported,
        wasi::ErrorCode::InvalidArgument => ErrorCode::InvalidArgument,
        wasi::ErrorCode::OutOfMemory => ErrorCode::NoBufferSpace,
        wasi::ErrorCode::WouldBlock => ErrorCode::WouldBlock,
        wasi::ErrorCode::InvalidState => ErrorCode::InvalidState,
        wasi::ErrorCode::NewSocketLimit => ErrorCode::QuotaExceeded,
        wasi::ErrorCode::AddressNotBindable => ErrorCode::AddressNotBindable,
        wasi::ErrorCode::AddressInUse => ErrorCode::AddressInUse,
        wasi::ErrorCode::RemoteUnreachable => ErrorCode::HostUnreachable,
        wasi::ErrorCode::ConnectionRefused => ErrorCode::ConnectionRefused,
        wasi::ErrorCode::DatagramTooLarge => ErrorCode::DatagramTooLarge,
        wasi::ErrorCode::NameUnresolvable => ErrorCode::NameUnresolvable,
        wasi::ErrorCode::TemporaryResolverFailure => ErrorCode::TemporaryResolverFailure,
        wasi::ErrorCode::PermanentResolverFailure => ErrorCode::PermanentResolverFailure,
        _ => ErrorCode::Unknown,
    }
}

pub fn to_wasi(address: IpSocketAddress) -> wasi::IpSocketAddress {
    match address {
        IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address }) => {
            wasi::IpSocketAddress::Ipv4(wasi::Ipv4SocketAddress { port, address })
        }
        IpSocketAddress::Ipv6(Ipv6SocketAddress {
            port,
            flow_info,
            address,
            scope_id,
        }) => wasi::IpSocketAddress::Ipv6(wasi::Ipv6SocketAddress {
            port,
            flow_info,
            address,
            scope_id,
        }),
    }
}

pub fn from_wasi(address: wasi::IpSocketAddress) -> IpSocketAddress {
    match address {
        wasi::IpSocketAddress::Ipv4(wasi::Ipv4SocketAddress { port, address }) => {
            IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address })
        }
        wasi::IpSocketAddress::Ipv6(wasi::Ipv6SocketAddress {
            port,
            flow_info,
            address,
            scope_id,
        }) => IpSocketAddress::Ipv6(Ipv6SocketAddress {
            port,
            flow_info,
            address,
            scope_id,
        }),
    }
}
