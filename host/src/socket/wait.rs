//! What a wait asks of a socket.

use super::Socket;
use super::flow::Flow;
use super::state::State;
use super::waits::Place;
use crate::network::Descriptor;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

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
        if self.is_held_back(self.authority.quota.received(), 1) {
            return Ok(false);
        }
        // Under the lock: whoever closes it meanwhile is to find that nobody else holds the descriptor.
        descriptor.has_input(may_wait)
    }

    /// Whether there is room for a datagram.
    pub(crate) fn has_room(&self) -> io::Result<bool> {
        let state = self.lock();
        let Some(descriptor) = state.awaits_room() else {
            return Ok(true);
        };
        if self.is_held_back(self.authority.quota.sent(), state.lacks) {
            return Ok(false);
        }
        descriptor.has_room()
    }

    /// The same, for the guest to know.
    pub(crate) fn tells_room(&self) -> io::Result<bool> {
        match self.authority.network.tape() {
            None => self.has_room(),
            Some(tape) => tape.ask(|| format!("room {}", self.id()), || self.has_room()),
        }
    }

    /// Until an event may be there, for a socket that had none. Whatever another task does to it ends it too: bind,
    /// connect, close.
    pub(crate) fn event_edge(self: &Arc<Self>) -> Edge {
        let mut state = self.lock();
        let descriptor = state.awaits_event().cloned();
        let quota = self.authority.quota.clone();
        let place = descriptor.map(|d| {
            state.events.waits.begin(async move {
                if let Some(flow) = quota.received() {
                    flow.wait(1).await;
                    // What came meanwhile, or was there before, was not looked for.
                    if d.has_input(true)? {
                        return Ok(());
                    }
                }
                d.input_edge().await
            })
        });
        self.edge(place)
    }

    /// Until there may be room for a datagram, for a socket that had none.
    pub(crate) fn room_edge(self: &Arc<Self>) -> Edge {
        let mut state = self.lock();
        let descriptor = state.awaits_room().cloned();
        let (quota, bytes) = (self.authority.quota.clone(), state.lacks);
        let place = descriptor.map(|d| {
            state.events.waits.begin(async move {
                if let Some(flow) = quota.sent() {
                    flow.wait(bytes).await;
                }
                d.output_edge().await
            })
        });
        self.edge(place)
    }

    /// Whether it is the limit of the rate that is in the way.
    fn is_held_back(&self, flow: Option<&Flow>, bytes: u64) -> bool {
        flow.is_some_and(|flow| flow.until(bytes, Instant::now()).is_some())
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
    fn awaits_event(&self) -> Option<&Arc<Descriptor>> {
        self.descriptor.as_ref().filter(|_| self.events.is_empty())
    }

    /// What tells of room, if it takes more than a look at the state.
    fn awaits_room(&self) -> Option<&Arc<Descriptor>> {
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
