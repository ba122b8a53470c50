//! The grants and the core, compiled once more for the fuzz targets.
//!
//! They are the product's own files, and not the crate `datagrant`: that one builds wasmtime, which takes longer with
//! sanitizers than the fuzzing, and what is fuzzed knows nothing of it. So the library needs no way in for this either.
//! What a target does stands in `bodies`, which `host/src/corpus.rs` compiles too: `cargo test` replays the corpora.

#![allow(dead_code, reason = "the part of the library that knows wasmtime is not here")]

#[path = "../../host/src/ctx.rs"]
mod ctx;
#[path = "../../host/src/granted.rs"]
mod granted;
#[path = "../../host/src/grants/mod.rs"]
pub mod grants;
#[path = "../../host/src/lookup/mod.rs"]
mod lookup;
#[path = "../../host/src/socket/mod.rs"]
mod socket;
#[path = "../../host/src/sys/mod.rs"]
mod sys;
#[path = "../../host/src/wait.rs"]
mod wait;

#[path = "../bodies/mod.rs"]
pub mod bodies;
