//! Hosts: addresses, CIDRs, classes, names. They stand first, so a host's offset is the pattern's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};

use super::super::address::{is_special, needs_scope};
use super::super::error::{Broken, broken};
use super::super::name::is_number;
use super::super::pattern::Family;
use super::super::{Class, Host, Name, Right, Zone};

/// Reads a host as a right allows it, with the interface that follows its `@`, and where that begins.
pub(super) fn host(text: &str, interface: Option<(usize, &str)>, right: Right) -> Result<Host, Broken> {
    let host = if text == "*" || text.starts_with('@') {
        class(text, right)?
    } else {
        address(text, right)?
    };
    let host = match interface {
        Some((at, name)) => on(groups(host), super::interface::interface(name, at)?, at)?,
        None => groups(host),
    };
    check(&host, right)?;
    Ok(host)
}

/// Reads an address or a CIDR.
pub(super) fn address(text: &str, right: Right) -> Result<Host, Broken> {
    match text.strip_prefix('[') {
        Some(inner) => bracketed(inner.strip_suffix(']').unwrap_or(inner)),
        None => plain(text, right),
    }
}

/// Multicast groups are hosts of their own kind; a zone is their interface.
fn groups(host: Host) -> Host {
    match host {
        Host::Address { ip, zone } if ip.is_multicast() => Host::Groups {
            groups: ip.into(),
            interface: zone,
        },
        Host::Net(net) if net.network().is_multicast() && net.broadcast().is_multicast() => Host::Groups {
            groups: net,
            interface: None,
        },
        host => host,
    }
}

fn on(host: Host, interface: Zone, at: usize) -> Result<Host, Broken> {
    match host {
        Host::Groups {
            interface: Some(zone), ..
        } => broken(at, "the interface stands there twice", format!("write @{zone} alone")),
        Host::Groups { groups, .. } => Ok(Host::Groups {
            groups,
            interface: Some(interface),
        }),
        Host::Address {
            ip: IpAddr::V6(ip),
            zone: None,
        } if needs_scope(&ip) => broken(
            at,
            "only multicast groups have an interface after @",
            format!("write [{ip}%{interface}]"),
        ),
        host => broken(
            at,
            "only multicast groups have an interface after @",
            format!("write {host}"),
        ),
    }
}

/// The wildcard that an unspecified address means in a bind.
pub(super) fn wildcard(ip: IpAddr) -> Host {
    Host::Wildcard(if ip.is_ipv6() { Family::V6 } else { Family::V4 })
}

fn class(text: &str, right: Right) -> Result<Host, Broken> {
    let class = match text {
        "*" => Some(Class::Global),
        _ => Class::ALL.into_iter().find(|class| class.as_str() == text),
    };
    match class {
        Some(Class::Global) if right == Right::Bind => broken(
            0,
            format!("{text} is no bind host"),
            "write 0.0.0.0 or [::] for every address of this host",
        ),
        Some(class) => Ok(Host::Class(class)),
        None => broken(
            0,
            format!("unknown class {text:?}"),
            "write @loopback, @private, @link-local or @global",
        ),
    }
}

/// What stands in brackets: IPv6.
fn bracketed(inner: &str) -> Result<Host, Broken> {
    if inner.is_empty() {
        return empty();
    }
    let end = inner.find(['%', '/']).unwrap_or(inner.len());
    let (text, rest) = inner.split_at(end);
    if text.parse::<Ipv4Addr>().is_ok() {
        return broken(0, "brackets are for IPv6", format!("write {inner}"));
    }
    let Ok(ip) = text.parse::<Ipv6Addr>() else {
        return broken(
            1,
            format!("{text:?} is no IPv6 address"),
            "write one, such as [2001:db8::1]",
        );
    };
    if let Some(prefix) = rest.strip_prefix('/') {
        return net(ip.into(), prefix, end + 2);
    }
    let zone = match rest.strip_prefix('%') {
        Some(zone) => Some(self::zone(&ip, zone, end + 2)?),
        None => None,
    };
    Ok(Host::Address {
        ip: IpAddr::V6(ip).to_canonical(),
        zone,
    })
}

