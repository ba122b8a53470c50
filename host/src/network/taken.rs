//! Sockets that were handed in, as a recording tells of them.

use crate::tape::Answer;
use std::net::SocketAddr;

/// What is told of a socket that was handed in.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) local: SocketAddr,
    pub(crate) ipv6: bool,
    pub(crate) ipv6_only: bool,
    pub(crate) held_by_others: bool,
    pub(crate) buffer_bytes: u64,
}

impl Answer for Taken {
    fn to_text(&self) -> String {
        let Taken {
            local,
            ipv6,
            ipv6_only,
            held_by_others,
            buffer_bytes,
        } = self;
        format!("{local} {ipv6} {ipv6_only} {held_by_others} {buffer_bytes}")
    }

    fn from_text(text: &str) -> Option<Taken> {
        let mut words = text.split(' ');
        let mut word = || words.next();
        Some(Taken {
            local: word()?.parse().ok()?,
            ipv6: word()?.parse().ok()?,
            ipv6_only: word()?.parse().ok()?,
            held_by_others: word()?.parse().ok()?,
            buffer_bytes: word()?.parse().ok()?,
        })
    }

    fn none() -> Taken {
        Taken {
            local: SocketAddr::none(),
            ipv6: false,
            ipv6_only: false,
            held_by_others: false,
            buffer_bytes: 0,
        }
    }
}
