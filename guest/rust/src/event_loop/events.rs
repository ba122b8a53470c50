//! Events: the callbacks that are set for them, and their way from the provider to there.

use std::{io, net::SocketAddr};

use super::core::Task;
use super::socket::Phase;
use super::{Outcome, Socket};
use crate::Error;
use crate::address::from_contract;
use crate::bindings::types::Event;
use crate::burst::Burst;
use crate::inbox::First;
use crate::provider::BATCH;

/// What one socket delivers in a turn at most: others, and timers, have theirs.
const EVENTS_A_TURN: usize = 4 * BATCH;

impl Socket {
    /// Calls `callback` when the socket is bound, by [`bind`](Self::bind) or by its first send.
    pub fn on_listening<R: Outcome>(&self, mut callback: impl FnMut(&Socket) -> R + 'static) -> &Self {
        self.set(|h| {
            h.listening
                .set(Some(Box::new(move |socket| callback(socket).outcome())))
        })
    }

    /// Calls `callback` when the socket is connected.
    pub fn on_connect<R: Outcome>(&self, mut callback: impl FnMut(&Socket) -> R + 'static) -> &Self {
        self.set(|h| h.connect.set(Some(Box::new(move |socket| callback(socket).outcome()))))
    }

    /// Calls `callback` with each datagram and where it came from. Without one, datagrams are dropped.
    pub fn on_message<R: Outcome>(&self, mut callback: impl FnMut(&Socket, &[u8], SocketAddr) -> R + 'static) -> &Self {
        self.set(|h| {
            let callback = move |socket: &Socket, data: &[u8], from| callback(socket, data, from).outcome();
            h.message.set(Some(Box::new(callback)));
        })
    }

