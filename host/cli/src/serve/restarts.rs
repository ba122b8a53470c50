//! How often a worker that traps is started again, and when.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// What counts.
const WINDOW: Duration = Duration::from_secs(60);
/// The first pause; each further restart in the window doubles it.
const FIRST: Duration = Duration::from_millis(100);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(5);

/// The restarts of one worker in the last minute.
pub struct Restarts {
    times: VecDeque<Instant>,
    most: usize,
}

impl Restarts {
    /// At most so many in a minute.
    pub fn new(most: usize) -> Restarts {
        Restarts {
            times: VecDeque::new(),
            most,
        }
    }

    /// The pause before the next start, and which restart of this minute it is; none: there were too many.
    pub fn next(&mut self, now: Instant) -> Option<(Duration, usize)> {
        while self
            .times
            .front()
            .is_some_and(|time| now.duration_since(*time) >= WINDOW)
        {
            self.times.pop_front();
        }
        if self.times.len() >= self.most {
            return None;
        }
        let doubled = 1_u32.checked_shl(self.times.len() as u32).unwrap_or(u32::MAX);
        self.times.push_back(now);
        Some((FIRST.saturating_mul(doubled).min(LONGEST), self.times.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(restarts: &mut Restarts, at: Instant) -> Vec<u128> {
        std::iter::from_fn(|| restarts.next(at).map(|(pause, _)| pause.as_millis())).collect()
    }

    #[test]
    fn pauses_double_up_to_five_seconds_until_there_were_too_many() {
        let now = Instant::now();
        let list = pauses(&mut Restarts::new(10), now);
        assert_eq!(list, [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000]);
        assert_eq!(pauses(&mut Restarts::new(0), now), []);
        assert_eq!(pauses(&mut Restarts::new(100), now).len(), 100);
    }

    #[test]
    fn what_is_a_minute_ago_is_forgotten() {
        let now = Instant::now();
        let at = |seconds| now + Duration::from_secs(seconds);
        let mut restarts = Restarts::new(2);
        assert_eq!(restarts.next(at(0)), Some((FIRST, 1)));
        assert_eq!(restarts.next(at(30)), Some((2 * FIRST, 2)));
        assert_eq!(restarts.next(at(59)), None);
        assert_eq!(restarts.next(at(60)), Some((2 * FIRST, 2)));
        assert_eq!(restarts.next(at(200)), Some((FIRST, 1)));
    }
}
