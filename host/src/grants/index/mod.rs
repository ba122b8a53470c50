//! What the patterns of a right say of each address and port, made quick to ask.

mod build;
mod marks;
mod ranges;
mod sorted;
mod table;

use std::fmt;

pub(super) use build::Builder;
pub(super) use marks::Marks;
use marks::{Line, Steps};
use table::{TableV4, TableV6};

use super::address::Bits;
use super::pattern::Family;
use super::{Endpoint, Interface, PortSet, Zone};

/// The patterns of some lists, flattened: for each family a sorted table of disjoint address ranges, each with what its
/// ports are marked with.
///
/// A question costs one binary search for the address and one look at the ports, however many patterns there are, and
/// allocates nothing, except for [`Index::ports`]. It gives the marks of all lists at once, allowed and denied.
pub(super) struct Index {
    v4: TableV4,
    v6: TableV6,
    /// Addresses with a zone, sorted. Only link-local endpoints have a scope id, so only they are looked up here.
    zoned: Vec<((u128, Zone), Place)>,
    /// The marks of ranges, each distinct one once.
    lines: Vec<Line>,
    /// What does not fit a [`Line`]: the hosts whose marks it joins.
    joined: Vec<Box<[u32]>>,
    /// The marks of each host that `joined` names.
    hosts: Vec<Steps>,
    /// Ports of all denied hosts that a wildcard socket receives at: IPv4, IPv6.
    denied: [PortSet; 2],
}

/// Where the marks of a range are: in `lines`, or counted from the end in `joined`.
type Place = u32;

impl Index {
    /// What the patterns say of an address and a port, on this interface.
    #[inline]
    pub(super) fn marks(&self, endpoint: &Endpoint, interface: &Interface) -> Marks {
        let port = endpoint.port();
        match endpoint.bits() {
            Bits::V4(ip) => self.at(self.v4.find(ip), port),
            Bits::V6(ip) => {
                let marks = self.at(self.v6.find(ip), port);
                match endpoint.scope_id() {
                    0 => marks,
                    _ => marks | self.zoned_at(ip, interface, port),
                }
            }
        }
    }

    /// The ports that carry a mark, of the patterns that cover the address, whatever its port is.
    pub(super) fn ports(&self, endpoint: &Endpoint, interface: &Interface, mark: Marks) -> PortSet {
        let mut places = Vec::new();
        match endpoint.bits() {
            Bits::V4(ip) => places.push(self.v4.find(ip)),
            Bits::V6(ip) => {
                places.push(self.v6.find(ip));
                places.extend(self.zoned(ip, interface));
            }
        }
        let mut ranges = Vec::new();
        for place in places {
            match self.lines.get(place as usize) {
                Some(line) => ranges.extend(line.ranges(mark)),
                None => ranges.extend(self.hosts(place).flat_map(|host| host.ranges(mark))),
            }
        }
        PortSet::from_ranges(ranges)
    }

    /// The ports of all denied patterns of a family: what a wildcard bind of that family overlaps.
    pub(super) fn denied_in(&self, family: Family) -> &PortSet {
        &self.denied[family as usize]
    }

    #[inline]
    fn at(&self, place: Place, port: u16) -> Marks {
        match self.lines.get(place as usize) {
            Some(line) => line.at(port),
            None => self.joined_at(place, port),
        }
    }

    #[cold]
    fn joined_at(&self, place: Place, port: u16) -> Marks {
        self.hosts(place).fold(Marks::NONE, |marks, host| marks | host.at(port))
    }

    fn hosts(&self, place: Place) -> impl Iterator<Item = &Steps> {
        let hosts = self.joined.get((Place::MAX - place) as usize);
        hosts.into_iter().flatten().map(|&host| &self.hosts[host as usize])
    }

    #[cold]
    fn zoned_at(&self, ip: u128, interface: &Interface, port: u16) -> Marks {
        let places = self.zoned(ip, interface);
        places.fold(Marks::NONE, |marks, place| marks | self.at(place, port))
    }

    /// By the index of the interface, and by its name.
    fn zoned(&self, ip: u128, interface: &Interface) -> impl Iterator<Item = Place> {
        let zones = [Zone::Index(interface.index), Zone::Name(interface.name)];
        zones.into_iter().filter_map(move |zone| {
            let found = self.zoned.binary_search_by_key(&(ip, zone), |&(address, _)| address);
            found.ok().map(|at| self.zoned[at].1)
        })
    }
}

/// The lists tell the patterns.
impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").finish_non_exhaustive()
    }
}