    /// Calls `callback` with the datagrams that are there, up to 32 headers at once, in place of
    /// [`on_message`](Self::on_message): for speed. [`send_burst`](Self::send_burst) answers in kind.
    ///
    /// ```no_run
    /// use datagrant_guest::{EventLoop, Family, burst::SendBurst};
    ///
    /// let events = EventLoop::new();
    /// let echo = events.socket(Family::Ipv4)?;
    /// echo.on_burst(|echo, burst| echo.send_burst(&SendBurst::from(burst.clone())));
    /// echo.bind("127.0.0.1:41234")?;
    /// events.run()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn on_burst<R: Outcome>(&self, mut callback: impl FnMut(&Socket, &Burst) -> R + 'static) -> &Self {
        self.set(|h| {
            h.burst
                .set(Some(Box::new(move |socket, burst| callback(socket, burst).outcome())))
        })
    }

    /// Calls `callback` with each error event; without one, an error event ends the loop.
    pub fn on_error<R: Outcome>(&self, mut callback: impl FnMut(&Socket, io::Error) -> R + 'static) -> &Self {
        self.set(|h| {
            h.error
                .set(Some(Box::new(move |socket, error| callback(socket, error).outcome())))
        })
    }

    /// Calls `callback` once the socket is closed and its port is free; the last event of a socket. Then all of its
    /// callbacks are dropped.
    pub fn on_close<R: Outcome>(&self, mut callback: impl FnMut(&Socket) -> R + 'static) -> &Self {
        self.set(|h| h.close.set(Some(Box::new(move |socket| callback(socket).outcome()))))
    }

    /// Callbacks of a closed socket would never be called, and never be dropped.
    fn set(&self, set: impl FnOnce(&super::handlers::Handlers)) -> &Self {
        if self.inner().phase.get() != Phase::Closed {
            set(&self.inner().handlers);
        }
        self
    }

    pub(super) fn is_ready(&self) -> bool {
        self.inner().ready.get() || !self.inner().pending.borrow().is_empty()
    }

    pub(super) fn mark(&self, receive: bool, send: bool) {
        if receive {
            self.inner().ready.set(true);
        }
        if send {
            self.inner().writable.set(true);
        }
    }

    /// Delivers events until none is left, or the turn is over.
    pub(super) fn take_events(&self) -> io::Result<()> {
        let mut left = EVENTS_A_TURN;
        while left > 0 {
            self.refill();
            if let Some(burst) = self.next_burst() {
                left = left.saturating_sub(burst.len());
                let result = self.inner().handlers.burst.call(|callback| callback(self, &burst));
                result.unwrap_or(Ok(()))?;
                continue;
            }
            let Some(first) = self.inner().pending.borrow_mut().pop() else {
                break;
            };
            left -= 1;
            self.deliver(first)?;
        }
        Ok(())
    }

    /// Where nothing is pending, takes what the provider may have.
    fn refill(&self) {
        let inner = self.inner();
        if !inner.pending.borrow().is_empty() || !inner.ready.get() {
            return;
        }
        let taken = self.with_raw("recvmsg", None, |raw| Ok(inner.exchange.receive(raw, BATCH)));
        let taken = taken.unwrap_or_default();
        let own = taken.events.iter().any(|event| !matches!(event, Event::Message(_)));
        // Bursts let through one event at a time: there may be a second one behind it.
        inner.expecting.set(inner.expecting.get() && taken.more && own);
        // A short batch was the last for now; a wait tells of what comes after it.
        inner.ready.set(taken.more);
        let mut pending = inner.pending.borrow_mut();
        if let Some(mut burst) = taken.burst {
            if !inner.settings.receive_block_list.is_empty() {
                burst.retain(|from| inner.settings.hears(from.ip()));
            }
            pending.push_burst(burst);
        }
        for event in taken.events {
            match &event {
                Event::Message(datagram) if !inner.settings.hears(from_contract(datagram.remote).ip()) => {}
                _ => pending.push_event(event),
            }
        }
    }

    /// The next datagrams as a burst, if that is how they are wanted.
    fn next_burst(&self) -> Option<Burst> {
        let inner = self.inner();
        if !inner.handlers.burst.is_set() || !self.is_open() {
            return None;
        }
        let burst = inner.pending.borrow_mut().take_burst(BATCH, self.family());
        burst.filter(|burst| !burst.is_empty())
    }

    fn deliver(&self, first: First) -> io::Result<()> {
        let handlers = &self.inner().handlers;
        let event = match first {
            First::Event(event) => event,
            First::Datagram(_) if !self.is_open() => return Ok(()),
            First::Datagram(lent) => {
                let result = handlers
                    .message
                    .call(|callback| callback(self, lent.data(), lent.remote));
                return result.unwrap_or(Ok(()));
            }
        };
        let result = match event {
            Event::Close => return self.end(),
            // "No message after close", nor anything else.
            _ if !self.is_open() => None,
            Event::Listening(_) => handlers.listening.call(|callback| callback(self)),
            Event::Connect(_) => handlers.connect.call(|callback| callback(self)),
            Event::Message(datagram) => {
                let from = from_contract(datagram.remote);
                handlers.message.call(|callback| callback(self, &datagram.data, from))
            }
            Event::Error(code) => {
                let error = Error::new("recvmsg", self.inner().peer.get(), code);
                return self.emit_error(error.into());
            }
        };
        result.unwrap_or(Ok(()))
    }

    /// An error event. On a closed socket there is none: in Node, too, a close that overtakes a failure is silent.
    pub(super) fn emit_error(&self, error: io::Error) -> io::Result<()> {
        if !self.is_open() {
            return Ok(());
        }
        let mut error = Some(error);
        let result = self.inner().handlers.error.call(|callback| match error.take() {
            Some(error) => callback(self, error),
            None => Ok(()),
        });
        result.unwrap_or_else(|| error.map_or(Ok(()), Err))
    }

    /// The provider's last event: after the guest's `close`, or because grants were withdrawn.
    fn end(&self) -> io::Result<()> {
        self.inner().phase.set(Phase::Closed);
        self.inner().pending.borrow_mut().clear();
        self.inner().ready.set(false);
        self.forget_lookups();
        self.cancel_sends();
        self.drop_raw();
        let core = self.core()?;
        core.let_go(self);
        core.owe(Task::Closed(self.clone()));
        Ok(())
    }

    pub(super) fn emit_close(&self) -> io::Result<()> {
        let result = self.inner().handlers.close.call(|callback| callback(self));
        self.inner().handlers.clear();
        result.unwrap_or(Ok(()))
    }
}
