//! Waiting by pollables.

use datagrant_guest::bindings::sockets::Socket;
use generated::datagrant::dgram::poll::subscribe;
use generated::wasi::io::poll::{Pollable, poll};

pub use datagrant_guest::bindings::types::Direction;

#[allow(missing_docs, reason = "generated")]
mod generated {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "poll-imports",
        with: {
            "datagrant:dgram/types@0.1.0": datagrant_guest::bindings::types,
            "datagrant:dgram/sockets@0.1.0": datagrant_guest::bindings::sockets,
            "datagrant:dgram/name-lookup@0.1.0": datagrant_guest::bindings::name_lookup,
            "datagrant:dgram/bursts@0.1.0": datagrant_guest::bindings::bursts,
            "datagrant:dgram/zones@0.1.0": datagrant_guest::bindings::zones,
            "datagrant:dgram/granted@0.1.0": datagrant_guest::bindings::granted,
            "datagrant:dgram/wait@0.1.0": datagrant_guest::bindings::wait,
        },
        generate_all,
    });
}

/// Waits until the socket is ready in this direction.
pub fn wait(socket: &Socket, direction: Direction) {
    let list = subscribe(socket, direction);
    if !list.is_empty() {
        poll(&list.iter().collect::<Vec<&Pollable>>());
    }
}
