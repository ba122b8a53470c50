//! Values of the contract as text, and addresses back.

use datagrant_guest::bindings::types::{
    ErrorCode, Event, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress, SendReport,
};
use std::net::{Ipv6Addr, SocketAddr, SocketAddrV6};

/// `ok`, with what there is to say, or the code.
pub fn result(result: Result<String, ErrorCode>) -> String {
    match result {
        Ok(value) if value.is_empty() => "ok".to_owned(),
        Ok(value) => format!("ok {value}"),
        Err(error) => code(error).to_owned(),
    }
}

/// As in the contract.
pub fn code(error: ErrorCode) -> &'static str {
    error.name()
}

pub fn report(report: SendReport) -> String {
    let partial = match report.partial {
        0 => String::new(),
        bytes => format!(" and {bytes} bytes"),
    };
    match report.stopped {
        None => format!("sent {}{partial}", report.sent),
        Some(error) => format!("sent {}{partial}, then {}", report.sent, code(error)),
    }
}

pub fn event(event: Event) -> String {
    match event {
        Event::Listening(at) => format!("listening {}", address(at)),
        Event::Connect(to) => format!("connect {}", address(to)),
        Event::Message(message) => {
            let data = String::from_utf8_lossy(&message.data);
            format!("message {data:?} from {}", address(message.remote))
        }
        Event::Error(error) => format!("error {}", code(error)),
        Event::Close => "close".to_owned(),
    }
}

pub fn address(address: IpSocketAddress) -> String {
    match address {
        IpSocketAddress::Ipv4(a) => SocketAddr::from((<[u8; 4]>::from(a.address), a.port)),
        IpSocketAddress::Ipv6(a) => {
            let ip = Ipv6Addr::from(<[u16; 8]>::from(a.address));
            SocketAddrV6::new(ip, a.port, a.flow_info, a.scope_id).into()
        }
    }
    .to_string()
}

pub fn port(address: IpSocketAddress) -> u16 {
    match address {
        IpSocketAddress::Ipv4(a) => a.port,
        IpSocketAddress::Ipv6(a) => a.port,
    }
}

/// An address, in which `@NAME` is the port of a socket.
pub fn address_with_port_of(
    text: &str,
    local: impl FnOnce(&str) -> Result<IpSocketAddress, String>,
) -> Result<IpSocketAddress, String> {
    match text.split_once('@') {
        Some((host, name)) => parse_address(&format!("{host}{}", port(local(name)?))),
        None => parse_address(text),
    }
}

fn parse_address(text: &str) -> Result<IpSocketAddress, String> {
    let address = text.parse().map_err(|_| format!("{text:?} is no address and port"))?;
    Ok(match address {
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
    })
}
