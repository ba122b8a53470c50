//! Names and indexes of interfaces, as far as a guest may know them: `zones` of the contract.

use super::{Authority, ErrorCode};
use crate::grants::{Interface, InterfaceName, ShowInterface, Zone};
use crate::sys;
use std::collections::VecDeque;
use std::io;

/// The indexes that addresses in the guest's hands carry: scope ids, and the interfaces of packet info.
#[derive(Debug, Default)]
pub(super) struct Seen(VecDeque<u32>);

impl Seen {
    /// The last ones; a machine has seldom more.
    const MAX: usize = 64;

    pub(super) fn note(&mut self, index: u32) {
        if index != 0 && !self.0.contains(&index) {
            if self.0.len() == Self::MAX {
                self.0.pop_front();
            }
            self.0.push_back(index);
        }
    }

    fn contains(&self, index: u32) -> bool {
        self.0.contains(&index)
    }
}

impl Authority {
    /// The index of the interface of this name. `no-such-interface` for one that is not shown, too.
    pub(crate) fn zone_index(&self, name: &str) -> Result<u32, ErrorCode> {
        let name = InterfaceName::new(name).ok_or(ErrorCode::NoSuchInterface)?;
        let index = self.network.interface_index(name.as_str());
        let index = index.map_err(missing)?;
        self.shown(Interface { index, name }).map(|()| index)
    }

    /// The name of the interface of this index. `no-such-interface` for one that is not shown, too.
    pub(crate) fn zone_name(&self, index: u32) -> Result<String, ErrorCode> {
        let told = self.network.interface_name(index);
        let told = told.map_err(missing)?;
        let name = InterfaceName::new(&told).unwrap_or_default();
        self.shown(Interface { index, name }).map(|()| told)
    }

    /// Nothing is refused where an interface is not shown: the operator is not told.
    fn shown(&self, interface: Interface) -> Result<(), ErrorCode> {
        let known = self.seen().contains(interface.index);
        match self.permits(&ShowInterface { interface, known }) {
            true => Ok(()),
            false => Err(ErrorCode::NoSuchInterface),
        }
    }
}

/// What this host knows of an interface that a pattern names: for programs that ask about grants. What it does not have is
/// not known, but for what the pattern says.
pub fn find_interface(zone: Zone) -> Interface {
    let Ok(socket) = scratch() else {
        return Interface::UNKNOWN;
    };
    match zone {
        Zone::Index(index) => Interface {
            index,
            name: socket
                .interface_name(index)
                .ok()
                .and_then(|name| InterfaceName::new(&name))
                .unwrap_or_default(),
        },
        Zone::Name(name) => Interface {
            index: socket.interface_index(name.as_str()).unwrap_or(0),
            name,
        },
    }
}

/// What is told of an interface that was not found; or of no socket to ask with.
fn missing(error: io::Error) -> ErrorCode {
    match ErrorCode::from(error) {
        ErrorCode::QuotaExceeded => ErrorCode::QuotaExceeded,
        _ => ErrorCode::NoSuchInterface,
    }
}

/// Interfaces are asked for by way of a socket.
fn scratch() -> Result<sys::Socket, ErrorCode> {
    Ok(sys::Socket::open(false)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_that_were_seen_are_known() {
        let mut seen = Seen::default();
        (0..1000).for_each(|index| seen.note(index));
        (990..1000).for_each(|index| seen.note(index));
        assert_eq!(seen.0.len(), Seen::MAX);
        assert!(seen.contains(999) && seen.contains(1000 - Seen::MAX as u32));
        assert!(!seen.contains(0) && !seen.contains(1));
    }
}
