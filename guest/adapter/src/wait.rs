//! `wait`: one call for many sockets, lookups and a timeout.

use crate::Adapter;
use crate::bindings::datagrant::dgram::types::{ErrorCode, Interest};
use crate::bindings::outer::wait::Guest;
use crate::bindings::wasi::clocks::monotonic_clock::subscribe_duration;
use crate::bindings::wasi::io::poll::{Pollable, poll};
use crate::registry::{self, Waited};
use crate::state::State;

/// 20 days: the longest that a clock is set to. Trap avoided: the timers of a host may count milliseconds in 31 bits, and ring
/// at once when they are set to more (Node's, under jco).
const LONGEST_NS: u64 = 20 * 24 * 60 * 60 * 1_000_000_000;

/// As good as never: what rings once in 20 days is a hint that finds nothing.
pub(crate) fn never() -> Pollable {
    subscribe_duration(LONGEST_NS)
}

/// What there is to wait for on one socket, or for one lookup.
pub(crate) enum Readiness {
    Now,
    Never,
    When(Pollable),
}

impl State {
    /// Trap avoided: a pollable is a child of its stream, so it must be gone before connect, close or drop.
    pub(crate) fn when_received(&mut self) -> Readiness {
        if self.is_closed() || !self.events.is_empty() {
            return Readiness::Now;
        }
        match &self.streams {
            Some((incoming, _)) => {
                self.parked = true; // the host starts a receive for it
                Readiness::When(incoming.subscribe())
            }
            None => Readiness::Never,
        }
    }

    pub(crate) fn when_sendable(&self) -> Readiness {
        if self.is_closed() || self.events.own_is_pending() {
            return Readiness::Now;
        }
        match &self.streams {
            Some((_, outgoing)) => Readiness::When(outgoing.subscribe()),
            None => Readiness::Now,
        }
    }
}

#[derive(Clone, Copy)]
enum For {
    Receive(u32),
    Send(u32),
}

fn add(answer: &mut Interest, what: For) {
    match what {
        For::Receive(id) => answer.receive.push(id),
        For::Send(id) => answer.send.push(id),
    }
}

impl Guest for Adapter {
    fn wait(on: Interest, timeout: Option<u64>) -> Result<Interest, ErrorCode> {
        let receive = on.receive.iter().map(|id| (*id, For::Receive(*id)));
        let send = on.send.iter().map(|id| (*id, For::Send(*id)));
        // All the ids are looked up before anything is asked of the host.
        let all = receive
            .chain(send)
            .map(|(id, what)| match (registry::find(id), what) {
                (None, _) => Err(ErrorCode::InvalidState),
                (Some(Waited::Lookup(_)), For::Send(_)) => Err(ErrorCode::InvalidArgument),
                (Some(waited), what) => Ok((waited, what)),
            })
            .collect::<Result<Vec<(Waited, For)>, ErrorCode>>()?;
        if all.is_empty() && timeout.is_none() {
            return Err(ErrorCode::InvalidArgument);
        }

        let mut answer = Interest {
            receive: Vec::new(),
            send: Vec::new(),
        };
        let mut pollables = Vec::with_capacity(all.len() + 1);
        let mut waiting = Vec::with_capacity(all.len());
        for (waited, what) in &all {
            let readiness = match (waited, what) {
                (Waited::Socket(socket), For::Receive(_)) => socket.borrow_mut().when_received(),
                (Waited::Socket(socket), For::Send(_)) => socket.borrow().when_sendable(),
                (Waited::Lookup(lookup), _) => lookup.borrow_mut().when_answered(),
            };
            match readiness {
                Readiness::Now => add(&mut answer, *what),
                Readiness::Never => {}
                Readiness::When(pollable) => {
                    pollables.push(pollable);
                    waiting.push(*what);
                }
            }
        }

        let ready = !answer.receive.is_empty() || !answer.send.is_empty();
        if ready && pollables.is_empty() {
            return Ok(answer);
        }
        // The others are looked at, or a socket that is always ready would hide them.
        let mut left = if ready { Some(0) } else { timeout };
        loop {
            let now = left.unwrap_or(LONGEST_NS).min(LONGEST_NS);
            // Trap avoided: polling an empty list traps. There is always a clock in it, if only one that rings in vain.
            pollables.push(subscribe_duration(now));
            for index in poll(&pollables.iter().collect::<Vec<_>>()) {
                // The index of the clock is behind those of the sockets.
                if let Some(what) = usize::try_from(index).ok().and_then(|i| waiting.get(i)) {
                    add(&mut answer, *what);
                }
            }
            pollables.pop();
            left = left.map(|left| left - now);
            if left == Some(0) || !answer.receive.is_empty() || !answer.send.is_empty() {
                return Ok(answer);
            }
        }
    }
}
