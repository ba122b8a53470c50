//! A socket that is full, and waiting for room.

use crate::text;
use datagrant_guest::bindings::sockets::Socket;
use datagrant_guest::bindings::types::{ErrorCode, Interest};
use datagrant_guest::bindings::wait::wait;

/// More than any kernel's buffer of a socket holds of them.
const MOST: u32 = 100_000;
const SECOND: u64 = 1_000_000_000;

/// Sends until it is refused.
pub fn fill(mut send: impl FnMut() -> Result<(), ErrorCode>) -> String {
    match (0..MOST).find_map(|_| send().err()) {
        Some(code) => text::code(code).to_owned(),
        None => format!("not full after {MOST}"),
    }
}

/// Waits until there is room for a datagram, and not for something to receive.
pub fn wait_for_room(socket: &Socket) -> Result<String, ErrorCode> {
    let id = socket.id();
    let on = Interest {
        receive: vec![id],
        send: vec![id],
    };
    let ready = wait(&on, Some(60 * SECOND))?;
    Ok(match (&ready.receive[..], &ready.send[..]) {
        ([], [room]) if *room == id => String::new(),
        _ => format!("{ready:?}"),
    })
}
