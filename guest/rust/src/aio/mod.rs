//! Sockets for `async` code: components of WASI 0.3 (feature `async`).
//!
//! While one task waits for a datagram, the others of the component go on; waits of any number of sockets, lookups and
//! timers go side by side. A program is a library (`crate-type = ["cdylib"]`) whose async function becomes the command:
//!
//! ```
//! use datagrant_guest::aio::{self, UdpSocket};
//!
//! datagrant_guest::command!(echo);
//!
//! async fn echo() -> std::io::Result<()> {
//!     let socket = UdpSocket::bind("127.0.0.1:41234").await?; // --allow-bind 127.0.0.1:41234
//!     let mut buffer = [0; 1500];
//!     loop {
//!         let (length, from) = socket.recv_from(&mut buffer).await?;
//!         socket.send_to(&buffer[..length], from).await?;
//!     }
//! }
//! ```
//!
//! Build it for `wasm32-wasip2` as any other guest; `datagrant run` takes it. Such a component needs a host with component-model
//! async and `wasi:cli@0.3.0`; std's own parts (files, stdio, arguments) stay those of WASI 0.2, which hosts of 0.3
//! offer beside it.
//!
//! - **Cancelling is dropping.** A future that is dropped has taken no datagram; a [`timeout`] is no more than that.
//! - **Tasks** ([`spawn`]) share a thread: they take turns at each `.await`. A program ends when its main function does,
//!   also while other tasks run.
//! - Futures of other crates work if they wake by `Waker`; those that bring a runtime of their own (tokio's) do not.
//! - Blocking calls (of [`crate::UdpSocket`], [`wait`](crate::wait), `std::thread::sleep`) stop every task.

mod command;
mod events;
#[doc(hidden)]
pub mod generated;
mod names;
mod socket;
mod tasks;
mod time;
mod waiters;

pub use command::Outcome;
#[doc(hidden)]
pub use command::finish;
pub use events::{Event, Events};
pub use names::lookup;
pub use socket::UdpSocket;
pub use tasks::{JoinHandle, spawn};
pub use time::{Elapsed, sleep, timeout};

use crate::{Error, ErrorCode};
use std::io;

/// Until the socket has an event, or the lookup its answer: `ready.receive` of the contract, for what is written on
/// [`bindings`](crate::bindings). Readiness is a hint: look, and wait again where nothing is there.
///
/// # Errors
/// [`ErrorCode::InvalidState`] for an id of no socket and no lookup that is there.
pub async fn ready_to_receive(id: u32) -> io::Result<()> {
    told(generated::datagrant::dgram::ready::receive(id).await)
}

/// Until the socket has room for a datagram: `ready.send` of the contract.
///
/// # Errors
/// [`ErrorCode::InvalidState`] for an id of no socket that is there, [`ErrorCode::InvalidArgument`] for that of a lookup.
pub async fn ready_to_send(id: u32) -> io::Result<()> {
    told(generated::datagrant::dgram::ready::send(id).await)
}

fn told(result: Result<(), ErrorCode>) -> io::Result<()> {
    result.map_err(|code| Error::new("wait", None, code).into())
}
