//! What a guest may use, and what it has used of it.

use super::ErrorCode;
use super::flow::Flow;
use crate::limits::{Limit, Limits};
use crate::metrics::LIMITS_EXCEEDED;
use metrics::{Counter, counter};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Limits, and what is used of them: by one guest, or by all that count together, one after the other or at the same time.
/// A service keeps one for its workers, and hands it to each instance that it starts; so what a trap ends does not begin
/// anew. Clones are the same quota.
///
/// `peers`, `burst-bytes`, `guest-memory-bytes` and `guest-cpu-milliseconds` are about each socket, call or instance; the
/// others are about all together.
#[derive(Clone, Debug)]
pub struct Quota(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limits: Limits,
    // Boxed, as mostly there are none.
    sent: Option<Box<Flow>>,
    received: Option<Box<Flow>>,
    /// In the order of [`Limit::ALL`], of those that are counted.
    used: [AtomicU64; Limit::ALL.len()],
    exceeded: [AtomicU64; Limit::ALL.len()],
    /// The same, at the recorder of metrics.
    told: [Counter; Limit::ALL.len()],
}

impl Default for Quota {
    fn default() -> Quota {
        Quota::new(Limits::default())
    }
}

impl Quota {
    /// Of which nothing is used.
    pub fn new(limits: Limits) -> Quota {
        use Limit::{ReceivedBytesPerSecond, ReceivedDatagramsPerSecond, SentBytesPerSecond, SentDatagramsPerSecond};
        Quota(Arc::new(Inner {
            sent: Flow::new(&limits, SentDatagramsPerSecond, SentBytesPerSecond).map(Box::new),
            received: Flow::new(&limits, ReceivedDatagramsPerSecond, ReceivedBytesPerSecond).map(Box::new),
            limits,
            used: Default::default(),
            exceeded: Default::default(),
            told: Limit::ALL.map(|limit| counter!(LIMITS_EXCEEDED, "limit" => limit.as_str())),
        }))
    }

    /// The limits.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// How often something was refused, held back or forgotten by this limit.
    pub fn exceeded(&self, limit: Limit) -> u64 {
        self.0.exceeded[limit as usize].load(Ordering::Relaxed)
    }

    pub(crate) fn count_exceeded(&self, limit: Limit) {
        self.count_exceeded_by(limit, 1);
    }

    pub(super) fn count_exceeded_by(&self, limit: Limit, times: u64) {
        self.0.exceeded[limit as usize].fetch_add(times, Ordering::Relaxed);
        self.0.told[limit as usize].increment(times);
    }

    /// Takes `count` of a limit, until what it answers is dropped.
    pub(crate) fn hold(&self, limit: Limit, count: u64) -> Result<Held, ErrorCode> {
        let mut held = self.hold_anyway(limit, 0);
        held.change(count).map(|()| held)
    }

    /// As [`hold`](Self::hold), where nobody can be told no.
    pub(crate) fn hold_anyway(&self, limit: Limit, count: u64) -> Held {
        self.used(limit).fetch_add(count, Ordering::Relaxed);
        Held {
            quota: self.clone(),
            limit,
            count,
        }
    }

    fn used(&self, limit: Limit) -> &AtomicU64 {
        &self.0.used[limit as usize]
    }

    /// The most payload of one call.
    pub(super) fn burst_bytes(&self) -> usize {
        self.0
            .limits
            .get(Limit::BurstBytes)
            .map_or(usize::MAX, |bytes| bytes as usize)
    }

    /// What holds back what is sent.
    pub(super) fn sent(&self) -> Option<&Flow> {
        self.0.sent.as_deref()
    }

    /// What holds back what is received.
    pub(super) fn received(&self) -> Option<&Flow> {
        self.0.received.as_deref()
    }
}

/// A part of a quota, until it is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    quota: Quota,
    limit: Limit,
    count: u64,
}

impl Held {
    /// Makes it more or less. Less is always possible.
    pub(crate) fn change(&mut self, count: u64) -> Result<(), ErrorCode> {
        let most = self.quota.0.limits.get(self.limit).unwrap_or(u64::MAX);
        let (before, used) = (self.count, self.quota.used(self.limit));
        let changed = used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
            let used = used - before + count;
            (count <= before || used <= most).then_some(used)
        });
        if changed.is_err() {
            self.quota.count_exceeded(self.limit);
            return Err(ErrorCode::QuotaExceeded);
        }
        self.count = count;
        Ok(())
    }

    /// Gives all of it back.
    pub(super) fn release(&mut self) {
        self.quota.used(self.limit).fetch_sub(self.count, Ordering::Relaxed);
        self.count = 0;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.release();
    }
}
