//! next-events.

use super::state::State;
use super::{ErrorCode, Event, Socket};
use crate::grants::Endpoint;
use std::net::SocketAddr;
use std::time::Instant;

/// The most events of one call, whatever the guest asks for.
const MAX_EVENTS: usize = 64;

/// The most unwanted datagrams that one call throws away: a flood must not keep the guest from its other work.
const MAX_DISCARDED: usize = 256;

impl Socket {
    /// What has happened, in order, without waiting; at most `max` events, and at most 64.
    pub(crate) fn next_events(&self, max: usize) -> Vec<Event> {
        let max = max.min(MAX_EVENTS);
        let mut state = self.lock();
        let mut list: Vec<Event> = state.events.drain(max).collect();
        self.receive(&mut state, max, &mut list);
        list
    }

    fn receive(&self, state: &mut State, max: usize, list: &mut Vec<Event>) {
        let Some(descriptor) = state.descriptor.clone() else {
            return;
        };
        if state.bound.is_none() {
            return;
        }
        let now = Instant::now();
        let mut discarded = 0;
        while list.len() < max && discarded < MAX_DISCARDED {
            let wanted = max - list.len();
            let received = descriptor
                .socket()
                .receive(wanted, |data, source| match self.accept(state, source, now) {
                    Some(remote) => list.push(Event::Message {
                        data: data.to_vec(),
                        remote,
                    }),
                    None => discarded += 1,
                });
            match received {
                Ok(count) if count < wanted => return,
                Ok(_) => {}
                Err(error) => match ErrorCode::from(error) {
                    ErrorCode::WouldBlock => return,
                    code => return list.push(Event::Error(code)),
                },
            }
        }
    }

    /// The source of a datagram as the guest sees it, or none for a datagram that this socket must not see.
    fn accept(&self, state: &mut State, source: SocketAddr, now: Instant) -> Option<SocketAddr> {
        let source = Endpoint::new(source).ok()?;
        // What others sent before connect is still in the kernel's queue after it (grants, rule 5).
        if state.peer.is_some_and(|peer| peer != source) {
            return None;
        }
        let bound = state.bound.as_mut()?;
        if bound.is_client() {
            // Only exact peers that it wrote to.
            if !bound.peers.contains(&source) {
                return None;
            }
        } else {
            bound.peers.note(source, now);
        }
        Some(self.family().address(source))
    }
}
