//! One list of patterns, with the index that makes it quick to ask.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::address::is_special;
use super::pattern::{Family, List};
use super::{Class, Endpoint, Host, Pattern, PortSet};

/// The patterns of one list, in the order in which they were added.
///
/// The index maps a host to the union of its ports, so a question costs one hash lookup for the address, one for each
/// prefix length in use, one for the class and one for the wildcard, however many patterns there are. Nothing
/// allocates, except [`RuleSet::ports_of`].
#[derive(Clone, Debug, Default)]
pub(super) struct RuleSet {
    list: List,
    patterns: Vec<Pattern>,
    index: HashMap<Host, Ports>,
    /// Prefix lengths in use, sorted: IPv4, IPv6.
    lengths: [Vec<u8>; 2],
    /// Ports of all hosts that a wildcard socket receives at: IPv4, IPv6.
    families: [PortSet; 2],
}

#[derive(Clone, Debug, Default)]
struct Ports {
    all: PortSet,
    shared: PortSet,
}

impl RuleSet {
    pub(super) fn new(list: List) -> RuleSet {
        RuleSet {
            list,
            ..RuleSet::default()
        }
    }

    /// Adds a pattern; the same one twice changes nothing.
    pub(super) fn add(&mut self, pattern: Pattern) {
        if self.patterns.contains(&pattern) {
            return;
        }
        let ports = self.index.entry(pattern.host.clone()).or_default();
        ports.all.extend(&pattern.ports);
        if pattern.shared {
            ports.shared.extend(&pattern.ports);
        }
        for family in [Family::V4, Family::V6] {
            if pattern.host.is_in(family) {
                self.families[family as usize].extend(&pattern.ports);
            }
        }
        if let Host::Net(net) = &pattern.host {
            let lengths = &mut self.lengths[usize::from(net.addr().is_ipv6())];
            if let Err(place) = lengths.binary_search(&net.prefix_len()) {
                lengths.insert(place, net.prefix_len());
            }
        }
        self.patterns.push(pattern);
    }

    pub(super) fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether a pattern covers the address and the port.
    pub(super) fn matches(&self, endpoint: &Endpoint) -> bool {
        self.covering(endpoint).any(|ports| ports.all.contains(endpoint.port()))
    }

    /// Whether a pattern with `shared` covers the address and the port.
    pub(super) fn matches_shared(&self, endpoint: &Endpoint) -> bool {
        self.covering(endpoint)
            .any(|ports| ports.shared.contains(endpoint.port()))
    }

    /// The ports of the patterns that cover the address, whatever its port is.
    pub(super) fn ports_of(&self, endpoint: &Endpoint) -> PortSet {
        let mut union = PortSet::new();
        for ports in self.covering(endpoint) {
            union.extend(&ports.all);
        }
        union
    }

    /// The ports of all patterns of a family: what a wildcard bind of that family overlaps.
    pub(super) fn ports_in(&self, family: Family) -> &PortSet {
        &self.families[family as usize]
    }

    /// The first pattern whose hosts overlap a bind to this address, and whose ports pass. Linear: for denials only.
    pub(super) fn overlapping(&self, local: &Endpoint, ports: impl Fn(&PortSet) -> bool) -> Option<&Pattern> {
        self.patterns.iter().find(|pattern| {
            let hosts = if local.is_unspecified() {
                pattern.host.is_in(Family::of(local))
            } else {
                pattern.host.covers(local, self.list)
            };
            hosts && ports(&pattern.ports)
        })
    }

    /// The first pattern that covers the address and the port. Linear, so for denials and tests only.
    pub(super) fn first_match(&self, endpoint: &Endpoint) -> Option<&Pattern> {
        self.patterns
            .iter()
            .find(|pattern| pattern.host.covers(endpoint, self.list) && pattern.ports.contains(endpoint.port()))
    }

    /// The ports of each host in the index that covers the address; the same answer as [`Host::covers`].
    fn covering<'a>(&'a self, endpoint: &Endpoint) -> impl Iterator<Item = &'a Ports> + use<'a> {
        let ip = endpoint.ip();
        let special = is_special(ip);
        let address = |zone| Some(Host::Address { ip, zone });
        let zone = match endpoint.scope_id() {
            0 => None,
            zone => address(Some(zone)),
        };
        let wildcard = !special || endpoint.is_unspecified();
        let single = [
            address(None),
            zone,
            Class::of(ip).map(Host::Class),
            wildcard.then_some(Host::Wildcard(Family::of(endpoint))),
        ];
        let lengths = match special && self.list == List::Allow {
            true => &[][..],
            false => &self.lengths[usize::from(ip.is_ipv6())][..],
        };
        let nets = lengths.iter().map(move |&length| net_of(ip, length));
        let hosts = single.into_iter().flatten().chain(nets);
        hosts.filter_map(move |host| match self.index.is_empty() {
            true => None,
            false => self.index.get(&host),
        })
    }
}

/// The net of this prefix length that an address is in. Lengths come from nets of the same family.
fn net_of(ip: IpAddr, length: u8) -> Host {
    Host::Net(match ip {
        IpAddr::V4(ip) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
            IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::from_bits(ip.to_bits() & mask), length))
        }
        IpAddr::V6(ip) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
            IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::from_bits(ip.to_bits() & mask), length))
        }
    })
}
