//! What was taken from a provider and not asked for yet: bursts as they came, and events, in order.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;

use crate::Family;
use crate::address::{from_contract, same_peer};
use crate::bindings::types::Event;
use crate::burst::{Burst, Cursor, Header};

#[derive(Default)]
pub(crate) struct Inbox(VecDeque<Entry>);

enum Entry {
    /// Shared with the callback that a datagram of it is lent to.
    Burst(Arc<Burst>, Cursor),
    Event(Event),
}

/// The first of an inbox, taken out of it.
pub(crate) enum First {
    Datagram(Lent),
    Event(Event),
}

/// A datagram that stays in its burst.
pub(crate) struct Lent {
    burst: Arc<Burst>,
    range: Range<usize>,
    pub remote: SocketAddr,
}

impl Lent {
    pub fn data(&self) -> &[u8] {
        &self.burst.payload()[self.range.clone()]
    }
}

impl Inbox {
    pub fn push_burst(&mut self, burst: Burst) {
        if !burst.is_empty() {
            self.0.push_back(Entry::Burst(Arc::new(burst), Cursor::default()));
        }
    }

    pub fn push_event(&mut self, event: Event) {
        self.0.push_back(Entry::Event(event));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Headers and events.
    pub fn len(&self) -> usize {
        let len = |entry: &Entry| match entry {
            Entry::Burst(burst, cursor) => burst.len_after(*cursor),
            Entry::Event(_) => 1,
        };
        self.0.iter().map(len).sum()
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn pop(&mut self) -> Option<First> {
        let Some(Entry::Burst(burst, cursor)) = self.0.front() else {
            return match self.0.pop_front()? {
                Entry::Event(event) => Some(First::Event(event)),
                Entry::Burst(..) => None,
            };
        };
        let burst = Arc::clone(burst);
        let (datagram, next) = burst.at(*cursor)?;
        let (range, remote) = (cursor.payload()..next.payload(), datagram.remote);
        self.advance(next);
        Some(First::Datagram(Lent { burst, range, remote }))
    }

    /// Shows the first datagram, and takes it out if `remove` says so. In an inbox of datagrams.
    pub fn read<T>(&mut self, remove: bool, look: impl FnOnce(&[u8], SocketAddr) -> T) -> Option<T> {
        match self.0.front()? {
            Entry::Burst(burst, cursor) => {
                let (datagram, next) = burst.at(*cursor)?;
                let seen = look(datagram.data, datagram.remote);
                if remove {
                    self.advance(next);
                }
                Some(seen)
            }
            Entry::Event(Event::Message(datagram)) => {
                let seen = look(&datagram.data, from_contract(datagram.remote));
                if remove {
                    self.0.pop_front();
                }
                Some(seen)
            }
            Entry::Event(_) => None,
        }
    }

    fn advance(&mut self, next: Cursor) {
        if let Some(Entry::Burst(burst, cursor)) = self.0.front_mut() {
            *cursor = next;
            if burst.len_after(next) == 0 {
                self.0.pop_front();
            }
        }
    }

    /// Takes the first datagrams out, at most `max` headers. In an inbox of datagrams.
    pub fn take_burst(&mut self, max: usize, family: Family) -> Option<Burst> {
        match self.0.front()? {
            Entry::Burst(..) => {
                let Some(Entry::Burst(burst, cursor)) = self.0.pop_front() else {
                    return None;
                };
                let mut burst = Arc::unwrap_or_clone(burst);
                burst.skip(cursor);
                if let Some(rest) = burst.split_off(max) {
                    self.0.push_front(Entry::Burst(Arc::new(rest), Cursor::default()));
                }
                Some(burst)
            }
            Entry::Event(_) => {
                let mut burst = Burst::new(family, Header::SIZE);
                while burst.len() < max
                    && let Some(Entry::Event(Event::Message(datagram))) = self.0.front()
                {
                    burst.push(&datagram.data, from_contract(datagram.remote));
                    self.0.pop_front();
                }
                Some(burst)
            }
        }
    }

    /// Without the datagrams that are not from `peer`.
    pub fn keep_only(&mut self, peer: SocketAddr) {
        self.0.retain_mut(|entry| match entry {
            Entry::Burst(burst, cursor) => {
                let burst = Arc::make_mut(burst);
                burst.skip(std::mem::take(cursor));
                burst.retain(|from| same_peer(&from, &peer));
                !burst.is_empty()
            }
            Entry::Event(Event::Message(datagram)) => same_peer(&from_contract(datagram.remote), &peer),
            Entry::Event(_) => true,
        });
    }
}

#[cfg(test)]
#[path = "tests/inbox.rs"]
mod tests;
