//! Generated code, and nothing else.

#![allow(
    missing_docs,
    reason = "the documentation of generated items is that of wasi:sockets, in host/wit/"
)]
#![allow(clippy::all, reason = "generated")]
#![allow(unused_qualifications, reason = "generated")]

wasmtime::component::bindgen!({
    path: ["wit/0.2/io.wit", "wit/0.2/clocks.wit", "wit/0.2/sockets.wit"],
    world: "wasi:sockets/imports",
    imports: { default: trappable },
    trappable_error_type: {
        "wasi:sockets/network.error-code" => crate::wasi_sockets::p2::Failure,
    },
    with: {
        "wasi:io": wasmtime_wasi_io::bindings::wasi::io,
        "wasi:sockets/network.network": crate::wasi_sockets::p2::Network,
        "wasi:sockets/udp.udp-socket": crate::wasi_sockets::p2::UdpSocket,
        "wasi:sockets/udp.incoming-datagram-stream": crate::wasi_sockets::p2::Incoming,
        "wasi:sockets/udp.outgoing-datagram-stream": crate::wasi_sockets::p2::Outgoing,
        "wasi:sockets/tcp.tcp-socket": crate::wasi_sockets::TcpSocket,
        "wasi:sockets/ip-name-lookup.resolve-address-stream": crate::wasi_sockets::p2::Resolving,
    },
    // What `wasi:io` asks for.
    require_store_data_send: true,
});
