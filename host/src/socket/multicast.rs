//! Multicast: join, leave, and how datagrams to groups leave.

use super::interface::{self, InterfaceRef};
use super::memberships::Membership;
use super::state::State;
use super::{ErrorCode, Socket};
use crate::grants::{Join, MulticastInterface, Operation};
use crate::limits::Limit;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

impl Socket {
    /// Joins a group on an interface, of any source or of one.
    pub(crate) fn join(
        &self,
        group: IpAddr,
        interface: &InterfaceRef,
        source: Option<IpAddr>,
    ) -> Result<(), ErrorCode> {
        let mut state = self.lock();
        let descriptor = state.open()?;
        let (group, source) = self.group(&state, group, source)?;
        let asked = self.asked(&state, interface)?;
        let found = interface::find(&self.authority.network, &descriptor, &asked, group);
        self.authority.decide(&Join {
            group,
            interface: found.interface,
            source,
        })?;
        // A group that no route leads to has no interface either.
        let found = found.there().map_err(|_| ErrorCode::NoSuchInterface)?;
        let membership = Membership {
            group,
            interface: found.index,
            source,
        };
        state.memberships.may_join(&membership)?;
        let place = self.authority.quota.hold(Limit::Memberships, 1)?;
        state.memberships.add(membership, asked == InterfaceRef::Default, place);
        // Before the first datagram comes.
        state.apply_options(&descriptor);
        if let Err(e) = descriptor.join(&membership) {
            state.memberships.remove(&membership);
            state.apply_options(&descriptor);
            let address = SocketAddr::new(group, 0);
            return Err(self.authority.failed(Operation::Join, address, e));
        }
        Ok(())
    }

    /// Leaves what was joined with the same group, interface and source. It takes no grant.
    pub(crate) fn leave(
        &self,
        group: IpAddr,
        interface: &InterfaceRef,
        source: Option<IpAddr>,
    ) -> Result<(), ErrorCode> {
        let mut state = self.lock();
        let descriptor = state.open()?;
        let (group, source) = self.group(&state, group, source)?;
        let asked = self.asked(&state, interface)?;
        let found = interface::find(&self.authority.network, &descriptor, &asked, group);
        let by_default = || state.memberships.by_default(group, source);
        let membership = match asked {
            InterfaceRef::Default => by_default(),
            _ => None,
        };
        let membership = membership.unwrap_or(Membership {
            group,
            interface: found.interface.index,
            source,
        });
        if state.memberships.remove(&membership) {
            state.apply_options(&descriptor);
            return Ok(descriptor.leave(&membership)?);
        }
        // Only who may join there learns that there is no such interface.
        let join = Join {
            group,
            interface: found.interface,
            source,
        };
        match found.missing {
            Some(_) if self.authority.permits(&join) => Err(ErrorCode::NoSuchInterface),
            _ => Err(ErrorCode::AddressNotBindable),
        }
    }

    pub(crate) fn set_multicast_ttl(&self, hops: u8) -> Result<(), ErrorCode> {
        Ok(self.lock().open()?.set_multicast_ttl(hops)?)
    }

    pub(crate) fn set_multicast_loopback(&self, on: bool) -> Result<(), ErrorCode> {
        Ok(self.lock().open()?.set_multicast_loopback(on)?)
    }

    /// The interface that datagrams to groups leave by. Each of them is judged with it; what no grant for groups is about
    /// looks as if it did not exist.
    pub(crate) fn set_multicast_interface(&self, interface: &InterfaceRef) -> Result<(), ErrorCode> {
        let mut state = self.lock();
        let descriptor = state.open()?;
        let asked = self.asked(&state, interface)?;
        if asked == InterfaceRef::Default {
            state.multicast_interface = None;
            return Ok(());
        }
        let found = interface::find(
            &self.authority.network,
            &descriptor,
            &asked,
            Ipv4Addr::UNSPECIFIED.into(),
        );
        let chosen = MulticastInterface {
            interface: found.interface,
        };
        self.authority.decide(&chosen).map_err(|_| ErrorCode::NoSuchInterface)?;
        state.multicast_interface = Some(found.there()?);
        Ok(())
    }

    /// Group and source, as they are judged.
    fn group(
        &self,
        state: &State,
        group: IpAddr,
        source: Option<IpAddr>,
    ) -> Result<(IpAddr, Option<IpAddr>), ErrorCode> {
        let group = self.family().ip(group, state.flags.ipv6_only)?;
        let source = match source {
            Some(source) => Some(self.family().ip(source, state.flags.ipv6_only)?),
            None => None,
        };
        let unicast = |ip: IpAddr| !ip.is_multicast() && !ip.is_unspecified() && ip != Ipv4Addr::BROADCAST;
        let fits = source.is_none_or(|source| source.is_ipv4() == group.is_ipv4() && unicast(source));
        match group.is_multicast() && fits {
            true => Ok((group, source)),
            false => Err(ErrorCode::InvalidArgument),
        }
    }

    fn asked(&self, state: &State, interface: &InterfaceRef) -> Result<InterfaceRef, ErrorCode> {
        Ok(match interface {
            InterfaceRef::Address(address) => InterfaceRef::Address(self.family().ip(*address, state.flags.ipv6_only)?),
            other => other.clone(),
        })
    }
}
