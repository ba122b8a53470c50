//! Engines: what wasmtime is told, by need.

use anyhow::Result;
use wasmtime::{Cache, Config, Engine};

/// Does something with an engine for plain components or, where that fails, with one for component-model async. The latter
/// doubles the price of a host call, so that only components that need it get it. Compiled code is kept in `cache`.
pub fn by_need<T>(cache: Option<Cache>, attempt: impl Fn(&Engine) -> wasmtime::Result<T>) -> Result<T> {
    let with = |asynchronous| -> Result<T> { Ok(attempt(&Engine::new(&config(asynchronous, cache.clone()))?)?) };
    with(false).or_else(|_| with(true))
}

/// One that knows component-model async.
pub fn asynchronous() -> Result<Engine> {
    Ok(Engine::new(&config(true, None))?)
}

fn config(asynchronous: bool, cache: Option<Cache>) -> Config {
    let mut config = Config::new();
    config.concurrency_support(asynchronous);
    // So that a guest that computes can be stopped.
    config.epoch_interruption(true);
    config.cache(cache);
    config
}