fn zone(ip: &Ipv6Addr, zone: &str, at: usize) -> Result<Zone, Broken> {
    if zone.contains('/') {
        return broken(
            at,
            "a CIDR has no zone",
            "write the CIDR without, or an address with the zone",
        );
    }
    if !needs_scope(ip) && !ip.is_multicast() {
        return broken(at, "a zone is only for link-local addresses", format!("write [{ip}]"));
    }
    super::interface::interface(zone, at)
}

/// What stands without brackets: IPv4, or a name.
fn plain(text: &str, right: Right) -> Result<Host, Broken> {
    if text.is_empty() {
        return empty();
    }
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    match (address.parse::<Ipv4Addr>(), prefix) {
        (Ok(ip), Some(prefix)) => net(ip.into(), prefix, address.len() + 1),
        (Ok(ip), None) => Ok(Host::Address {
            ip: ip.into(),
            zone: None,
        }),
        (Err(_), Some(_)) => broken(
            0,
            format!("{address:?} is no address, and only addresses have a prefix"),
            "write a CIDR, such as 10.0.0.0/8",
        ),
        (Err(_), None) => match text.split_once('%').map(|(ip, zone)| (ip.parse::<Ipv4Addr>(), zone)) {
            Some((Ok(ip), zone)) => zoned(ip, zone),
            _ => named(text, right),
        },
    }
}

/// IPv4 has no zones.
fn zoned(ip: Ipv4Addr, zone: &str) -> Result<Host, Broken> {
    match ip.is_multicast() {
        true => broken(
            ip.to_string().len(),
            "the interface of an IPv4 group stands after @",
            format!("write {ip}@{zone}"),
        ),
        false => broken(
            ip.to_string().len(),
            "a zone is only for link-local addresses of IPv6",
            format!("write {ip}"),
        ),
    }
}

/// A name in a pattern with ports.
fn named(text: &str, right: Right) -> Result<Host, Broken> {
    let last = text.rsplit('.').next().unwrap_or(text);
    if is_number(last) {
        return broken(
            0,
            format!("{text:?} is not an address"),
            "write four decimal numbers without leading zeros, such as 127.0.0.1",
        );
    }
    let named = |char: char| !char.is_ascii() || char.is_ascii_alphanumeric() || "-_.*".contains(char);
    if !text.chars().all(named) {
        return broken(
            0,
            format!("{text:?} is no host"),
            "write an IP address, a CIDR, a class or a name",
        );
    }
    let host = name(text)?;
    match &host {
        _ if right != Right::Send => broken(0, format!("a name is no {right} host"), "write an IP address"),
        Host::Name(name) | Host::NamesUnder(name) if name.is_localhost() => broken(
            0,
            "localhost is loopback, and a name gives global addresses only",
            "write 127.0.0.1 or [::1]",
        ),
        _ => Ok(host),
    }
}

/// The host of a resolve pattern.
pub(super) fn to_resolve(text: &str) -> Result<Host, Broken> {
    if text == "*" {
        return Ok(Host::AnyName);
    }
    if let Some((host, _)) = text.split_once(':').filter(|_| !text.starts_with('[')) {
        return broken(host.len(), "a name to resolve has no port", format!("write {host}"));
    }
    if text.starts_with(['[', '@']) || text.parse::<IpAddr>().is_ok() {
        return broken(
            0,
            format!("{text} is no name"),
            "write a name, such as example.com or *.example.com",
        );
    }
    name(text)
}

/// `example.com` or `*.example.com`.
fn name(text: &str) -> Result<Host, Broken> {
    let (under, start) = match text.strip_prefix("*.") {
        Some(under) => (under, 2),
        None => (text, 0),
    };
    if let Some(at) = under.find('*') {
        return broken(
            start + at,
            "a star stands alone for the first labels",
            "write *.example.com, for every name under example.com",
        );
    }
    let name = Name::read(under, start)?;
    Ok(match start {
        0 => Host::Name(name),
        _ => Host::NamesUnder(name),
    })
}

