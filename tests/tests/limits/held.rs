//! A guest with limits, and what they were worth.

use crate::guest::{Guest, Told, guest};
use crate::peer::Peer;
use datagrant::Limit;
use std::time::{Duration, Instant};

/// A guest that may send to loopback and bind there, with this limit.
pub fn limited(limit: Limit, value: u64) -> Guest {
    let guest = guest().allow_bind("127.0.0.1:0").allow_send("@loopback:*");
    guest.limited(limit, value)
}

impl Guest {
    /// One more limit.
    pub fn limited(self, limit: Limit, value: u64) -> Guest {
        Guest(self.0.limit_to(limit, value))
    }
}

impl Peer {
    /// How many datagrams are there, which are taken.
    pub fn count(&self) -> u64 {
        std::iter::from_fn(|| self.takes()).count() as u64
    }
}

impl Told {
    /// These limits, and no others, were in the way so often.
    #[track_caller]
    pub fn exceeds(&self, expected: &[(Limit, u64)]) -> &Told {
        assert_eq!(self.0.exceeded, expected, "{:#?}", self.0);
        self
    }

    /// This limit was in the way, and no other.
    #[track_caller]
    pub fn exceeds_only(&self, limit: Limit) -> &Told {
        assert!(
            matches!(self.0.exceeded[..], [(only, 1..)] if only == limit),
            "{:#?}",
            self.0
        );
        self
    }

    /// The first number behind ` -> ` of the line that begins so.
    #[track_caller]
    pub fn number(&self, operation: &str) -> u64 {
        let mut lines = self.0.stdout.lines().filter_map(|line| line.split_once(" -> "));
        let end = lines.find(|(line, _)| line.starts_with(operation)).map(|(_, end)| end);
        let number = end.and_then(|end| {
            end.split(|c: char| !c.is_ascii_digit())
                .find_map(|word| word.parse().ok())
        });
        number.unwrap_or_else(|| panic!("no number: {operation}: {:#?}", self.0))
    }

    /// What waited, waited: a loop would have used the processor for at least `time`.
    #[track_caller]
    pub fn idled(&self, time: Duration) {
        assert!(self.0.processor < time / 2, "{:#?}", self.0);
    }
}

/// What a bucket of a rate lets through that holds `capacity`: no more, however slow the machine was.
pub struct Bucket {
    started: Instant,
    per_second: u64,
    capacity: u64,
}

impl Bucket {
    pub fn new(per_second: u64, capacity: u64) -> Bucket {
        Bucket {
            started: Instant::now(),
            per_second,
            capacity,
        }
    }

    /// Now that it is over: at least what was there in the beginning, but for a `grain` that did not fit; at most what has
    /// come since, and what is `owed`.
    #[track_caller]
    pub fn let_through(&self, count: u64, grain: u64, owed: u64) {
        let come = self.started.elapsed().as_micros() as u64 * self.per_second / 1_000_000 + 1;
        let most = self.capacity + come + owed;
        assert!(count + grain > self.capacity, "{count} of {}", self.capacity);
        assert!(count <= most, "{count}, and at most {most}");
    }
}
