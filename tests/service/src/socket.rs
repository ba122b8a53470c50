//! Sockets by texts.

use crate::bindings::datagrant::dgram::granted;
use crate::bindings::datagrant::dgram::sockets::Socket;
use crate::bindings::datagrant::dgram::types::{
    CreateFlags, ErrorCode, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress,
};
use std::net::SocketAddr;

/// A new socket, where there is one, and what to print.
type Outcome = Result<(Option<Socket>, String), String>;

pub fn take(name: &str) -> Outcome {
    let socket = granted::take(name).map_err(code)?;
    bound(socket)
}

pub fn bind(text: &str) -> Outcome {
    let (address, exclusive) = match text.strip_suffix(" exclusive") {
        Some(address) => (address, true),
        None => (text, false),
    };
    let local = contract(address.parse().expect("an address"));
    let family = match local {
        IpSocketAddress::Ipv4(_) => IpAddressFamily::Ipv4,
        IpSocketAddress::Ipv6(_) => IpAddressFamily::Ipv6,
    };
    let socket = Socket::create(family, CreateFlags::empty()).map_err(code)?;
    socket.bind(Some(local), exclusive).map_err(code)?;
    bound(socket)
}

pub fn connect(socket: &Socket, address: &str) -> Outcome {
    let remote = contract(address.parse().expect("an address"));
    let local = socket.connect(remote).map_err(code)?;
    Ok((None, std_address(local).to_string()))
}

fn bound(socket: Socket) -> Outcome {
    let local = std_address(socket.local_address().map_err(code)?);
    Ok((Some(socket), local.to_string()))
}

fn code(code: ErrorCode) -> String {
    code.name().to_owned()
}

fn contract(address: SocketAddr) -> IpSocketAddress {
    match address {
        SocketAddr::V4(v4) => IpSocketAddress::Ipv4(Ipv4SocketAddress {
            port: v4.port(),
            address: v4.ip().octets().into(),
        }),
        SocketAddr::V6(v6) => IpSocketAddress::Ipv6(Ipv6SocketAddress {
            port: v6.port(),
            flow_info: v6.flowinfo(),
            address: v6.ip().segments().into(),
            scope_id: v6.scope_id(),
        }),
    }
}

fn std_address(address: IpSocketAddress) -> SocketAddr {
    match address {
        IpSocketAddress::Ipv4(v4) => SocketAddr::new(<[u8; 4]>::from(v4.address).into(), v4.port),
        IpSocketAddress::Ipv6(v6) => SocketAddr::new(<[u16; 8]>::from(v6.address).into(), v6.port),
    }
}