fn net(ip: IpAddr, prefix: &str, at: usize) -> Result<Host, Broken> {
    let most = if ip.is_ipv6() { 128 } else { 32 };
    let digits = prefix.bytes().all(|byte| byte.is_ascii_digit());
    let plain = digits && (prefix.len() == 1 || !prefix.starts_with('0'));
    let net = match prefix.parse() {
        Ok(length) if plain => IpNet::new(ip, length).ok(),
        _ => None,
    };
    let Some(net) = net else {
        return broken(
            at,
            format!("/{prefix} is no prefix length"),
            format!("write a number from 0 to {most}, without leading zeros"),
        );
    };
    let host = Host::Net(canonical(net.trunc()));
    if net.trunc() == net {
        Ok(host)
    } else {
        broken(0, format!("host bits are set after /{prefix}"), format!("write {host}"))
    }
}

/// A net of IPv4-mapped addresses is a net of IPv4 addresses.
fn canonical(net: IpNet) -> IpNet {
    let IpNet::V6(v6) = net else { return net };
    match (v6.addr().to_ipv4_mapped(), v6.prefix_len().checked_sub(96)) {
        (Some(ip), Some(length)) => Ipv4Net::new(ip, length).map_or(net, IpNet::V4),
        _ => net,
    }
}

fn check(host: &Host, right: Right) -> Result<(), Broken> {
    if let Host::Groups { groups, interface } = host {
        return group(groups.network(), *interface, right);
    }
    if right == Right::Join {
        return broken(
            0,
            format!("{host} is no multicast group"),
            "write one in 224.0.0.0/4 or ff00::/8, such as 224.0.0.251",
        );
    }
    let (ip, single) = match host {
        Host::Address { ip, .. } => (*ip, true),
        Host::Net(net) => (net.network(), net.prefix_len() == net.max_prefix_len()),
        _ => (Ipv4Addr::LOCALHOST.into(), false),
    };
    let exact = matches!(host, Host::Address { .. });
    if right == Right::Broadcast && !exact {
        return broken(
            0,
            format!("{host} is no broadcast host"),
            "write one broadcast address, such as 192.0.2.255",
        );
    }
    if single && !exact && is_special(ip) {
        return broken(
            0,
            "a CIDR does not cover unspecified or broadcast addresses",
            format!("write {ip} without the prefix"),
        );
    }
    match right {
        Right::Send if exact && ip.is_unspecified() => broken(
            0,
            "the unspecified address is no destination",
            "write 127.0.0.1 or [::1] for loopback, * for global addresses",
        ),
        Right::Broadcast if ip.is_unspecified() => broken(
            0,
            "the unspecified address is no destination",
            "write one broadcast address, such as 192.0.2.255",
        ),
        Right::Send if exact && is_special(ip) => broken(
            0,
            "a broadcast address is no send host",
            "write it as a broadcast pattern",
        ),
        Right::Bind if exact && ip == Ipv4Addr::BROADCAST => broken(
            0,
            "a broadcast address is no bind host",
            "write 0.0.0.0, which receives broadcasts",
        ),
        Right::Broadcast if ip.is_ipv6() => broken(0, "IPv6 has no broadcast", "write an IPv4 broadcast address"),
        _ => Ok(()),
    }
}

/// Groups, as a right allows them.
fn group(ip: IpAddr, interface: Option<Zone>, right: Right) -> Result<(), Broken> {
    let scoped = matches!(ip, IpAddr::V6(ip) if needs_scope(&ip));
    match right {
        Right::Broadcast => broken(
            0,
            "a multicast group is no broadcast address",
            "write it as a send pattern",
        ),
        Right::Bind if interface.is_some() && !scoped => broken(
            0,
            "a bind to this group has no interface",
            "write it without: the join pattern has the interface",
        ),
        _ => Ok(()),
    }
}

fn empty<T>() -> Result<T, Broken> {
    broken(0, "the host is empty", "write an address or a class before the colon")
}
