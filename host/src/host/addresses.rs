//! Families and addresses, which the contract and both versions of `wasi:sockets` have alike: one text of their
//! conversions for the types that were generated of each.

/// Makes the conversions of a module's address types.
macro_rules! addresses {
    ($($module:ident)::+) => {
        const _: () = {
            use $crate::socket::Family;
            use $($module)::+ as types;
            use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

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

            impl From<IpAddr> for types::IpAddress {
                fn from(ip: IpAddr) -> types::IpAddress {
                    match ip {
                        IpAddr::V4(ip) => types::IpAddress::Ipv4(ip.octets().into()),
                        IpAddr::V6(ip) => types::IpAddress::Ipv6(ip.segments().into()),
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
        };
    };
}

pub(crate) use addresses;

addresses!(crate::bindings::datagrant::dgram::types);
