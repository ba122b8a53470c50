//! What the clones of a socket share: the contract's socket, and what was taken from it and not asked for yet.

use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::address::{from_contract, to_contract};
use crate::bindings::types::{Event, Interest};
use crate::exchange::Exchange;
use crate::inbox::Inbox;
use crate::provider::{self, BATCH, Socket};
use crate::{Error, ErrorCode};

use super::multicast::Multicast;

pub(super) struct Shared {
    pub raw: Socket,
    pub id: u32,
    pub exchange: Exchange,
    /// Never held while waiting.
    state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    /// Datagrams only.
    pub inbox: Inbox,
    /// As SO_ERROR: the last asynchronous error that nobody was told of.
    pub error: Option<ErrorCode>,
    /// The provider closed the socket: its grants were withdrawn.
    pub closed: bool,
    pub peer: Option<SocketAddr>,
    pub nonblocking: bool,
    pub broadcast: bool,
    pub read_timeout: Option<Duration>,
    pub write_timeout: Option<Duration>,
    pub multicast: Multicast,
}

impl State {
    pub fn has_waiting(&self) -> bool {
        !self.inbox.is_empty() || self.error.is_some() || self.closed
    }

    fn sort(&mut self, events: Vec<Event>) {
        for event in events {
            match event {
                Event::Message(_) => self.inbox.push_event(event),
                Event::Error(code) => self.error = Some(code),
                Event::Close => self.closed = true,
                Event::Listening(_) | Event::Connect(_) => {}
            }
        }
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
            exchange: Exchange::new(&raw),
            raw,
            state: Mutex::new(State {
                peer,
                ..State::default()
            }),
        };
        shared.settle(&mut shared.lock());
        shared
    }

    pub fn lock(&self) -> MutexGuard<'_, State> {
        // No code of the guest's runs under the lock, so it is whole even after a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes at most `max` datagrams from the provider, or an event that comes first; never waits. The answer is whether
    /// to look again before waiting.
    pub fn pump(&self, state: &mut State, max: usize) -> bool {
        let taken = self.exchange.receive(&self.raw, max);
        if let Some(burst) = taken.burst {
            state.inbox.push_burst(burst);
        }
        state.sort(taken.events);
        taken.more
    }

    /// [`pump`](Self::pump) up to a batch, with what is waiting already: what a guest does not receive stays in the
    /// kernel's buffer and is bounded there.
    pub fn pump_if_room(&self, state: &mut State) {
        let room = BATCH.saturating_sub(state.inbox.len());
        if room > 0 {
            self.pump(state, room);
        }
    }

    /// Takes the events of a call of the guest's own (`listening`, `connect`): they would end every wait at once. What
    /// comes from the network is not asked for, which some providers take as a sign that the socket is in use.
    fn settle(&self, state: &mut State) {
        state.sort(self.raw.next_events(BATCH as u32));
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
        self.settle(&mut state);
        state.inbox.keep_only(peer);
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
