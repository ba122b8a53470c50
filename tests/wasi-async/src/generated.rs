//! Generated: `wasi:sockets` 0.3, and its command.

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
    path: ["../../host/wit/0.3/clocks.wit", "../../host/wit/0.3/sockets.wit", "../../guest/rust/wit/deps/cli.wit"],
    inline: "
        package datagrant:wasi-async;
        world command {
            import wasi:clocks/monotonic-clock@0.3.0;
            import wasi:sockets/types@0.3.0;
            import wasi:sockets/ip-name-lookup@0.3.0;
            export wasi:cli/run@0.3.0;
        }
    ",
    world: "datagrant:wasi-async/command",
    generate_all,
});
