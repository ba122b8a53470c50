//! A clock that ticks while guests compute, and at no other time.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, Thread};
use std::time::Duration;
use wasmtime::Engine;

/// Counts the engine's epoch on, every `period` while a guest computes. Dropping it ends its thread.
#[derive(Debug)]
pub(super) struct Ticker {
    state: Arc<State>,
    thread: Thread,
}

#[derive(Debug, Default)]
struct State {
    /// How many guests compute.
    computing: AtomicUsize,
    /// The thread sleeps until somebody wakes it.
    parked: AtomicBool,
    ended: AtomicBool,
}

impl Ticker {
    pub(super) fn start(engine: &Engine, period: Duration) -> io::Result<Ticker> {
        let state = Arc::new(State::default());
        let (engine, ticking) = (engine.clone(), state.clone());
        let thread = thread::Builder::new().name("ticker".to_owned()).spawn(move || {
            while !ticking.ended.load(Ordering::SeqCst) {
                if ticking.computing.load(Ordering::SeqCst) > 0 {
                    thread::sleep(period);
                    engine.increment_epoch();
                    continue;
                }
                // Said before it is looked at again: whoever begins to compute in between sees it, and wakes.
                ticking.parked.store(true, Ordering::SeqCst);
                if ticking.computing.load(Ordering::SeqCst) == 0 && !ticking.ended.load(Ordering::SeqCst) {
                    thread::park();
                }
                ticking.parked.store(false, Ordering::SeqCst);
            }
        })?;
        Ok(Ticker {
            state,
            thread: thread.thread().clone(),
        })
    }

    /// From now until what it answers is dropped, a guest computes.
    pub(super) fn ticks(&self) -> Ticking<'_> {
        self.state.computing.fetch_add(1, Ordering::SeqCst);
        if self.state.parked.load(Ordering::SeqCst) {
            self.thread.unpark();
        }
        Ticking(&self.state)
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::SeqCst);
        self.thread.unpark();
    }
}

pub(super) struct Ticking<'a>(&'a State);

impl Drop for Ticking<'_> {
    fn drop(&mut self) {
        self.0.computing.fetch_sub(1, Ordering::SeqCst);
    }
}
