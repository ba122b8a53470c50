//! What becomes of each datagram, by the seed.

use crate::options::Faults;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::time::Duration;

/// What becomes of one datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    pub lost: bool,
    /// It comes a second time.
    pub twice: bool,
    /// The next one goes first.
    pub overtaken: bool,
    /// Of each copy.
    pub delays: [Duration; 2],
}

/// The fates of the datagrams of one socket in one direction, one after the other.
#[derive(Debug)]
pub struct Fates {
    faults: Faults,
    random: ChaCha8Rng,
    /// That of the next datagram, once somebody has looked.
    next: Option<Fate>,
}

impl Fates {
    /// `stream` keeps sockets and directions apart, so that what one does changes nothing for another.
    pub fn new(faults: Faults, seed: u64, stream: u64) -> Fates {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(stream);
        Fates {
            faults,
            random,
            next: None,
        }
    }

    /// The fate of the next datagram. It stays that one's until it is [`used`](Self::used): a datagram that did not go, and is
    /// sent again, has the same.
    pub fn next(&mut self) -> Fate {
        let (faults, random) = (&self.faults, &mut self.random);
        *self.next.get_or_insert_with(|| {
            // As many numbers whatever is switched on: a seed loses the same datagrams with a delay and without.
            let [lost, twice, overtaken, first, second] = [(); 5].map(|()| random.next_u64());
            Fate {
                lost: faults.loss.happens(lost),
                twice: faults.duplicate.happens(twice),
                overtaken: faults.reorder.happens(overtaken),
                delays: [first, second].map(|random| between(faults.delay, random)),
            }
        })
    }

    /// The next datagram is another one.
    pub fn used(&mut self) {
        self.next = None;
    }
}

/// A time between two, both included, by a number of 64 random bits.
fn between((least, most): (Duration, Duration), random: u64) -> Duration {
    let span = (most - least).as_nanos() + 1;
    least + Duration::from_nanos(((u128::from(random) * span) >> 64) as u64)
}

#[cfg(test)]
#[path = "tests/fate.rs"]
mod tests;
