//! Generated code, and nothing else.

#![allow(
    missing_docs,
    reason = "the documentation of generated items is the contract's, in wit/"
)]
#![allow(clippy::all, reason = "generated")]
#![allow(unused_qualifications, reason = "generated")]

wasmtime::component::bindgen!({
    path: "../wit",
    world: "datagrant:dgram/poll-imports",
    imports: {
        "datagrant:dgram/wait.wait": async | trappable,
        default: trappable,
    },
    trappable_error_type: {
        "datagrant:dgram/types.error-code" => crate::host::Failure,
    },
    with: {
        "datagrant:dgram/sockets.socket": crate::host::Socket,
        "datagrant:dgram/name-lookup.lookup": crate::host::Lookup,
        "wasi:io/poll": wasmtime_wasi_io::bindings::wasi::io::poll,
    },
});

/// What a service exports.
pub mod service {
    wasmtime::component::bindgen!({
        path: "../wit",
        inline: "
            package datagrant:host;

            world service {
                export datagrant:dgram/handler@0.1.0;
            }
        ",
        world: "datagrant:host/service",
        exports: { default: async },
        with: {
            "datagrant:dgram/types": crate::bindings::datagrant::dgram::types,
        },
    });
}

/// `ready`, apart: only linkers with component-model async take it.
pub(crate) mod asynchronous {
    wasmtime::component::bindgen!({
        path: "../wit",
        inline: "
            package datagrant:host;
            world waits { import datagrant:dgram/ready@0.1.0; }
        ",
        world: "datagrant:host/waits",
        imports: { default: async | store | trappable },
        trappable_error_type: {
            "datagrant:dgram/types.error-code" => crate::host::Failure,
        },
        with: {
            "datagrant:dgram/types": crate::bindings::datagrant::dgram::types,
        },
    });
}
