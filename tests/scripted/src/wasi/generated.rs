//! Generated: `wasi:sockets`, as the host has it.

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
    path: ["../../host/wit/0.2/io.wit", "../../host/wit/0.2/clocks.wit", "../../host/wit/0.2/sockets.wit"],
    inline: "
        package datagrant:scripted-wasi;
        world sockets {
            import wasi:clocks/monotonic-clock@0.2.12;
            import wasi:io/poll@0.2.12;
            import wasi:sockets/instance-network@0.2.12;
            import wasi:sockets/network@0.2.12;
            import wasi:sockets/udp@0.2.12;
            import wasi:sockets/udp-create-socket@0.2.12;
            import wasi:sockets/ip-name-lookup@0.2.12;
            import wasi:sockets/tcp-create-socket@0.2.12;
        }
    ",
    world: "datagrant:scripted-wasi/sockets",
    generate_all,
});
