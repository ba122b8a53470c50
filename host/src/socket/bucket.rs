//! A token bucket.

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{NotUntil, Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Ticks of the bucket's clock in a nanosecond: whole nanoseconds for each byte would make 600 MB a second 500 or 1,000. A
/// count of ticks lasts for 18 years.
const TICKS: u64 = 32;

/// A bucket that holds the tokens of a second, at least `least`, and is full in the beginning. It takes back what was not
/// used, and lets what cannot be known before be owed.
#[derive(Debug)]
pub(super) struct Bucket {
    limiter: RateLimiter<NotKeyed, InMemoryState, Ticks, NoOpMiddleware<Nanos>>,
    start: Instant,
    /// Ticks to the next token.
    period: u64,
    capacity: u64,
    /// Drawn and not used, or owed.
    balance: i64,
}

/// The time that it was told last: who asks knows it mostly, and tests can say what it is.
#[derive(Debug, Default)]
struct Ticks(AtomicU64);

impl Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.load(Ordering::Relaxed).into()
    }
}

impl Bucket {
    pub(super) fn new(per_second: u64, least: u64, now: Instant) -> Bucket {
        let count = |n: u64| NonZeroU32::new(n.clamp(1, u32::MAX.into()) as u32).unwrap_or(NonZeroU32::MIN);
        // Rounded up: never more than was written.
        let period = (1_000_000_000 * TICKS).div_ceil(per_second.max(1));
        let capacity = count(per_second.max(least));
        let quota = Quota::with_period(Duration::from_nanos(period)).unwrap_or(Quota::per_second(NonZeroU32::MIN));
        Bucket {
            limiter: RateLimiter::direct_with_clock(quota.allow_burst(capacity), Ticks::default()),
            start: now,
            period,
            capacity: capacity.get().into(),
            balance: 0,
        }
    }

    /// How many of `want` tokens there are. They stay.
    pub(super) fn available(&mut self, want: u64, now: Instant) -> u64 {
        // Who asks with an older time than the last one is told what there was then.
        let ticks = now.saturating_duration_since(self.start).as_nanos() as u64;
        self.limiter
            .clock()
            .0
            .fetch_max(ticks.saturating_mul(TICKS), Ordering::Relaxed);
        let want = want.min(self.capacity);
        let lack = want as i64 - self.balance;
        if lack > 0 {
            self.balance += self.draw(lack as u64) as i64;
        }
        self.balance.clamp(0, want as i64) as u64
    }

    /// Takes as many of `want` tokens as there are: how many.
    pub(super) fn take(&mut self, want: u64, now: Instant) -> u64 {
        let taken = self.available(want, now);
        self.owe(taken as i64);
        taken
    }

    /// Takes what is there already or will be; less than 0 is given back.
    pub(super) fn owe(&mut self, count: i64) {
        self.balance -= count;
    }

    /// How long it takes until `want` tokens are there; none: they are.
    pub(super) fn until(&mut self, want: u64, now: Instant) -> Option<Duration> {
        let want = want.min(self.capacity);
        match want - self.available(want, now) {
            0 => None,
            _ => {
                // What is lacking comes one by one: the limiter had nothing left.
                let lack = (want as i64 - self.balance) as u64;
                Some(Duration::from_nanos((lack * self.period).div_ceil(TICKS)))
            }
        }
    }

    /// Takes out of the limiter as many of `want` as are there.
    fn draw(&self, want: u64) -> u64 {
        match self.check(want.min(self.capacity)) {
            Ok(count) => count,
            Err((count, until)) => {
                // The rest comes one by one, so that the time until all are there says how many are not.
                let wait = until.wait_time_from(self.limiter.clock().now()).as_nanos() as u64;
                let there = count.saturating_sub(wait.div_ceil(self.period));
                self.check(there).unwrap_or(0)
            }
        }
    }

    /// All of `count`, or why not.
    fn check(&self, count: u64) -> Result<u64, (u64, NotUntil<Nanos>)> {
        let Some(cells) = u32::try_from(count).ok().and_then(NonZeroU32::new) else {
            return Ok(0);
        };
        match self.limiter.check_n(cells) {
            Ok(Ok(())) => Ok(count),
            Ok(Err(until)) => Err((count, until)),
            // No more than the capacity is asked for.
            Err(_) => Ok(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: Instant, ms: u64) -> Instant {
        start + Duration::from_millis(ms)
    }

    #[test]
    fn it_holds_a_second_and_fills_as_fast_as_was_said() {
        let start = Instant::now();
        let mut bucket = Bucket::new(100, 1, start);
        assert_eq!(bucket.take(1_000, start), 100);
        assert_eq!(bucket.take(1, start), 0);
        assert_eq!(bucket.take(1, at(start, 9)), 0);
        assert_eq!(bucket.take(5, at(start, 10)), 1);
        assert_eq!(bucket.take(1_000, at(start, 510)), 50);
        assert_eq!(bucket.take(1_000, at(start, 60_000)), 100);
        assert_eq!(bucket.take(1, at(start, 59_000)), 0, "time does not go back");
    }

    #[test]
    fn what_is_not_used_is_given_back_and_what_is_owed_comes_first() {
        let start = Instant::now();
        let mut bucket = Bucket::new(100, 1, start);
        assert_eq!(bucket.take(60, start), 60);
        bucket.owe(-20);
        assert_eq!(bucket.take(100, start), 60);
        bucket.owe(30);
        assert_eq!(bucket.until(1, start), Some(Duration::from_millis(310)));
        assert_eq!(bucket.available(10, at(start, 309)), 0);
        assert_eq!(bucket.until(10, at(start, 310)), Some(Duration::from_millis(90)));
        assert_eq!(bucket.take(10, at(start, 400)), 10);
    }

    #[test]
    fn no_rate_gives_more_than_it_says() {
        let start = Instant::now();
        for rate in [1, 3, 7, 1_000, 999_983, 600_000_000, 1_300_000_001, 4_000_000_000] {
            let mut bucket = Bucket::new(rate, 1, start);
            let (mut taken, mut ms) = (0, 0);
            while ms < 5_000 {
                taken += bucket.take(u64::MAX, at(start, ms));
                ms += 7;
            }
            let most = rate + rate * 5;
            assert!(taken <= most, "{rate}: {taken}");
            // Rounding takes away the most where a token lasts 8 ticks.
            assert!(taken + 2 >= rate + rate * 4 * 8 / 9, "{rate}: {taken}");
        }
    }

    #[test]
    fn a_slow_one_still_holds_what_must_go_at_once() {
        let start = Instant::now();
        let mut bucket = Bucket::new(1, 65_536, start);
        assert_eq!(bucket.take(65_507, start), 65_507);
        assert_eq!(bucket.until(65_507, start), Some(Duration::from_secs(65_507 - 29)));
        assert_eq!(bucket.until(u64::MAX, start), Some(Duration::from_secs(65_507)));
    }
}
