//! Engines: what wasmtime is told, by need.

use crate::cache;
use anyhow::Result;
use wasmtime::{Config, Engine};

/// Whether components may use component-model async. It doubles the price of a host call, so that only components that
/// need it get it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Async {
    Without,
    With,
}

/// An engine that runs components; compiled code is kept for the next time.
pub fn new(asynchronous: Async) -> Result<Engine> {
    let mut config = config(asynchronous);
    config.cache(cache::open());
    Ok(Engine::new(&config)?)
}

/// An engine that compiles to a file, or reads one: nothing to keep.
pub fn without_cache(asynchronous: Async) -> Result<Engine> {
    Ok(Engine::new(&config(asynchronous))?)
}

fn config(asynchronous: Async) -> Config {
    let mut config = Config::new();
    config.concurrency_support(asynchronous == Async::With);
    // So that a guest that computes can be stopped.
    config.epoch_interruption(true);
    config
}
