//! The only place for `unsafe` in the program.

use std::path::Path;
use wasmtime::Engine;
use wasmtime::component::Component;

/// Loads code that `datagrant compile` made. The operator vouches for the file by `--allow-precompiled`.
pub fn load_precompiled(engine: &Engine, path: &Path) -> wasmtime::Result<Component> {
    // SAFETY: the file must be what wasmtime wrote, unchanged, and stay so while it is mapped. Nothing here can know that;
    // the operator has said so by the flag, whose help tells what it means. wasmtime checks that version and configuration
    // fit.
    unsafe { Component::deserialize_file(engine, path) }
}
