//! Bursts: many datagrams a call, for speed.
//!
//! Receiving, each datagram is a slice of the burst; sending, the burst is filled and sent again and again:
//!
//! ```no_run
//! use datagrant_guest::{UdpSocket, burst::{Options, SendBurst}};
//!
//! let socket = UdpSocket::bind("127.0.0.1:41234")?;
//! socket.configure_bursts(Options::COALESCE)?;
//! let mut answers = SendBurst::new();
//! loop {
//!     let burst = socket.recv_burst(64)?;
//!     for datagram in &burst {
//!         println!("{} bytes from {}", datagram.data.len(), datagram.remote);
//!         answers.push(b"thank you", datagram.remote);
//!     }
//!     socket.send_burst(&answers)?;
//!     answers.clear();
//! }
//! # #[allow(unreachable_code)]
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! An echo needs no copy at all: `socket.send_burst(&burst.into())`.
//!
//! With a provider that has no bursts all of this works too, one datagram at a time and without [`Options`].
//! [`UdpSocket::recv_from`](crate::UdpSocket::recv_from) and [`EventLoop`](crate::EventLoop) use bursts underneath; the
//! calls may be mixed, and no datagram is told twice or out of order.

mod header;
mod received;
mod send;

pub use crate::bindings::types::BurstOptions as Options;
pub use header::{Header, PacketInfo};
pub(crate) use received::Cursor;
pub use received::{Burst, Datagram, Datagrams};
pub(crate) use send::Rest;
pub use send::{SendBurst, Sent, sent};
