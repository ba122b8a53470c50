//! Generated: `ready`, the clock of WASI 0.3, and its command.

#![allow(
    missing_docs,
    unused_qualifications,
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    clippy::allow_attributes_without_reason,
    reason = "generated code"
)]

wit_bindgen::generate!({
    // In order of dependency: a later path sees the packages of an earlier one.
    path: ["../../wit", "wit/deps/clocks.wit", "wit/deps/cli.wit", "wit/command.wit"],
    world: "datagrant:guest/command",
    with: { "datagrant:dgram/types@0.1.0": crate::bindings::types },
    generate_all,
    pub_export_macro: true,
    export_macro_name: "export_command",
});
