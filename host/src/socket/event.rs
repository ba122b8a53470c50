//! What happens on a socket, and the queue of what follows from the guest's own calls.

use super::ErrorCode;
use super::waits::Waits;
use std::collections::VecDeque;
use std::net::SocketAddr;

/// `event` of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Bound, by `bind` or implicitly: the local address.
    Listening(SocketAddr),
    /// Connected: the remote address.
    Connect(SocketAddr),
    /// A datagram, whole.
    Message {
        /// The payload, 0 to 65,527 bytes.
        data: Vec<u8>,
        /// Who sent it.
        remote: SocketAddr,
    },
    /// An error that the network reported, once.
    Error(ErrorCode),
    /// The last event.
    Close,
}

/// How a guest learns what happens on a socket.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Told {
    /// By events, in their order: `datagrant:dgram`.
    #[default]
    ByEvents,
    /// By what its calls answer, as POSIX has it: `wasi:sockets`. Nothing tells it of its own calls, and an error of the
    /// network fails the call that meets it.
    ByCalls,
}

/// Events that are not datagrams, and what a coalesced datagram left. A guest that never takes them cannot make it grow:
/// connect, disconnect and send in a loop would.
#[derive(Default)]
pub(super) struct EventQueue {
    events: VecDeque<Event>,
    /// Who waits while there is none.
    pub(super) waits: Waits,
}

impl EventQueue {
    /// Beside `Close`, for which there is always room.
    const MAX: usize = 64;

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether there are events that follow from the guest's own calls: then every way of waiting is ready at once. An error
    /// is not one, or a sender that waits for room would spin on it.
    pub(super) fn has_own(&self) -> bool {
        self.events
            .iter()
            .any(|event| !matches!(event, Event::Error(_) | Event::Message { .. }))
    }

    /// [`ErrorCode::NoBufferSpace`] when the guest has left too many events untaken. Asked before the operation that
    /// would need `count` of them, so that none is lost.
    pub(super) fn reserve(&self, count: usize) -> Result<(), ErrorCode> {
        if self.events.len() + count > Self::MAX {
            Err(ErrorCode::NoBufferSpace)
        } else {
            Ok(())
        }
    }

    /// Ends the waits: another task may have brought it about.
    pub(super) fn push(&mut self, event: Event) {
        self.events.push_back(event);
        self.waits.end_all();
    }

    /// The error that is next.
    pub(super) fn take_error(&mut self) -> Option<ErrorCode> {
        let Some(Event::Error(code)) = self.events.front() else {
            return None;
        };
        let code = *code;
        self.events.pop_front();
        Some(code)
    }

    /// The datagram that is next.
    pub(super) fn take_message(&mut self) -> Option<(Vec<u8>, SocketAddr)> {
        match self.events.pop_front()? {
            Event::Message { data, remote } => Some((data, remote)),
            other => {
                self.events.push_front(other);
                None
            }
        }
    }

    pub(super) fn next_is_no_message(&self) -> bool {
        self.events
            .front()
            .is_some_and(|event| !matches!(event, Event::Message { .. }))
    }

    /// Drops datagrams, but those of whom `keeps` is true.
    pub(super) fn retain_messages(&mut self, keeps: impl Fn(SocketAddr) -> bool) {
        self.events.retain(|event| match event {
            Event::Message { remote, .. } => keeps(*remote),
            _ => true,
        });
    }

    pub(super) fn drain(&mut self, max: usize) -> impl Iterator<Item = Event> + '_ {
        let count = self.events.len().min(max);
        self.events.drain(..count)
    }
}
