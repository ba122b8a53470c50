//! Counting.

use std::sync::atomic::{AtomicU64, Ordering};

/// How many datagrams went through the sockets of a guest, or of several that count together: a worker's, which outlives
/// its instances.
#[derive(Debug, Default)]
pub struct Traffic {
    received: AtomicU64,
    sent: AtomicU64,
}

impl Traffic {
    /// Datagrams that guests have taken. Those that no guest got to see do not count.
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Datagrams that the kernel took. The segments of a burst count one by one.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Once a call, however many datagrams it was about.
    pub(super) fn count_received(&self, datagrams: usize) {
        self.received.fetch_add(datagrams as u64, Ordering::Relaxed);
    }

    /// Once a call, however many datagrams it was about.
    pub(super) fn count_sent(&self, datagrams: usize) {
        self.sent.fetch_add(datagrams as u64, Ordering::Relaxed);
    }
}

/// How many datagrams `bytes` are, in segments of that size; 0: they are one.
pub(super) fn datagrams(bytes: usize, segment_size: u16) -> usize {
    match usize::from(segment_size) {
        0 => 1,
        segment => bytes.div_ceil(segment).max(1),
    }
}
