//! The groups that a socket has joined.

use super::{ErrorCode, Held};
use std::net::IpAddr;

pub(super) use crate::sys::Membership;

/// What a socket has joined.
#[derive(Debug, Default)]
pub(super) struct Memberships {
    list: Vec<Joined>,
}

#[derive(Debug)]
struct Joined {
    membership: Membership,
    /// The guest left the interface to the system.
    by_default: bool,
    /// Among those that there may be.
    _place: Held,
}

impl Memberships {
    /// The most memberships of a socket: each datagram to an IPv6 group is looked up among them.
    const MAX: usize = 256;

    /// Whether a membership can be added: a socket receives a group on an interface either of any source or of some. Linux
    /// would make the first one into the second without saying so.
    pub(super) fn may_join(&self, membership: &Membership) -> Result<(), ErrorCode> {
        let same = |other: &&Membership| other.group == membership.group && other.interface == membership.interface;
        let mut here = self.iter().filter(same);
        let taken = here.any(|other| match (other.source, membership.source) {
            (Some(other), Some(source)) => other == source,
            _ => true,
        });
        if taken {
            Err(ErrorCode::AddressInUse)
        } else if self.list.len() == Self::MAX {
            Err(ErrorCode::NoBufferSpace)
        } else {
            Ok(())
        }
    }

    pub(super) fn add(&mut self, membership: Membership, by_default: bool, place: Held) {
        self.list.push(Joined {
            membership,
            by_default,
            _place: place,
        });
    }

    /// The membership of this group and source that was left to the system to find an interface for.
    pub(super) fn by_default(&self, group: IpAddr, source: Option<IpAddr>) -> Option<Membership> {
        let mut defaults = self.list.iter().filter(|joined| joined.by_default);
        let found = defaults.find(|joined| (joined.membership.group, joined.membership.source) == (group, source));
        found.map(|joined| joined.membership)
    }

    /// Whether there was such a one.
    pub(super) fn remove(&mut self, membership: &Membership) -> bool {
        let at = self.iter().position(|other| other == membership);
        at.map(|at| self.list.swap_remove(at)).is_some()
    }

    /// All of them, for the last time.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Membership> {
        std::mem::take(&mut self.list)
            .into_iter()
            .map(|joined| joined.membership)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Membership> {
        self.list.iter().map(|joined| &joined.membership)
    }

    /// Whether it must be known to what address a datagram came, and on which interface.
    pub(super) fn need_destination(&self) -> bool {
        self.iter().any(|membership| membership.group.is_ipv6())
    }

    /// Whether a datagram that the kernel delivers is of a membership. Of IPv6 groups Linux does not compare the interface
    /// (`inet6_mc_check` takes the first membership of the group): what arrives on another one, where somebody else has
    /// joined, is delivered too. Of IPv4 groups it does (`ip_mc_sf_allow`).
    pub(super) fn delivers(&self, interface: u32, destination: IpAddr, source: IpAddr) -> bool {
        if destination.is_ipv4() || !destination.is_multicast() {
            return true;
        }
        self.iter().any(|membership| {
            membership.group == destination
                && membership.interface == interface
                && membership.source.is_none_or(|only| only == source)
        })
    }
}
