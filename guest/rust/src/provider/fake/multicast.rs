//! Multicast of the provider for unit tests: it writes down what was asked for.

use super::{Socket, world};
use crate::ErrorCode;
use crate::address::ip_from_contract;
use crate::bindings::types::{InterfaceRef, IpAddress};

#[derive(Default)]
pub(super) struct Multicast {
    members: Vec<(IpAddress, InterfaceRef, Option<IpAddress>)>,
    pub ttl: u8,
    pub loopback: bool,
    pub interface: Option<InterfaceRef>,
}

/// As text: `group interface source`.
pub(crate) fn memberships(id: u32) -> Vec<String> {
    let text = |(group, interface, source): &(IpAddress, InterfaceRef, Option<IpAddress>)| {
        let interface = match interface {
            InterfaceRef::Default => "default".to_owned(),
            InterfaceRef::Index(index) => index.to_string(),
            InterfaceRef::Name(name) => name.clone(),
            InterfaceRef::Address(address) => ip_from_contract(*address).to_string(),
        };
        let source = source.map_or("any".to_owned(), |s| ip_from_contract(s).to_string());
        format!("{} {interface} {source}", ip_from_contract(*group))
    };
    world(|w| w.sockets[&id].multicast.members.iter().map(text).collect())
}

impl Socket {
    pub fn join(&self, group: IpAddress, interface: &InterfaceRef, source: Option<IpAddress>) -> Result<(), ErrorCode> {
        if !ip_from_contract(group).is_multicast() {
            return Err(ErrorCode::InvalidArgument);
        }
        self.with(|s| {
            let member = (group, interface.clone(), source);
            if s.multicast.members.contains(&member) {
                return Err(ErrorCode::AddressInUse);
            }
            s.multicast.members.push(member);
            Ok(())
        })
    }

    pub fn leave(
        &self,
        group: IpAddress,
        interface: &InterfaceRef,
        source: Option<IpAddress>,
    ) -> Result<(), ErrorCode> {
        self.with(|s| {
            let member = (group, interface.clone(), source);
            let at = s.multicast.members.iter().position(|m| *m == member);
            s.multicast.members.remove(at.ok_or(ErrorCode::AddressNotBindable)?);
            Ok(())
        })
    }

    pub fn set_multicast_ttl(&self, hops: u8) -> Result<(), ErrorCode> {
        self.with(|s| {
            s.multicast.ttl = hops;
            Ok(())
        })
    }

    pub fn set_multicast_loopback(&self, on: bool) -> Result<(), ErrorCode> {
        self.with(|s| {
            s.multicast.loopback = on;
            Ok(())
        })
    }

    pub fn set_multicast_interface(&self, interface: &InterfaceRef) -> Result<(), ErrorCode> {
        self.with(|s| {
            s.multicast.interface = Some(interface.clone());
            Ok(())
        })
    }
}

/// Hops, loopback and interface as they were set last.
pub(crate) fn multicast_options(id: u32) -> (u8, bool, Option<InterfaceRef>) {
    world(|w| {
        let set = &w.sockets[&id].multicast;
        (set.ttl, set.loopback, set.interface.clone())
    })
}
