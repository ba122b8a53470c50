//! NTP's time (RFC 5905, section 6), and what four points of it tell (section 8).

use std::fmt;
use std::ops::Add;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::packet::Reply;

/// Seconds from 1900 to 1970.
const TO_1970: u64 = 2_208_988_800;
/// Units of a timestamp in a second.
const UNITS: f64 = 4_294_967_296.0;

/// Seconds since 1900 in the upper 32 bits, a fraction of one in the lower; it begins again in 2036.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp(pub u64);

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        Timestamp(TO_1970 << 32) + time.duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}

impl Add<Duration> for Timestamp {
    type Output = Timestamp;

    fn add(self, time: Duration) -> Timestamp {
        let fraction = (u64::from(time.subsec_nanos()) << 32) / 1_000_000_000;
        let units = (time.as_secs() << 32).wrapping_add(fraction);
        Timestamp(self.0.wrapping_add(units))
    }
}

impl Timestamp {
    /// Seconds from `earlier` to this, negative if that is later. Right wherever the two are less than 68 years apart, over
    /// the new beginning too.
    fn since(self, earlier: Timestamp) -> f64 {
        self.0.wrapping_sub(earlier.0) as i64 as f64 / UNITS
    }
}

/// What one answer tells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// How far this clock is behind the server's, in seconds; wrong by at most half of `delay`.
    pub offset: f64,
    /// How long request and answer were under way, in seconds.
    pub delay: f64,
}

impl Sample {
    pub fn new(sent: Timestamp, reply: &Reply, received: Timestamp) -> Sample {
        Sample {
            offset: (reply.received.since(sent) + reply.sent.since(received)) / 2.0,
            delay: received.since(sent) - reply.sent.since(reply.received),
        }
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "offset {:+.6} s, delay {:.6} s", self.offset, self.delay)
    }
}

#[cfg(test)]
#[path = "tests/time.rs"]
mod tests;
