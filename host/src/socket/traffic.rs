//! Counting.

use super::authority::Refusal;
use crate::metrics as names;
use metrics::{Counter, Gauge, Label, counter, gauge};
use std::sync::atomic::{AtomicU64, Ordering};

/// What went through the sockets of a guest, or of several that count together: a worker's, which outlives its instances.
///
/// The same is told to the recorder of the [`metrics`](https://docs.rs/metrics) facade that is installed when this is made,
/// if there is one; [`describe_metrics`](crate::describe_metrics) has the names.
#[derive(Debug)]
pub struct Traffic {
    received: Flow,
    sent: Flow,
    dropped: Count,
    open_sockets: Gauge,
    labels: Vec<Label>,
}

#[derive(Debug)]
struct Flow {
    datagrams: Count,
    bytes: Count,
}

/// A number that grows, here and at the recorder.
#[derive(Debug)]
struct Count {
    own: AtomicU64,
    told: Counter,
}

impl Count {
    fn new(name: &'static str, labels: &[Label]) -> Count {
        Count {
            own: AtomicU64::new(0),
            told: counter!(name, labels.iter()),
        }
    }

    fn add(&self, number: u64) {
        if number > 0 {
            self.own.fetch_add(number, Ordering::Relaxed);
            self.told.increment(number);
        }
    }

    fn get(&self) -> u64 {
        self.own.load(Ordering::Relaxed)
    }
}

impl Default for Traffic {
    fn default() -> Traffic {
        Traffic::labelled(&[])
    }
}

impl Traffic {
    /// Of which nothing was counted; with these labels at the recorder, beside those of the metrics themselves.
    pub fn labelled(labels: &[(&'static str, String)]) -> Traffic {
        let labels: Vec<Label> = labels.iter().map(Label::from).collect();
        let flow = |datagrams, bytes| Flow {
            datagrams: Count::new(datagrams, &labels),
            bytes: Count::new(bytes, &labels),
        };
        Traffic {
            received: flow(names::RECEIVED_DATAGRAMS, names::RECEIVED_BYTES),
            sent: flow(names::SENT_DATAGRAMS, names::SENT_BYTES),
            dropped: Count::new(names::DROPPED_DATAGRAMS, &labels),
            open_sockets: gauge!(names::OPEN_SOCKETS, labels.iter()),
            labels,
        }
    }

    /// Datagrams that guests have taken. Those that no guest got to see do not count.
    pub fn received(&self) -> u64 {
        self.received.datagrams.get()
    }

    /// Bytes of their payload, as far as they were not cut.
    pub fn received_bytes(&self) -> u64 {
        self.received.bytes.get()
    }

    /// Datagrams that the kernel took. The segments of a burst count one by one.
    pub fn sent(&self) -> u64 {
        self.sent.datagrams.get()
    }

    /// Bytes of their payload.
    pub fn sent_bytes(&self) -> u64 {
        self.sent.bytes.get()
    }

    /// Datagrams that the kernel dropped at these sockets: their queue was full, a checksum was wrong, or a client socket was
    /// flooded by others than its peer. Looked at while a guest receives, once a second at most, and when a socket is closed.
    pub fn dropped(&self) -> u64 {
        self.dropped.get()
    }

    /// Once a call, however many datagrams it was about.
    pub(super) fn count_received(&self, datagrams: usize, bytes: usize) {
        self.received.datagrams.add(datagrams as u64);
        self.received.bytes.add(bytes as u64);
    }

    /// Once a call, however many datagrams it was about.
    pub(super) fn count_sent(&self, datagrams: usize, bytes: usize) {
        self.sent.datagrams.add(datagrams as u64);
        self.sent.bytes.add(bytes as u64);
    }

    pub(super) fn count_dropped(&self, datagrams: u32) {
        self.dropped.add(datagrams.into());
    }

    pub(super) fn count_refused(&self, refusal: &Refusal) {
        let (operation, verdict, reason) = refusal.labels();
        let own = [("operation", operation), ("verdict", verdict), ("reason", reason)];
        let own = own.iter().map(Label::from);
        let labels: Vec<Label> = self.labels.iter().cloned().chain(own).collect();
        counter!(names::REFUSALS, labels).increment(1);
    }

    /// One more socket, until what it answers is dropped.
    pub(super) fn open_socket(&self) -> OpenSocket {
        self.open_sockets.increment(1);
        OpenSocket(self.open_sockets.clone())
    }
}

/// A socket that is counted as open.
#[derive(Debug)]
pub(super) struct OpenSocket(Gauge);

impl Drop for OpenSocket {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

/// How many datagrams `bytes` are, in segments of that size; 0: they are one.
pub(super) fn datagrams(bytes: usize, segment_size: u16) -> usize {
    match usize::from(segment_size) {
        0 => 1,
        segment => bytes.div_ceil(segment).max(1),
    }
}
