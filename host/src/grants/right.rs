//! The rights, named after operations.

use std::fmt;
use std::str::FromStr;

/// What a grant allows: rights are named after operations.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Right {
    /// `bind`: a local address and port. It includes replies, see [`Via::Reply`](super::Via::Reply).
    Bind,
    /// `send`: a destination, at every send and at connect; a multicast group where a pattern names it. It includes client sockets, see
    /// [`Basis::Client`](super::Basis::Client).
    Send,
    /// `broadcast`: an exact broadcast address and port, for sends with the guest's broadcast switch on.
    Broadcast,
    /// `resolve`: a name to look up. It includes no send; but a name can carry data to whoever answers for it, and `*` to
    /// anyone.
    Resolve,
    /// `join`: a multicast group, on an interface, from a source.
    Join,
}

impl Right {
    /// Every right.
    pub const ALL: [Right; 5] = [Right::Bind, Right::Send, Right::Broadcast, Right::Resolve, Right::Join];

    /// The right as flags and files spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Right::Bind => "bind",
            Right::Send => "send",
            Right::Broadcast => "broadcast",
            Right::Resolve => "resolve",
            Right::Join => "join",
        }
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no right.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0:?} is no right: write bind, send, broadcast, resolve or join")]
pub struct UnknownRight(pub String);

impl FromStr for Right {
    type Err = UnknownRight;

    fn from_str(text: &str) -> Result<Right, UnknownRight> {
        let right = Right::ALL.into_iter().find(|right| right.as_str() == text);
        right.ok_or_else(|| UnknownRight(text.to_owned()))
    }
}
