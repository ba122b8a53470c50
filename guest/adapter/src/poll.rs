//! `poll`: pollables for a guest that has a loop of its own.

use crate::Adapter;
use crate::bindings::datagrant::dgram::types::Direction;
use crate::bindings::outer::poll::{Guest, LookupBorrow, SocketBorrow};
use crate::bindings::wasi::io::poll::Pollable;
use crate::names::Lookup;
use crate::socket::Sock;
use crate::wait::{Readiness, never};

impl Guest for Adapter {
    /// An empty list: ready at once. The inner pollables are handed on as they are.
    fn subscribe(socket: SocketBorrow<'_>, direction: Direction) -> Vec<Pollable> {
        socket.get::<Sock>().with(|s| {
            if direction.is_empty() {
                return Vec::new();
            }
            let mut asked = Vec::new();
            if direction.contains(Direction::SEND) {
                asked.push(s.when_sendable());
            }
            if direction.contains(Direction::RECEIVE) {
                asked.push(s.when_received());
            }
            let mut list = Vec::new();
            for readiness in asked {
                match readiness {
                    Readiness::Now => return Vec::new(),
                    Readiness::Never => {}
                    Readiness::When(pollable) => list.push(pollable),
                }
            }
            if list.is_empty() {
                list.push(never()); // for to the caller an empty list means the opposite
            }
            list
        })
    }

    fn subscribe_lookup(lookup: LookupBorrow<'_>) -> Vec<Pollable> {
        match lookup.get::<Lookup>().when_answered() {
            Readiness::Now => Vec::new(),
            Readiness::Never => vec![never()],
            Readiness::When(pollable) => vec![pollable],
        }
    }
}
