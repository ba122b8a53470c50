//! The contract `datagrant:dgram` over `wasi:sockets` 0.2: plugged into a program (`wac plug`), it lets that program run
//! in any host that offers stock WASI 0.2.
//!
//! `socket` is the exported resource: it looks up nothing, calls `state`, and converts. `state` holds what may be done
//! when; `io` sends and receives; `ports` binds; `names` looks up. Nothing here may panic on what a guest or the network sent.

mod addresses;
mod bindings;
mod bursts;
mod errors;
mod events;
mod headers;
mod io;
mod names;
mod poll;
mod ports;
mod registry;
mod socket;
mod state;
mod unsupported;
mod wait;

/// What the exports are implemented on.
struct Adapter;

bindings::export!(Adapter with_types_in bindings);
