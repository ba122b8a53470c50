//! Network interfaces, as patterns name them and as the host finds them.

use std::fmt;

use super::Endpoint;

/// The most bytes of an interface's name (Linux: IFNAMSIZ, less the 0 at its end).
const MOST: usize = 15;

/// The name of a network interface, such as `eth0`: at most 15 bytes. The empty one stands for a name that is not known.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct InterfaceName {
    /// Followed by zeroes, which no name contains.
    bytes: [u8; MOST],
    length: u8,
}

impl InterfaceName {
    /// The name is not known.
    pub const UNKNOWN: InterfaceName = InterfaceName {
        bytes: [0; MOST],
        length: 0,
    };

    /// A name as the host tells it, or as a guest gives it; none if no interface can have it, for its length.
    pub fn new(name: &str) -> Option<InterfaceName> {
        let mut bytes = [0; MOST];
        bytes.get_mut(..name.len())?.copy_from_slice(name.as_bytes());
        Some(InterfaceName {
            bytes,
            length: name.len() as u8,
        })
    }

    /// The name; empty if it is not known.
    pub fn as_str(&self) -> &str {
        // It was one when it was made.
        str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }

    /// Whether the name is known.
    pub fn is_known(&self) -> bool {
        self.length > 0
    }

    /// Whether a pattern can spell it: printable, without what has a meaning in patterns, and not a number, which would
    /// be an index.
    pub(super) fn is_spelt(&self) -> bool {
        let name = self.as_str();
        let plain = |byte: u8| byte.is_ascii_graphic() && !b"/:@%[]".contains(&byte);
        self.is_known()
            && name.bytes().all(plain)
            && !name.bytes().all(|byte| byte.is_ascii_digit())
            && !matches!(name, "." | "..")
    }
}

impl fmt::Debug for InterfaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

/// A network interface, with what the host knows of it when it asks.
///
/// An interface that a guest named and that does not exist is asked about with what the guest said: what is granted there
/// is permitted, so that only guests whose grants speak of it learn that it is missing.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Interface {
    /// Its index, from 1 on; 0: not known.
    pub index: u32,
    /// Its name.
    pub name: InterfaceName,
}

impl Interface {
    /// Nothing is known, or no interface matters: only patterns for any interface cover it.
    pub const UNKNOWN: Interface = Interface {
        index: 0,
        name: InterfaceName::UNKNOWN,
    };

    /// The interface of an endpoint: where that has a scope id, no other one counts.
    #[inline]
    pub(super) fn of(self, endpoint: &Endpoint) -> Interface {
        match endpoint.scope_id() {
            0 => self,
            scope if scope == self.index => self,
            scope => Interface {
                index: scope,
                name: InterfaceName::UNKNOWN,
            },
        }
    }

    /// How a pattern names this interface: by its name, or by its index where the name is not known.
    pub(super) fn zone(&self) -> Option<Zone> {
        match (self.name.is_spelt(), self.index) {
            (true, _) => Some(Zone::Name(self.name)),
            (false, 0) => None,
            (false, index) => Some(Zone::Index(index)),
        }
    }
}

/// The interface that a pattern names.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Zone {
    /// By its index, from 1 on.
    Index(u32),
    /// By its name.
    Name(InterfaceName),
}

impl Zone {
    /// Whether this is how a pattern may name that interface.
    #[inline]
    pub fn is(&self, interface: &Interface) -> bool {
        match self {
            Zone::Index(index) => *index == interface.index,
            Zone::Name(name) => *name == interface.name,
        }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Zone::Index(index) => index.fmt(f),
            Zone::Name(name) => f.write_str(name.as_str()),
        }
    }
}
