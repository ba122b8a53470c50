//! Whom a bound socket hears: `from` of the bind patterns.

use std::cmp::Reverse;
use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

use super::address::Bits;
use super::pattern::{Family, List};
use super::{Basis, Endpoint, Grants, HeldBy, Hold, Interface, Pattern, Right};

/// IPv4 link-local, which a reply goes to only where `from` names it (rule 3).
const LINK_LOCAL: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(169, 254, 0, 0), 16);

/// The sources that a socket receives from, as the `from` of its bind patterns say: the union of the patterns that cover
/// the bound address and port. A question costs a binary search and allocates nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sources {
    v4: Ranges<u32>,
    v6: Ranges<u128>,
    /// What lies inside 169.254/16: named, and not merely covered.
    link_local: Vec<Ipv4Net>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Ranges<K> {
    Any,
    /// First and last address, sorted, disjoint.
    Only(Vec<(K, K)>),
}

impl<K: Ord + Copy> Ranges<K> {
    /// Any, if one of them does not say which.
    fn union(parts: impl Iterator<Item = Option<(K, K)>>) -> Ranges<K> {
        let Some(mut ranges) = parts.collect::<Option<Vec<(K, K)>>>() else {
            return Ranges::Any;
        };
        // Prefixes nest, or are disjoint: what begins inside of a wider one ends inside of it, too.
        ranges.sort_unstable_by_key(|&(first, last)| (first, Reverse(last)));
        ranges.dedup_by(|next, kept| next.1 <= kept.1);
        Ranges::Only(ranges)
    }

    #[inline]
    fn contain(&self, address: K) -> bool {
        match self {
            Ranges::Any => true,
            Ranges::Only(ranges) => {
                let after = ranges.partition_point(|range| range.0 <= address);
                after > 0 && address <= ranges[after - 1].1
            }
        }
    }
}

impl Sources {
    /// Every source: of a client socket, whose peers are known one by one, and of one that was handed in.
    pub fn any() -> Sources {
        Sources {
            v4: Ranges::Any,
            v6: Ranges::Any,
            link_local: Vec::new(),
        }
    }

    /// Whether a datagram from this source is delivered.
    #[inline]
    pub fn cover(&self, source: &Endpoint) -> bool {
        match source.bits() {
            Bits::V4(ip) => self.v4.contain(ip),
            Bits::V6(ip) => self.v6.contain(ip),
        }
    }

    /// Whether `from` names this IPv4 link-local address: one that lies inside 169.254.0.0/16 itself.
    pub fn name_link_local(&self, source: &Endpoint) -> bool {
        let IpAddr::V4(ip) = source.ip() else { return false };
        self.link_local.iter().any(|net| net.contains(&ip))
    }
}

impl Grants {
    /// The patterns that cover what a bind to `local` gets in this family, whatever their ports.
    pub(super) fn covering(
        &self,
        local: &Endpoint,
        interface: Interface,
        reuse: bool,
        family: Family,
    ) -> impl Iterator<Item = &Pattern> {
        let local = match local.is_unspecified() {
            true => Endpoint::unspecified(family == Family::V6, local.port()),
            false => *local,
        };
        let interface = interface.of(&local);
        let of_family = Family::of(&local) == family;
        self.allowed(Right::Bind).filter(move |pattern| {
            of_family && (pattern.shared || !reuse) && pattern.host.covers(&local, &interface, List::Allow)
        })
    }

    /// Whom a socket hears that may stay as it is. The halves of a dual-stack wildcard have the sources of their own
    /// families' patterns.
    pub fn sources(&self, request: &Hold) -> Sources {
        let patterns = || self.allowed(Right::Bind);
        let by_grant = request.by == HeldBy::Bind(Basis::Granted);
        if !by_grant || patterns().all(|pattern| pattern.source.is_none()) {
            return Sources::any();
        }
        let ports = |pattern: &&Pattern| {
            let ports = &pattern.ports;
            ports.contains(request.local.port()) || request.any_port && ports.contains(0)
        };
        let half = |family| {
            self.covering(&request.local, request.interface, request.reuse, family)
                .filter(ports)
        };
        let sources = |family| half(family).map(|pattern: &Pattern| pattern.source);
        let link_local = sources(Family::V4).flatten().filter_map(|net| match net {
            IpNet::V4(net) => LINK_LOCAL.contains(&net).then_some(net),
            IpNet::V6(_) => None,
        });
        Sources {
            v4: Ranges::union(sources(Family::V4).filter_map(|source| match source {
                Some(IpNet::V4(net)) => Some(Some((net.network().into(), net.broadcast().into()))),
                Some(IpNet::V6(_)) => None,
                None => Some(None),
            })),
            v6: Ranges::union(sources(Family::V6).filter_map(|source| match source {
                Some(IpNet::V6(net)) => Some(Some((net.network().into(), net.broadcast().into()))),
                Some(IpNet::V4(_)) => None,
                None => Some(None),
            })),
            link_local: link_local.collect(),
        }
    }
}
