//! What a wait asks of a socket.

use super::Socket;
use super::state::State;
use super::waits::Place;
use crate::sys::Watched;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

impl Socket {
    /// Whether an event of any kind is there; `may_wait`: the next one makes an edge if none is.
    pub(crate) fn has_event(&self, may_wait: bool) -> io::Result<bool> {
        let state = self.lock();
        let Some(descriptor) = state.awaits_event() else {
            return Ok(true);
        };
        // An unbound socket receives nothing.
        if state.bound.is_none() {
            return Ok(false);
        }
        // Under the lock: whoever closes it meanwhile is to find that nobody else holds the descriptor.
        match may_wait {
            true => descriptor.has_input(),
            false => descriptor.socket().has_input(),
        }
    }

    /// Whether there is room for a datagram.
    pub(crate) fn has_room(&self) -> io::Result<bool> {
        let state = self.lock();
        let Some(descriptor) = state.awaits_room() else {
            return Ok(true);
        };
        descriptor.socket().has_room()
    }

    /// Until an event may be there, for a socket that had none. Whatever another task does to it ends it too: bind,
    /// connect, close.
    pub(crate) fn event_edge(self: &Arc<Self>) -> Edge {
        let mut state = self.lock();
        let descriptor = state.awaits_event().cloned();
        let place = descriptor.map(|d| state.events.waits.begin(async move { d.input_edge().await }));
        self.edge(place)
    }

    /// Until there may be room for a datagram, for a socket that had none.
    pub(crate) fn room_edge(self: &Arc<Self>) -> Edge {
        let mut state = self.lock();
        let descriptor = state.awaits_room().cloned();
        let place = descriptor.map(|d| state.events.waits.begin(async move { d.output_edge().await }));
        self.edge(place)
    }

    /// How many waits are in progress.
    #[cfg(test)]
    pub(super) fn waits(&self) -> usize {
        self.lock().events.waits.len()
    }

    fn edge(self: &Arc<Self>, place: Option<Place>) -> Edge {
        Edge {
            socket: self.clone(),
            place,
        }
    }
}

impl State {
    /// What tells of events, if none is there.
    fn awaits_event(&self) -> Option<&Arc<Watched>> {
        self.descriptor.as_ref().filter(|_| self.events.is_empty())
    }

    /// What tells of room, if it takes more than a look at the state.
    fn awaits_room(&self) -> Option<&Arc<Watched>> {
        let may_lack = self.bound.is_some() && !self.events.has_own();
        self.descriptor.as_ref().filter(|_| may_lack)
    }
}

/// A wait for a socket. Dropping it ends the wait and takes nothing.
pub(crate) struct Edge {
    socket: Arc<Socket>,
    /// None: what it waits for has come already.
    place: Option<Place>,
}

impl Future for Edge {
    type Output = io::Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &self.place {
            Some(place) => self.socket.lock().events.waits.poll(place, cx),
            None => Poll::Ready(Ok(())),
        }
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        if let Some(place) = &self.place {
            self.socket.lock().events.waits.end(place);
        }
    }
}
