//! What the core asks the system by: the system itself; the system, written down; or a recording in its place.
//!
//! - [`Descriptor`]: a socket
//! - [`Network`]: what is asked without one
//!
//! The seam is here, at system calls, so that nothing that a socket is or may do stands twice: a replay runs the same state
//! machine under the same grants. Without a tape it costs a look at an enum for each call.

mod datagrams;
mod descriptor;
mod packets;
mod taken;
mod words;

pub(crate) use descriptor::Descriptor;
pub(crate) use taken::Taken;

use crate::sys;
use crate::tape::Tape;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

/// Whom an instance asks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Network {
    tape: Option<Tape>,
}

impl Network {
    pub(crate) fn new(tape: Option<Tape>) -> Network {
        Network { tape }
    }

    pub(crate) fn tape(&self) -> Option<&Tape> {
        self.tape.as_ref()
    }

    /// socket(2), for the socket of this number.
    pub(crate) fn open(&self, id: u32, ipv6: bool) -> io::Result<Descriptor> {
        Descriptor::open(id, ipv6, self.tape.clone())
    }

    /// The time by which the core judges and counts.
    pub(crate) fn now(&self) -> Instant {
        self.tape.as_ref().map_or_else(Instant::now, Tape::now)
    }

    /// A number that nobody foresees.
    pub(crate) fn chance(&self, system: impl FnOnce() -> u64) -> u64 {
        match &self.tape {
            None => system(),
            Some(tape) => tape.number("chance", system),
        }
    }

    pub(crate) fn is_own_address(&self, address: SocketAddr) -> bool {
        self.fact(
            || format!("own-address {}", address.ip()),
            || sys::is_own_address(address),
        )
    }

    pub(crate) fn interface_to(&self, destination: IpAddr, source: Option<IpAddr>) -> io::Result<u32> {
        self.fact(
            || format!("interface-to {destination} {}", words::or_any(source)),
            || sys::interface_to(destination, source),
        )
    }

    pub(crate) fn interface_with(&self, address: IpAddr) -> io::Result<String> {
        self.fact(|| format!("interface-with {address}"), || sys::interface_with(address))
    }

    /// Interfaces are asked for by way of a socket.
    pub(crate) fn interface_index(&self, name: &str) -> io::Result<u32> {
        self.fact(
            || words::interface_index(name),
            || sys::Socket::open(false)?.interface_index(name),
        )
    }

    /// As [`interface_index`](Self::interface_index).
    pub(crate) fn interface_name(&self, index: u32) -> io::Result<String> {
        self.fact(
            || words::interface_name(index),
            || sys::Socket::open(false)?.interface_name(index),
        )
    }

    fn fact<T: crate::tape::Answer>(&self, question: impl FnOnce() -> String, system: impl FnOnce() -> T) -> T {
        match &self.tape {
            None => system(),
            Some(tape) => tape.fact(question, system),
        }
    }
}
