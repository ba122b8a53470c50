//! Generated code, and nothing else.

#![allow(
    missing_docs,
    reason = "the documentation of generated items is that of wasi:sockets, in host/wit/"
)]
#![allow(clippy::all, reason = "generated")]
#![allow(unused_qualifications, reason = "generated")]

wasmtime::component::bindgen!({
    path: ["wit/0.3/clocks.wit", "wit/0.3/sockets.wit"],
    world: "wasi:sockets/imports",
    imports: { default: trappable },
    trappable_error_type: {
        "wasi:sockets/types.error-code" => crate::wasi_sockets::p3::Failure,
        "wasi:sockets/ip-name-lookup.error-code" => crate::wasi_sockets::p3::LookupFailure,
    },
    with: {
        "wasi:sockets/types.udp-socket": crate::host::Socket,
        "wasi:sockets/types.tcp-socket": crate::wasi_sockets::TcpSocket,
    },
});
