//! Values of the contract to values of the core, and back.

use crate::bindings::datagrant::dgram::types;
use crate::socket::{CreateFlags, ErrorCode, Event, Family, InterfaceRef};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

impl From<ErrorCode> for types::ErrorCode {
    fn from(code: ErrorCode) -> types::ErrorCode {
        match code {
            ErrorCode::Unknown => types::ErrorCode::Unknown,
            ErrorCode::AccessDenied => types::ErrorCode::AccessDenied,
            ErrorCode::NotSupported => types::ErrorCode::NotSupported,
            ErrorCode::InvalidArgument => types::ErrorCode::InvalidArgument,
            ErrorCode::InvalidState => types::ErrorCode::InvalidState,
            ErrorCode::WouldBlock => types::ErrorCode::WouldBlock,
            ErrorCode::AddressInUse => types::ErrorCode::AddressInUse,
            ErrorCode::AddressNotBindable => types::ErrorCode::AddressNotBindable,
            ErrorCode::DatagramTooLarge => types::ErrorCode::DatagramTooLarge,
            ErrorCode::ConnectionRefused => types::ErrorCode::ConnectionRefused,
            ErrorCode::HostUnreachable => types::ErrorCode::HostUnreachable,
            ErrorCode::NetworkUnreachable => types::ErrorCode::NetworkUnreachable,
            ErrorCode::NetworkDown => types::ErrorCode::NetworkDown,
            ErrorCode::NoSuchInterface => types::ErrorCode::NoSuchInterface,
            ErrorCode::NoBufferSpace => types::ErrorCode::NoBufferSpace,
            ErrorCode::QuotaExceeded => types::ErrorCode::QuotaExceeded,
            ErrorCode::NameUnresolvable => types::ErrorCode::NameUnresolvable,
            ErrorCode::TemporaryResolverFailure => types::ErrorCode::TemporaryResolverFailure,
            ErrorCode::PermanentResolverFailure => types::ErrorCode::PermanentResolverFailure,
        }
    }
}

impl From<types::IpAddressFamily> for Family {
    fn from(family: types::IpAddressFamily) -> Family {
        match family {
            types::IpAddressFamily::Ipv4 => Family::Ipv4,
            types::IpAddressFamily::Ipv6 => Family::Ipv6,
        }
    }
}

impl From<Family> for types::IpAddressFamily {
    fn from(family: Family) -> types::IpAddressFamily {
        match family {
            Family::Ipv4 => types::IpAddressFamily::Ipv4,
            Family::Ipv6 => types::IpAddressFamily::Ipv6,
        }
    }
}

impl From<types::CreateFlags> for CreateFlags {
    fn from(flags: types::CreateFlags) -> CreateFlags {
        CreateFlags {
            reuse_address: flags.contains(types::CreateFlags::REUSE_ADDRESS),
            reuse_port: flags.contains(types::CreateFlags::REUSE_PORT),
            ipv6_only: flags.contains(types::CreateFlags::IPV6_ONLY),
        }
    }
}

impl From<IpAddr> for types::IpAddress {
    fn from(ip: IpAddr) -> types::IpAddress {
        match ip {
            IpAddr::V4(ip) => types::IpAddress::Ipv4(ip.octets().into()),
            IpAddr::V6(ip) => types::IpAddress::Ipv6(ip.segments().into()),
        }
    }
}

impl From<types::IpSocketAddress> for SocketAddr {
    fn from(address: types::IpSocketAddress) -> SocketAddr {
        match address {
            types::IpSocketAddress::Ipv4(types::Ipv4SocketAddress {
                port,
                address: (a, b, c, d),
            }) => SocketAddrV4::new(Ipv4Addr::new(a, b, c, d), port).into(),
            types::IpSocketAddress::Ipv6(v6) => {
                let (a, b, c, d, e, f, g, h) = v6.address;
                SocketAddrV6::new(
                    Ipv6Addr::new(a, b, c, d, e, f, g, h),
                    v6.port,
                    v6.flow_info,
                    v6.scope_id,
                )
                .into()
            }
        }
    }
}

impl From<types::IpAddress> for IpAddr {
    fn from(address: types::IpAddress) -> IpAddr {
        match address {
            types::IpAddress::Ipv4((a, b, c, d)) => Ipv4Addr::new(a, b, c, d).into(),
            types::IpAddress::Ipv6((a, b, c, d, e, f, g, h)) => Ipv6Addr::new(a, b, c, d, e, f, g, h).into(),
        }
    }
}

impl From<types::InterfaceRef> for InterfaceRef {
    fn from(interface: types::InterfaceRef) -> InterfaceRef {
        match interface {
            types::InterfaceRef::Default => InterfaceRef::Default,
            types::InterfaceRef::Index(index) => InterfaceRef::Index(index),
            types::InterfaceRef::Name(name) => InterfaceRef::Name(name),
            types::InterfaceRef::Address(address) => InterfaceRef::Address(address.into()),
        }
    }
}

impl From<SocketAddr> for types::IpSocketAddress {
    fn from(address: SocketAddr) -> types::IpSocketAddress {
        match address {
            SocketAddr::V4(v4) => {
                let [a, b, c, d] = v4.ip().octets();
                types::IpSocketAddress::Ipv4(types::Ipv4SocketAddress {
                    port: v4.port(),
                    address: (a, b, c, d),
                })
            }
            SocketAddr::V6(v6) => {
                let [a, b, c, d, e, f, g, h] = v6.ip().segments();
                types::IpSocketAddress::Ipv6(types::Ipv6SocketAddress {
                    port: v6.port(),
                    flow_info: v6.flowinfo(),
                    address: (a, b, c, d, e, f, g, h),
                    scope_id: v6.scope_id(),
                })
            }
        }
    }
}

impl From<Event> for types::Event {
    fn from(event: Event) -> types::Event {
        match event {
            Event::Listening(local) => types::Event::Listening(local.into()),
            Event::Connect(remote) => types::Event::Connect(remote.into()),
            Event::Message { data, remote } => types::Event::Message(types::Datagram {
                data,
                remote: remote.into(),
            }),
            Event::Error(code) => types::Event::Error(code.into()),
            Event::Close => types::Event::Close,
        }
    }
}
