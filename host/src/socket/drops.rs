//! What the kernel dropped at a socket, because nobody took it in time.

use super::Socket;
use super::state::State;
use std::time::{Duration, Instant};

/// How often a busy socket is asked: a system call of 0.1 us each.
const EVERY: Duration = Duration::from_secs(1);

/// What is counted already, and when to look again.
#[derive(Debug)]
pub(super) struct Drops {
    counted: u32,
    next: Instant,
}

impl Drops {
    /// Of a socket that others may have had before.
    pub(super) fn since(counted: u32) -> Drops {
        Drops {
            counted,
            next: Instant::now(),
        }
    }
}

impl Socket {
    /// Counts what was dropped, if the last look was long ago.
    pub(super) fn count_drops_sometimes(&self, state: &mut State, now: Instant) {
        if now >= state.drops.next {
            state.drops.next = now + EVERY;
            self.count_drops(state);
        }
    }

    /// Counts what was dropped.
    pub(super) fn count_drops(&self, state: &mut State) {
        let dropped = state.descriptor.as_ref().map(|descriptor| descriptor.dropped());
        if let Some(Ok(dropped)) = dropped {
            self.authority
                .traffic
                .count_dropped(dropped.wrapping_sub(state.drops.counted));
            state.drops.counted = dropped;
        }
    }
}
