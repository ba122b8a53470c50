//! A pass-through middleware for hosts and guests with WASI 0.3 (world `async-middleware`): all that `datagrant-middleware`
//! does, from the same source, and `ready`.
//!
//! It is a component of its own because `ready` holds `async func`s, which toolchains without the component model's async
//! cannot even import.

mod bindings {
    wit_bindgen::generate!({ path: "../../wit", world: "async-middleware", generate_all });
}
#[path = "../../middleware/src/pass_through.rs"]
mod pass_through;

use bindings::datagrant::dgram as inner;
use bindings::exports::datagrant::dgram as outer;
use inner::types::ErrorCode;
use pass_through::Middleware;

impl outer::ready::Guest for Middleware {
    async fn receive(id: u32) -> Result<(), ErrorCode> {
        inner::ready::receive(id).await
    }

    async fn send(id: u32) -> Result<(), ErrorCode> {
        inner::ready::send(id).await
    }
}

bindings::export!(Middleware with_types_in bindings);
