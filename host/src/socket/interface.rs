//! Which interface: what a guest names, what the system would choose, and what is told of it.

use super::state::State;
use super::{ErrorCode, Socket};
use crate::grants::{Endpoint, Interface, InterfaceName};
use crate::network::{Descriptor, Network};
use std::net::{IpAddr, SocketAddr};

/// `interface-ref` of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InterfaceRef {
    /// The system's choice, by its routes.
    Default,
    /// By index.
    Index(u32),
    /// By name.
    Name(String),
    /// By one of its addresses, not IPv4-mapped.
    Address(IpAddr),
}

/// An interface that was looked for.
#[derive(Copy, Clone, Debug)]
pub(super) struct Found {
    /// As it is judged, with what the guest said of it where it is missing.
    pub(super) interface: Interface,
    /// Why it cannot be used. Told only after it was judged: whoever may not use it does not learn that it is missing.
    pub(super) missing: Option<ErrorCode>,
}

impl Found {
    /// No interface matters.
    pub(super) const NONE: Found = Found {
        interface: Interface::UNKNOWN,
        missing: None,
    };

    /// For what was permitted.
    pub(super) fn there(&self) -> Result<Interface, ErrorCode> {
        self.missing.map_or(Ok(self.interface), Err)
    }
}

/// What is known of the interface of this index. The name is asked for each time: interfaces come, go, and are renamed.
pub(super) fn by_index(descriptor: &Descriptor, index: u32) -> Found {
    match descriptor.interface_name(index) {
        Ok(name) => Found {
            interface: Interface {
                index,
                name: InterfaceName::new(&name).unwrap_or_default(),
            },
            missing: None,
        },
        Err(_) => Found {
            interface: Interface {
                index,
                name: InterfaceName::UNKNOWN,
            },
            missing: Some(ErrorCode::NoSuchInterface),
        },
    }
}

pub(super) fn by_name(descriptor: &Descriptor, name: &str) -> Found {
    let index = descriptor.interface_index(name);
    Found {
        interface: Interface {
            index: *index.as_ref().unwrap_or(&0),
            name: InterfaceName::new(name).unwrap_or_default(),
        },
        missing: index.err().map(|_| ErrorCode::NoSuchInterface),
    }
}

/// What the guest names, for datagrams to or from `group`.
pub(super) fn find(network: &Network, descriptor: &Descriptor, asked: &InterfaceRef, group: IpAddr) -> Found {
    match asked {
        InterfaceRef::Default => by_route(network, descriptor, group, None),
        InterfaceRef::Index(index) => by_index(descriptor, *index),
        InterfaceRef::Name(name) => by_name(descriptor, name),
        InterfaceRef::Address(address) => match network.interface_with(*address) {
            Ok(name) => by_name(descriptor, &name),
            Err(_) => Found {
                interface: Interface::UNKNOWN,
                missing: Some(ErrorCode::NoSuchInterface),
            },
        },
    }
}

/// What the system would choose. It is asked here, so that what is judged and what the kernel is given are one.
fn by_route(network: &Network, descriptor: &Descriptor, group: IpAddr, source: Option<IpAddr>) -> Found {
    match network.interface_to(group, source) {
        Ok(index) => by_index(descriptor, index),
        Err(error) => Found {
            interface: Interface::UNKNOWN,
            missing: Some(error.into()),
        },
    }
}

impl Socket {
    /// The interface by which a destination is reached: what a group is sent by, and the zone of a link-local address.
    /// `source` is the address that the guest chose to send from.
    pub(super) fn reach(&self, state: &State, target: &Endpoint, source: Option<IpAddr>) -> Found {
        let Some(descriptor) = state.descriptor.as_ref() else {
            return Found::NONE;
        };
        match (target.scope_id(), target.is_multicast()) {
            (0, false) => Found::NONE,
            (0, true) => match state.multicast_interface {
                Some(chosen) => {
                    let found = by_index(descriptor, chosen.index);
                    match found.missing {
                        // Gone since: it is still the one that the guest was allowed to choose.
                        Some(_) => Found {
                            interface: chosen,
                            ..found
                        },
                        None => found,
                    }
                }
                None => by_route(
                    &self.authority.network,
                    descriptor,
                    target.ip(),
                    route_source(state, target, source),
                ),
            },
            // An address with a scope id goes where that says; the kernel tells what is missing.
            _ => Found {
                interface: self.zone(state, target),
                missing: None,
            },
        }
    }

    /// The interface of an address with a scope id; unknown for others.
    pub(super) fn zone(&self, state: &State, address: &Endpoint) -> Interface {
        let named = address.is_multicast() || self.authority.names_interfaces();
        match (address.scope_id(), &state.descriptor) {
            (0, _) => Interface::UNKNOWN,
            (scope, Some(descriptor)) if named => by_index(descriptor, scope).interface,
            (scope, _) => Interface {
                index: scope,
                name: InterfaceName::UNKNOWN,
            },
        }
    }

    /// What the guest is told of an interface, it may ask the name of.
    pub(super) fn note(&self, state: &mut State, index: u32) {
        // A run of datagrams comes by one interface.
        if index != 0 && index != state.noted {
            state.noted = index;
            self.authority.seen().note(index);
        }
    }

    /// As [`note`](Self::note), of an address.
    pub(super) fn note_scope(&self, state: &mut State, address: SocketAddr) {
        if let SocketAddr::V6(v6) = address {
            self.note(state, v6.scope_id());
        }
    }
}

/// The source that Linux looks the route of a group up with: for IPv4 the socket's own address leads to its interface.
fn route_source(state: &State, target: &Endpoint, source: Option<IpAddr>) -> Option<IpAddr> {
    let bound = state.bound.as_ref().map(|bound| bound.local.ip().to_canonical());
    let source = source.or(bound).filter(|source| !source.is_unspecified());
    source.filter(|source| source.is_ipv4() && target.ip().is_ipv4() && !source.is_multicast())
}
