//! How fast datagrams may go one way.

use super::bucket::Bucket;
use super::traffic::datagrams;
use crate::limits::{Limit, Limits};
use crate::sys::MAX_DATAGRAM_BYTES;
use std::ops::AddAssign;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What is held back in one direction, by datagrams and by bytes a second.
#[derive(Debug)]
pub(super) struct Flow {
    buckets: Mutex<Buckets>,
    /// Of datagrams, and of bytes.
    limits: [Limit; 2],
}

#[derive(Debug)]
struct Buckets {
    datagrams: Option<Bucket>,
    bytes: Option<Bucket>,
}

/// Datagrams, and bytes in them.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) datagrams: u64,
    pub(super) bytes: u64,
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Amount) {
        self.datagrams += other.datagrams;
        self.bytes += other.bytes;
    }
}

impl Amount {
    /// Of `bytes` in segments of this size; 0: they are one datagram.
    pub(super) fn of(bytes: usize, segment_size: u16) -> Amount {
        Amount {
            datagrams: datagrams(bytes, segment_size) as u64,
            bytes: bytes as u64,
        }
    }
}

impl Flow {
    /// None where neither limit is set: then nothing is to be asked.
    pub(super) fn new(limits: &Limits, datagrams: Limit, bytes: Limit) -> Option<Flow> {
        let now = Instant::now();
        let bucket = |limit, least| limits.get(limit).map(|rate| Bucket::new(rate, least, now));
        let buckets = Buckets {
            datagrams: bucket(datagrams, 1),
            // The greatest datagram must go at once, or never.
            bytes: bucket(bytes, MAX_DATAGRAM_BYTES as u64),
        };
        let limits = [datagrams, bytes];
        let any = buckets.datagrams.is_some() || buckets.bytes.is_some();
        any.then(|| Flow {
            buckets: Mutex::new(buckets),
            limits,
        })
    }

    /// Takes what it needs to send `length` bytes in segments of this size (0: as one datagram): as many whole segments as
    /// may go, and the limit that is in the way of the others.
    pub(super) fn take(&self, length: usize, segment_size: u16, now: Instant) -> (Amount, Option<Limit>) {
        let mut buckets = self.lock();
        let wanted = datagrams(length, segment_size) as u64;
        let segment = match segment_size {
            // What is longer than any datagram is refused by the kernel, not by never having tokens.
            0 => length.min(MAX_DATAGRAM_BYTES) as u64,
            size => size.into(),
        };
        let length = (length as u64).min(segment * wanted);
        let mut count = buckets
            .datagrams
            .as_mut()
            .map_or(wanted, |bucket| bucket.take(wanted, now));
        let mut short = (count < wanted).then_some(self.limits[0]);
        let bytes_of = |count: u64| (count * segment).min(length);
        if let Some(bytes) = &mut buckets.bytes {
            let taken = bytes.take(bytes_of(count), now);
            let all = count;
            if bytes_of(count) > taken {
                count = taken / segment;
                short = Some(self.limits[1]);
            }
            bytes.owe(-((taken - bytes_of(count)) as i64));
            if let Some(bucket) = &mut buckets.datagrams {
                bucket.owe(-((all - count) as i64));
            }
        }
        let bytes = bytes_of(count);
        (
            Amount {
                datagrams: count,
                bytes,
            },
            short,
        )
    }

    /// How many datagrams of at most `slot` bytes each may be received now, of `wanted`; or the limit that lets none.
    pub(super) fn room(&self, wanted: usize, slot: usize, now: Instant) -> Result<usize, Limit> {
        let mut buckets = self.lock();
        let count = buckets
            .datagrams
            .as_mut()
            .map_or(wanted as u64, |bucket| bucket.available(wanted as u64, now));
        let slot = slot.max(1) as u64;
        let fit = buckets.bytes.as_mut().map_or(u64::MAX, |bucket| {
            // The size of a datagram is known when it is received: one may go beyond, and is owed.
            bucket.available(slot * count, now).div_ceil(slot)
        });
        match count.min(fit) {
            0 => Err(self.limits[usize::from(count > 0)]),
            count => Ok(count as usize),
        }
    }

    /// What was received after all.
    pub(super) fn owe(&self, amount: Amount) {
        self.lock().owe(amount.datagrams as i64, amount.bytes as i64);
    }

    /// What was taken, and not sent.
    pub(super) fn give_back(&self, amount: Amount) {
        self.lock().owe(-(amount.datagrams as i64), -(amount.bytes as i64));
    }

    /// How long until a datagram of so many bytes may go; none: it may.
    pub(super) fn until(&self, bytes: u64, now: Instant) -> Option<Duration> {
        let mut buckets = self.lock();
        let datagrams = buckets.datagrams.as_mut().and_then(|bucket| bucket.until(1, now));
        let bytes = buckets
            .bytes
            .as_mut()
            .and_then(|bucket| bucket.until(bytes.max(1), now));
        datagrams.max(bytes)
    }

    /// Until a datagram of so many bytes may go.
    pub(super) async fn wait(&self, bytes: u64) {
        while let Some(time) = self.until(bytes, Instant::now()) {
            tokio::time::sleep(time).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Buckets> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Buckets {
    fn owe(&mut self, datagrams: i64, bytes: i64) {
        for (bucket, count) in [(&mut self.datagrams, datagrams), (&mut self.bytes, bytes)] {
            if let Some(bucket) = bucket {
                bucket.owe(count);
            }
        }
    }
}
