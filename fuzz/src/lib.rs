//! The grants and the core, compiled once more for the fuzz targets.
//!
//! They are the product's own files, and not the crate `datagrant`: that one builds wasmtime, which takes longer with
//! sanitizers than the fuzzing, and what is fuzzed knows nothing of it. So the library needs no way in for this either.
//! What a target does stands in `bodies`, which `host/src/corpus.rs` compiles too: `cargo test` replays the corpora.

#![allow(
    dead_code,
    unused_imports,
    reason = "the part of the library that knows wasmtime is not here"
)]

#[path = "../../host/src"]
mod library {
    pub mod ctx;
    pub mod granted;
    pub mod grants;
    pub mod handle;
    pub mod limits;
    pub mod lookup;
    pub mod metrics;
    pub mod network;
    pub mod socket;
    pub mod suggest;
    pub mod sys;
    pub mod tape;
    pub mod wait;
}

/// What a wait tells of the guest's processor time, which only wasmtime knows.
mod guest {
    pub async fn give_way() {}
    pub fn waits() {}
}

// Where they call each other.
use library::handle::GrantsHandle;
use library::{ctx, granted, grants, handle, limits, lookup, metrics, network, socket, suggest, sys, tape, wait};

#[path = "../bodies/mod.rs"]
pub mod bodies;
