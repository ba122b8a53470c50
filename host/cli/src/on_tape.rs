//! What a guest is told that is another thing each time, beside its sockets: clocks and random numbers.

use anyhow::{Context, Result};
use datagrant::Tape;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use std::fs::File;
use std::io::Read;
use std::time::{Duration, Instant, SystemTime};
use wasmtime_wasi::{HostMonotonicClock, HostWallClock, WasiCtxBuilder};

/// A guest that is recorded, or whose recording is run again.
#[derive(Clone)]
pub struct OnTape {
    pub tape: Tape,
    /// What its random numbers come from.
    pub seed: [u8; 32],
}

/// One that nobody foresees.
pub fn fresh_seed() -> Result<[u8; 32]> {
    let mut seed = [0; 32];
    let read = File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut seed));
    read.context("cannot read /dev/urandom, for the guest's random numbers")?;
    Ok(seed)
}

impl OnTape {
    /// Has all of WASI's sources of chance go through the tape or come from the seed.
    pub fn apply(&self, wasi: &mut WasiCtxBuilder) {
        let stream = |number| {
            let mut rng = ChaCha20Rng::from_seed(self.seed);
            rng.set_stream(number);
            rng
        };
        let mut once = stream(2);
        wasi.secure_random(stream(0))
            .insecure_random(stream(1))
            .insecure_random_seed(u128::from(once.next_u64()) << 64 | u128::from(once.next_u64()))
            .monotonic_clock(Monotonic {
                tape: self.tape.clone(),
                start: Instant::now(),
            })
            .wall_clock(Wall(self.tape.clone()));
    }
}

struct Monotonic {
    tape: Tape,
    start: Instant,
}

impl HostMonotonicClock for Monotonic {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        self.tape
            .number("monotonic-clock", || self.start.elapsed().as_nanos() as u64)
    }
}

struct Wall(Tape);

impl HostWallClock for Wall {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(1)
    }

    fn now(&self) -> Duration {
        let now = || {
            SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or_default()
        };
        Duration::from_nanos(self.0.number("wall-clock", || now().as_nanos() as u64))
    }
}
