//! What a socket has to tell, in order.

use crate::addresses::{from_contract, to_contract};
use crate::bindings::datagrant::dgram::types::{Datagram, ErrorCode, Event};
use std::collections::VecDeque;
use std::net::SocketAddr;

/// The queue of one socket. Datagrams are in it only for the time of one call, or when they were saved before the host's
/// socket had to be replaced: there is no queue between the network and the guest but the kernel's.
#[derive(Default)]
pub(crate) struct Events(VecDeque<Event>);

/// What the first event is, for callers that take datagrams only.
pub(crate) enum Next {
    Nothing,
    Message(Datagram),
    Error(ErrorCode),
    Other,
}

impl Events {
    /// Beside `close`, for which there is always room, and datagrams.
    const MAX: usize = 64;

    /// Asked before an operation that would tell `count` events, so that none is lost and none is told of what failed:
    /// a guest that connects and disconnects without end and never takes an event must not make the queue grow.
    pub(crate) fn reserve(&self, count: usize) -> Result<(), ErrorCode> {
        let untaken = self.0.iter().filter(|e| !matches!(e, Event::Message(_))).count();
        if untaken + count > Self::MAX {
            Err(ErrorCode::NoBufferSpace)
        } else {
            Ok(())
        }
    }

    pub(crate) fn listening(&mut self, at: SocketAddr) {
        self.0.push_back(Event::Listening(to_contract(at)));
    }

    pub(crate) fn connect(&mut self, to: SocketAddr) {
        self.0.push_back(Event::Connect(to_contract(to)));
    }

    pub(crate) fn message(&mut self, data: Vec<u8>, from: SocketAddr) {
        let remote = to_contract(from);
        self.0.push_back(Event::Message(Datagram { data, remote }));
    }

    /// The kernel keeps one pending error a socket. So does this queue, in a row, and none where there is no room: a guest
    /// that sends to a closed port and never takes an event must not make it grow either.
    pub(crate) fn error(&mut self, error: ErrorCode) {
        let told = matches!(self.0.back(), Some(Event::Error(last)) if *last == error);
        if !told && self.reserve(1).is_ok() {
            self.0.push_back(Event::Error(error));
        }
    }

    /// The last event. After it there is no `message`, so those go now.
    pub(crate) fn close(&mut self) {
        self.0.retain(|e| !matches!(e, Event::Message(_)));
        self.0.push_back(Event::Close);
    }

    /// Connected: what others sent before is not told any more.
    pub(crate) fn forget_messages_but_from(&mut self, peer: SocketAddr) {
        self.0
            .retain(|e| !matches!(e, Event::Message(d) if from_contract(d.remote) != peer));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an event of the guest's own calls is pending: then every way of waiting is ready at once. What comes from
    /// the network does not count, or a sender that waits for room would spin on unread datagrams.
    pub(crate) fn own_is_pending(&self) -> bool {
        self.0.iter().any(|e| !matches!(e, Event::Message(_) | Event::Error(_)))
    }

    pub(crate) fn take(&mut self, max: usize) -> Vec<Event> {
        let n = self.0.len().min(max);
        self.0.drain(..n).collect()
    }

    /// Takes the first event if it is a datagram or an error.
    pub(crate) fn pop_from_network(&mut self) -> Next {
        match self.0.pop_front() {
            None => Next::Nothing,
            Some(Event::Message(d)) => Next::Message(d),
            Some(Event::Error(e)) => Next::Error(e),
            Some(other) => {
                self.0.push_front(other);
                Next::Other
            }
        }
    }

    pub(crate) fn message_is_next(&self) -> bool {
        matches!(self.0.front(), Some(Event::Message(_)))
    }
}
