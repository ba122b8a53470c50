//! A middleware that has the network misbehave: it loses, delays, duplicates and reorders datagrams, the same ones for the
//! same seed. The page of [`datagrant_middleware`] says how it is used.
//!
//! What a guest sends and receives passes a line, one for each socket and direction ([`line`]); by the seed each datagram has
//! a fate ([`fate`]). What is late is kept here, and goes on when its time has come and anything of the contract is called,
//! a wait too.

mod bindings {
    wit_bindgen::generate!({
        path: ["../../../wit/deps/io", "wit"],
        world: "datagrant:faults/faults",
        with: { "wasi:io/poll@0.2.0": datagrant_middleware::bindings::wasi::io::poll },
        generate_all,
    });
}
mod fate;
mod line;
mod options;
mod pull;
mod segments;
mod socket;
mod waiting;

use datagrant_middleware::Middleware;
use datagrant_middleware::inner::{sockets, types};
use options::Options;
use socket::Handle;
use std::sync::OnceLock;
use types::{CreateFlags, DurationNs, ErrorCode, Interest};

struct Faults;

impl Middleware for Faults {
    type Socket = Handle;

    fn created(socket: sockets::Socket, _: CreateFlags) -> Handle {
        Handle::new(socket)
    }

    fn taken(socket: sockets::Socket) -> Result<Handle, ErrorCode> {
        Ok(Handle::new(socket))
    }

    fn wait(on: Interest, timeout: Option<DurationNs>) -> Result<Interest, ErrorCode> {
        waiting::wait(on, timeout)
    }
}

/// What the operator wrote.
fn options() -> &'static Options {
    static OPTIONS: OnceLock<Options> = OnceLock::new();
    OPTIONS.get_or_init(datagrant_middleware::options::read)
}

datagrant_middleware::middleware!(Faults);
datagrant_middleware::options!(Options);
