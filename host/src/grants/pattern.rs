//! Patterns: what a grant covers.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use super::address::is_special;
use super::{Class, Endpoint, Interface, Name, PortSet, Zone};

/// A version of IP.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// The family of an endpoint.
    pub fn of(endpoint: &Endpoint) -> Family {
        if endpoint.is_ipv6() { Family::V6 } else { Family::V4 }
    }
}

/// The hosts that a pattern names.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Host {
    /// `0.0.0.0` or `[::]` in a bind: the wildcard, and each address of the family but groups and limited broadcast.
    Wildcard(Family),
    /// One address, canonical, never unspecified.
    Address {
        /// The address.
        ip: IpAddr,
        /// The interface that a link-local address is meant on; none means any.
        zone: Option<Zone>,
    },
    /// A CIDR, without host bits; of groups it covers none.
    Net(IpNet),
    /// Multicast groups.
    Groups {
        /// One group, or a CIDR inside `224.0.0.0/4` or `ff00::/8`, without host bits.
        groups: IpNet,
        /// The interface; none means any.
        interface: Option<Zone>,
    },
    /// A class.
    Class(Class),
    /// A name: in `resolve` itself, in `send` the addresses that it was looked up to have.
    Name(Name),
    /// `*.` and a name: all names under it, and not the name itself.
    NamesUnder(Name),
    /// `*` in `resolve`: every name.
    AnyName,
}

/// Which list a pattern stands in.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) enum List {
    #[default]
    Allow,
    Deny,
}

impl Host {
    /// Whether an endpoint's address, on this interface, is among the hosts. An allowed CIDR leaves multicast, limited
    /// broadcast and unspecified out; a denied one covers all that it names.
    pub(super) fn covers(&self, endpoint: &Endpoint, interface: &Interface, list: List) -> bool {
        let address = endpoint.ip();
        match self {
            Host::Wildcard(family) => {
                *family == Family::of(endpoint) && !endpoint.is_multicast() && !endpoint.is_limited_broadcast()
            }
            Host::Address { ip, zone } => *ip == address && zone.is_none_or(|zone| zone.is(interface)),
            Host::Net(net) => net.contains(&address) && (list == List::Deny || !is_special(address)),
            Host::Groups {
                groups,
                interface: zone,
            } => groups.contains(&address) && zone.is_none_or(|zone| zone.is(interface)),
            Host::Class(class) => Class::of(address) == Some(*class),
            // An address has a name only by an instance's pins.
            Host::Name(_) | Host::NamesUnder(_) | Host::AnyName => false,
        }
    }

    /// Whether a name is among the hosts.
    pub(super) fn covers_name(&self, name: &Name) -> bool {
        match self {
            Host::Name(own) => own == name,
            Host::NamesUnder(parent) => name.parents().any(|of| of == parent.as_str()),
            Host::AnyName => true,
            _ => false,
        }
    }

    /// The interface that it names.
    pub fn zone(&self) -> Option<Zone> {
        match self {
            Host::Address { zone, .. } => *zone,
            Host::Groups { interface, .. } => *interface,
            _ => None,
        }
    }

    /// Whether a wildcard socket of this family receives at one of the hosts.
    pub(super) fn is_in(&self, family: Family) -> bool {
        let ipv6 = match self {
            Host::Wildcard(own) => return *own == family,
            Host::Class(_) => return true,
            Host::Address { ip, .. } => ip.is_ipv6(),
            Host::Net(net) | Host::Groups { groups: net, .. } => matches!(net, IpNet::V6(_)),
            Host::Name(_) | Host::NamesUnder(_) | Host::AnyName => return false,
        };
        ipv6 == (family == Family::V6)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Wildcard(Family::V4) => f.write_str("0.0.0.0"),
            Host::Wildcard(Family::V6) => f.write_str("[::]"),
            Host::Address { ip, zone } => match (ip, zone) {
                (IpAddr::V4(ip), _) => write!(f, "{ip}"),
                (IpAddr::V6(ip), None) => write!(f, "[{ip}]"),
                (IpAddr::V6(ip), Some(zone)) => write!(f, "[{ip}%{zone}]"),
            },
            Host::Net(IpNet::V4(net)) => write!(f, "{net}"),
            Host::Net(IpNet::V6(net)) => write!(f, "[{net}]"),
            Host::Groups { groups, interface } => {
                write_net(f, groups)?;
                interface.map_or(Ok(()), |interface| write!(f, "@{interface}"))
            }
            Host::Class(class) => write!(f, "{class}"),
            Host::Name(name) => write!(f, "{name}"),
            Host::NamesUnder(name) => write!(f, "*.{name}"),
            Host::AnyName => f.write_str("*"),
        }
    }
}

/// A CIDR, or the one address in it.
pub(super) fn write_net(f: &mut fmt::Formatter<'_>, net: &IpNet) -> fmt::Result {
    match (net, net.prefix_len() == net.max_prefix_len()) {
        (IpNet::V4(net), true) => write!(f, "{}", net.addr()),
        (IpNet::V4(net), false) => write!(f, "{net}"),
        (IpNet::V6(net), true) => write!(f, "[{}]", net.addr()),
        (IpNet::V6(net), false) => write!(f, "[{net}]"),
    }
}

/// One pattern of an allowed or denied list, made by [`Grants::allow`](super::Grants::allow) and
/// [`Grants::deny`](super::Grants::deny).
///
/// It prints canonically, and what it prints reads back as the same pattern: `*` as `@global`, mapped addresses as
/// IPv4, names in lower case, ports sorted and joined, the interface of a group after its `@`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Pattern {
    pub(super) host: Host,
    pub(super) ports: PortSet,
    pub(super) shared: bool,
    pub(super) source: Option<IpNet>,
}

impl Pattern {
    /// The hosts.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The ports, empty only in a resolve and a join; 0 is among them only in a bind.
    pub fn ports(&self) -> &PortSet {
        &self.ports
    }

    /// Whether a bind may reuse an address that others hold.
    pub fn shared(&self) -> bool {
        self.shared
    }

    /// The sources that a group may be joined from, or that a bound socket receives from; none means any.
    pub fn source(&self) -> Option<&IpNet> {
        self.source.as_ref()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.host.fmt(f)?;
        if !self.ports.is_empty() {
            write!(f, ":{}", self.ports)?;
        }
        if let Some(source) = &self.source {
            f.write_str(" from ")?;
            write_net(f, source)?;
        }
        f.write_str(if self.shared { " shared" } else { "" })
    }
}
