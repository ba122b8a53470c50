//! Waiting by pollables, which are in a world of their own.

use datagrant_guest::bindings::sockets::Socket;
use datagrant_guest::bindings::types::Direction;
use generated::datagrant::dgram::poll::subscribe;
use generated::wasi::io::poll::{Pollable, poll};

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

/// Waits until there is something to receive.
pub fn wait_for(socket: &Socket) {
    let list: Vec<Pollable> = subscribe(socket, Direction::RECEIVE);
    if !list.is_empty() {
        poll(&list.iter().collect::<Vec<_>>());
    }
}
