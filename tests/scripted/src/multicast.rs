//! The operations that are about groups and interfaces.

use crate::operation::{number, split};
use crate::socket::switch;
use crate::text;
use datagrant_guest::bindings::sockets::Socket;
use datagrant_guest::bindings::types::{ErrorCode, InterfaceRef, IpAddress};
use datagrant_guest::bindings::zones;
use std::net::IpAddr;

/// How `verb` ended on a socket; none if it is not one of these.
pub fn perform(socket: &Socket, verb: &str, rest: &str) -> Result<Option<String>, String> {
    let done = |result: Result<(), ErrorCode>| Ok(Some(text::result(result.map(|()| String::new()))));
    match verb {
        "join" | "leave" => {
            let (group, source) = match rest.split_once(" from ") {
                Some((group, source)) => (group, Some(address(source)?)),
                None => (rest, None),
            };
            let (group, interface) = group.split_once('@').unwrap_or((group, ""));
            let (group, interface) = (address(group)?, self::interface(interface));
            match verb {
                "join" => done(socket.join(group, &interface, source)),
                _ => done(socket.leave(group, &interface, source)),
            }
        }
        "multicast-interface" => done(socket.set_multicast_interface(&interface(rest))),
        "multicast-ttl" => done(socket.set_multicast_ttl(number(rest)?)),
        "multicast-loopback" => done(socket.set_multicast_loopback(switch(rest)?)),
        "ttl" => done(socket.set_ttl(number(rest)?)),
        _ => Ok(None),
    }
}

/// `zone-name` and `zone-index`, for which there is no socket.
pub fn zone(line: &str) -> Result<Option<String>, String> {
    Ok(Some(match split(line) {
        ("zone-name", index) => text::result(zones::name(number(index)?)),
        ("zone-index", name) => text::result(zones::index(name).map(|index| index.to_string())),
        _ => return Ok(None),
    }))
}

fn interface(text: &str) -> InterfaceRef {
    match (text.parse(), address(text)) {
        _ if text.is_empty() || text == "default" => InterfaceRef::Default,
        (Ok(index), _) => InterfaceRef::Index(index),
        (_, Ok(address)) => InterfaceRef::Address(address),
        _ => InterfaceRef::Name(text.to_owned()),
    }
}

fn address(text: &str) -> Result<IpAddress, String> {
    let ip: IpAddr = text.parse().map_err(|_| format!("{text:?} is no address"))?;
    Ok(match ip {
        IpAddr::V4(ip) => IpAddress::Ipv4(ip.octets().into()),
        IpAddr::V6(ip) => IpAddress::Ipv6(ip.segments().into()),
    })
}
