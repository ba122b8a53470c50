//! Hosts: addresses, CIDRs, classes, names. They stand first, so a host's offset is the pattern's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};

use super::super::address::{is_special, needs_scope};
use super::super::error::{Broken, broken};
use super::super::name::is_number;
use super::super::pattern::Family;
use super::super::{Class, Host, Name, Right};

/// Reads a host as a right allows it.
pub(super) fn host(text: &str, right: Right) -> Result<Host, Broken> {
    let host = if text == "*" || text.starts_with('@') {
        class(text, right)?
    } else if let Some(inner) = text.strip_prefix('[') {
        bracketed(inner.strip_suffix(']').unwrap_or(inner))?
    } else {
        plain(text, right)?
    };
    check(&host, right)?;
    Ok(host)
}

/// The wildcard that an unspecified address means in a bind.
pub(super) fn wildcard(ip: IpAddr) -> Host {
    Host::Wildcard(if ip.is_ipv6() { Family::V6 } else { Family::V4 })
}

/// The answer to `group@interface`.
pub(super) fn no_interface<T>(at: usize) -> Result<T, Broken> {
    broken(
        at,
        "groups with an interface (join) are not supported yet",
        "remove the pattern",
    )
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

fn zone(ip: &Ipv6Addr, zone: &str, at: usize) -> Result<u32, Broken> {
    if zone.contains('/') {
        return broken(
            at,
            "a CIDR has no zone",
            "write the CIDR without, or an address with the zone",
        );
    }
    if !needs_scope(ip) {
        return broken(at, "a zone is only for link-local addresses", format!("write [{ip}]"));
    }
    if zone.is_empty() || !zone.bytes().all(|byte| byte.is_ascii_digit()) {
        return match zone {
            "" => broken(at, "the zone is empty", "write an interface's index after %"),
            _ => broken(
                at,
                "zones by interface name are not supported yet",
                "write the interface's index",
            ),
        };
    }
    match zone.parse() {
        Ok(index) if index > 0 && !zone.starts_with('0') => Ok(index),
        _ => broken(
            at,
            format!("{zone} is no interface index"),
            "write one from 1 to 4294967295, without leading zeros",
        ),
    }
}

/// What stands without brackets: IPv4, or a name.
fn plain(text: &str, right: Right) -> Result<Host, Broken> {
    if text.is_empty() {
        return empty();
    }
    if let Some(at) = text.find('@') {
        return no_interface(at);
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
        (Err(_), None) => named(text, right),
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
    let (ip, single) = match host {
        Host::Address { ip, .. } => (*ip, true),
        Host::Net(net) => (net.network(), net.prefix_len() == net.max_prefix_len()),
        _ => (Ipv4Addr::LOCALHOST.into(), false),
    };
    let all_groups = match host {
        Host::Net(IpNet::V4(net)) => net.prefix_len() >= 4,
        Host::Net(IpNet::V6(net)) => net.prefix_len() >= 8,
        _ => true,
    };
    if ip.is_multicast() && all_groups {
        return broken(0, "multicast groups are not supported yet", "write a unicast address");
    }
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

fn empty<T>() -> Result<T, Broken> {
    broken(0, "the host is empty", "write an address or a class before the colon")
}
