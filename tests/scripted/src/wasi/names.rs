//! Looking names up. `wasi:sockets` asks for both families: the one that the story asks for is picked here.

use super::convert::code;
use super::generated::wasi::sockets::instance_network::instance_network;
use super::generated::wasi::sockets::ip_name_lookup::resolve_addresses;
use super::generated::wasi::sockets::network;
use crate::operation::{joined, split};
use crate::text;
use datagrant_guest::bindings::types::ErrorCode;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub fn lookup(asked: &str) -> Result<String, String> {
    let (name, family) = split(asked);
    let wanted = |ip: &IpAddr| match family {
        "ipv4" => ip.is_ipv4(),
        "ipv6" => ip.is_ipv6(),
        _ => true,
    };
    Ok(text::result(addresses(name).map(|all| {
        joined(all.into_iter().filter(wanted).map(|ip| ip.to_string()))
    })))
}

fn addresses(name: &str) -> Result<Vec<IpAddr>, ErrorCode> {
    let stream = resolve_addresses(&instance_network(), name).map_err(code)?;
    let mut all = vec![];
    loop {
        match stream.resolve_next_address() {
            Ok(None) => return Ok(all),
            Ok(Some(network::IpAddress::Ipv4(ip))) => all.push(Ipv4Addr::from(<[u8; 4]>::from(ip)).into()),
            Ok(Some(network::IpAddress::Ipv6(ip))) => all.push(Ipv6Addr::from(<[u16; 8]>::from(ip)).into()),
            Err(network::ErrorCode::WouldBlock) => stream.subscribe().block(),
            Err(error) => return Err(code(error)),
        }
    }
}
