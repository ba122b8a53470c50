//! A pass-through middleware for hosts and guests with WASI 0.3 (world `async-middleware`): all that `datagrant-pass-through`
//! does, from the same source, and `ready`.
//!
//! It is a component of its own because `ready` holds `async func`s, which toolchains without the component model's async
//! cannot even import.

mod bindings {
    wit_bindgen::generate!({
        inline: "package datagrant:pass-through; world ready { import datagrant:dgram/ready@0.1.0; export datagrant:dgram/ready@0.1.0; }",
        path: "../../wit",
        world: "datagrant:pass-through/ready",
        with: { "datagrant:dgram/types@0.1.0": datagrant_middleware::inner::types },
        generate_all,
    });
}
#[path = "../../pass-through/src/pass_through.rs"]
mod pass_through;

use bindings::datagrant::dgram as inner;
use bindings::exports::datagrant::dgram as outer;
use datagrant_middleware::inner::types::ErrorCode;
use pass_through::PassThrough;

impl outer::ready::Guest for PassThrough {
    async fn receive(id: u32) -> Result<(), ErrorCode> {
        inner::ready::receive(id).await
    }

    async fn send(id: u32) -> Result<(), ErrorCode> {
        inner::ready::send(id).await
    }
}

bindings::export!(PassThrough with_types_in bindings);
datagrant_middleware::middleware!(PassThrough);
