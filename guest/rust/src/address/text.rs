//! Addresses and names as text.

use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, SocketAddrV6};

use super::{Endpoint, loopback};
use crate::{Family, provider};

/// `192.0.2.1:53`, `[fe80::1%eth0]:53`, `example.com:53`.
pub(super) fn host_and_port(text: &str) -> io::Result<Endpoint> {
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Ok(Endpoint::Address(address));
    }
    let invalid = |what| io::Error::new(io::ErrorKind::InvalidInput, format!("{what}: {text:?}"));
    let (host, port) = text.rsplit_once(':').ok_or_else(|| invalid("no port in the address"))?;
    let port = port.parse().map_err(|_| invalid("no valid port in the address"))?;
    // What is in brackets and did not parse has a zone by name, or no meaning.
    if let Some(inside) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
        && let Some(zoned) = with_zone(inside, port)
    {
        return zoned;
    }
    // `::1:80` has no one meaning.
    if host.is_empty() || host.contains([':', '[', ']']) {
        return Err(invalid("not an address (IPv6 stands in brackets: [::1]:41234)"));
    }
    self::host(host, port)
}

pub(super) fn host(host: &str, port: u16) -> io::Result<Endpoint> {
    if host.is_empty() {
        return Ok(Endpoint::Port(port));
    }
    if let Ok(ip) = host.parse::<IpAddr>() {
        return Ok(Endpoint::Address(SocketAddr::new(ip, port)));
    }
    if let Some(zoned) = with_zone(host, port) {
        return zoned;
    }
    if is_localhost(host) {
        let both = [loopback(Family::Ipv4), loopback(Family::Ipv6)];
        return Ok(Endpoint::Addresses(both.map(|ip| SocketAddr::new(ip, port)).to_vec()));
    }
    Ok(Endpoint::Name(host.to_owned(), port))
}

/// `fe80::1%2`, `fe80::1%eth0`.
fn with_zone(host: &str, port: u16) -> Option<io::Result<Endpoint>> {
    let (ip, zone) = host.split_once('%')?;
    let ip: Ipv6Addr = ip.parse().ok()?;
    let scope = match zone.parse() {
        Ok(index) => Ok(index),
        Err(_) => provider::zone_index(zone),
    };
    Some(scope.map(|scope| Endpoint::Address(SocketAddrV6::new(ip, port, 0, scope).into())))
}

/// "The domain "localhost." and any names falling within ".localhost."" (RFC 6761, section 6.3).
fn is_localhost(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    host == "localhost" || host.strip_suffix(".localhost").is_some_and(|rest| !rest.is_empty())
}
