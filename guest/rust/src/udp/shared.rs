//! What the clones of a socket share: the contract's socket, and what was taken from it and not asked for yet.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::address::{from_contract, same_peer, to_contract};
use crate::bindings::types::{Datagram, Event, Interest};
use crate::provider::{self, BATCH, Socket};
use crate::{Error, ErrorCode};

pub(super) struct Shared {
    pub raw: Socket,
    pub id: u32,
    /// Never held while waiting.
    state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub inbox: VecDeque<Datagram>,
    /// As SO_ERROR: the last asynchronous error that nobody was told of.
    pub error: Option<ErrorCode>,
    /// The provider closed the socket: its grants were withdrawn.
    pub closed: bool,
    pub peer: Option<SocketAddr>,
    pub nonblocking: bool,
    pub broadcast: bool,
    pub read_timeout: Option<Duration>,
    pub write_timeout: Option<Duration>,
}

impl State {
    pub fn has_waiting(&self) -> bool {
        !self.inbox.is_empty() || self.error.is_some() || self.closed
    }

    pub fn take_error(&mut self, operation: &'static str) -> io::Result<()> {
        self.error
            .take()
            .map_or(Ok(()), |code| Err(Error::new(operation, self.peer, code).into()))
    }
}

impl Shared {
    pub fn new(raw: Socket) -> Self {
        let peer = raw.remote_address().ok().map(from_contract);
        let shared = Self {
            id: raw.id(),
            raw,
            state: Mutex::new(State {
                peer,
                ..State::default()
            }),
        };
        // Events of the guest's own calls (`listening`) would end every wait at once: take them now.
        shared.pump(&mut shared.lock());
        shared
    }

    pub fn lock(&self) -> MutexGuard<'_, State> {
        // No code of the guest's runs under the lock, so it is whole even after a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a batch of events from the provider; never waits.
    pub fn pump(&self, state: &mut State) {
        for event in self.raw.next_events(BATCH as u32) {
            match event {
                Event::Message(datagram) => state.inbox.push_back(datagram),
                Event::Error(code) => state.error = Some(code),
                Event::Close => state.closed = true,
                Event::Listening(_) | Event::Connect(_) => {}
            }
        }
    }

    /// [`pump`](Self::pump), unless a batch is waiting already: what a guest does not receive stays in the kernel's
    /// buffer and is bounded there.
    pub fn pump_if_room(&self, state: &mut State) {
        if state.inbox.len() < BATCH {
            self.pump(state);
        }
    }

    pub fn connect(&self, remote: SocketAddr) -> io::Result<()> {
        if self.lock().peer.is_some() {
            self.disconnect()?;
        }
        let result = self.raw.connect(to_contract(remote));
        result.map_err(|code| Error::new("connect", Some(remote), code))?;
        let peer = self.raw.remote_address().map_or(remote, from_contract);
        let mut state = self.lock();
        state.peer = Some(peer);
        // What came before was about others: "a stale ECONNREFUSED hits the next send to another peer".
        state.error = None;
        self.pump(&mut state);
        state.inbox.retain(|d| same_peer(&from_contract(d.remote), &peer));
        Ok(())
    }

    pub fn disconnect(&self) -> io::Result<()> {
        self.raw
            .disconnect()
            .map_err(|code| Error::new("disconnect", None, code))?;
        self.lock().peer = None;
        Ok(())
    }

    /// Waits for one socket to be ready in one direction; `WouldBlock` when the deadline is over. Readiness is a hint:
    /// the caller looks again.
    pub fn wait(&self, direction: Direction, deadline: &Deadline) -> io::Result<()> {
        let timeout = match deadline.0 {
            None => None,
            Some(at) => match at.saturating_duration_since(provider::now()) {
                Duration::ZERO => return Err(io::ErrorKind::WouldBlock.into()),
                left => Some(left),
            },
        };
        let mut on = Interest {
            receive: vec![],
            send: vec![],
        };
        match direction {
            Direction::Receive => on.receive.push(self.id),
            Direction::Send => on.send.push(self.id),
        }
        provider::wait(&on, timeout).map(drop)
    }
}

#[derive(Clone, Copy)]
pub(super) enum Direction {
    Receive,
    Send,
}

/// When a call has to give up; a time too far to be told is never.
pub(super) struct Deadline(Option<Instant>);

impl Deadline {
    pub fn after(timeout: Option<Duration>) -> Self {
        Self(timeout.and_then(|timeout| provider::now().checked_add(timeout)))
    }
}
