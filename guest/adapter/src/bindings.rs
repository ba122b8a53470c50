//! Everything generated, and nothing else. `datagrant` and `wasi` are what is imported, `exports` what is exported.

#![allow(
    missing_docs,
    unused_qualifications,
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    clippy::allow_attributes_without_reason,
    reason = "generated code"
)]

wit_bindgen::generate!({
    // In order of dependency: a later path sees the packages of an earlier one. The contract brings `wasi:io`.
    path: ["../../wit", "wit/deps/clocks.wit", "wit/deps/sockets.wit", "wit/adapter.wit"],
    world: "datagrant:adapter/adapter",
    generate_all,
});

pub(crate) use exports::datagrant::dgram as outer;
pub(crate) use wasi::sockets::network as net;
