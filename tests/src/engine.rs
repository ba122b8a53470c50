//! One engine for all tests.

use std::path::Path;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;
use wasmtime::{Cache, CacheConfig, Config, Engine};

/// How often a guest that computes gives the time limit a chance.
const TICK: Duration = Duration::from_millis(20);

/// The engine. Compiled code is kept in `target/guests/cache`, so that a second run of the tests starts at once.
pub(crate) fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let mut cache = CacheConfig::new();
        cache.with_directory(Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/guests/cache"));
        let mut config = Config::new();
        config.cache(Cache::new(cache).ok()); // only for speed
        config.epoch_interruption(true);
        let engine = Engine::new(&config).expect("a configuration that this machine can do");
        let ticking = engine.clone();
        thread::spawn(move || {
            loop {
                thread::sleep(TICK);
                ticking.increment_epoch();
            }
        });
        engine
    })
}
