//! What waits to be written: bounded, so that neither a slow disk nor a flood holds up the guest or fills memory.

use crate::status::Status;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// The most bytes that wait.
const MAX_BYTES: usize = 64 << 20;
/// What an entry takes beside what it holds.
const ENTRY_BYTES: usize = 256;

/// Something to be written, and when it was.
pub struct Entry {
    pub time: Duration,
    pub worker: Option<usize>,
    pub what: What,
}

pub enum What {
    Datagram {
        socket: u32,
        sent: bool,
        source: SocketAddr,
        destination: SocketAddr,
        ecn: u8,
        truncated: bool,
        data: Vec<u8>,
    },
    Step {
        question: String,
        answer: String,
        datagrams: usize,
    },
    Note(String),
    /// So many were lost here.
    Lost(u64),
}

#[derive(Default)]
pub struct Queue {
    state: Mutex<State>,
    condition: Condvar,
}

#[derive(Default)]
struct State {
    entries: VecDeque<Entry>,
    bytes: usize,
    lost: u64,
    end: Option<Option<Status>>,
}

impl Queue {
    pub fn put(&self, worker: Option<usize>, what: What) {
        let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let time = time.unwrap_or_default();
        let bytes = what.bytes();
        let mut state = self.lock();
        if state.bytes + bytes > MAX_BYTES {
            state.lost += 1;
            return;
        }
        state.bytes += bytes;
        state.tell_lost(time);
        state.entries.push_back(Entry { time, worker, what });
        drop(state);
        self.condition.notify_one();
    }

    pub fn end(&self, status: Option<Status>) {
        self.lock().end = Some(status);
        self.condition.notify_one();
    }

    /// Waits until there is something, and takes all of it; the status, when it was the last.
    pub fn take(&self) -> (VecDeque<Entry>, Option<Option<Status>>) {
        let idle = |state: &mut State| state.entries.is_empty() && state.end.is_none();
        let waited = self.condition.wait_while(self.lock(), idle);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        if state.end.is_some() {
            let time = state.entries.back().map_or(Duration::ZERO, |entry| entry.time);
            state.tell_lost(time);
        }
        state.bytes = 0;
        (std::mem::take(&mut state.entries), state.end.take())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn tell_lost(&mut self, time: Duration) {
        if self.lost > 0 {
            let what = What::Lost(std::mem::take(&mut self.lost));
            self.entries.push_back(Entry {
                time,
                worker: None,
                what,
            });
        }
    }
}

impl What {
    fn bytes(&self) -> usize {
        let held = match self {
            What::Datagram { data, .. } => data.len(),
            What::Step { question, answer, .. } => question.len() + answer.len(),
            What::Note(text) => text.len(),
            What::Lost(_) => 0,
        };
        held + ENTRY_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_is_counted_where_it_is_missing_and_takes_no_memory() {
        let queue = Queue::default();
        let big = || What::Note("x".repeat(MAX_BYTES / 4));
        for _ in 0..10 {
            queue.put(None, big());
        }
        assert!(queue.lock().bytes <= MAX_BYTES);
        let (taken, end) = queue.take();
        assert_eq!((taken.len(), end), (3, None));
        queue.put(None, big());
        queue.end(Some(Status::Trapped));
        let (taken, end) = queue.take();
        assert!(matches!(taken[0].what, What::Lost(7)), "in its place");
        assert!(matches!(taken[1].what, What::Note(_)));
        assert_eq!(end, Some(Some(Status::Trapped)));
    }
}
