//! Waiting for several [`UdpSocket`]s at once, for loops of your own; [`EventLoop`](crate::EventLoop) is one ready-made.
//!
//! ```no_run
//! use std::time::Duration;
//! use datagrant_guest::{UdpSocket, wait::{Interest, wait}};
//!
//! let (one, two) = (UdpSocket::bind("127.0.0.1:4000")?, UdpSocket::bind("127.0.0.1:4001")?);
//! one.set_nonblocking(true)?;
//! two.set_nonblocking(true)?;
//! let mut buffer = [0; 1500];
//! loop {
//!     // Empty what is there, then wait: for either socket, or a second.
//!     for socket in [&one, &two] {
//!         while let Ok((length, from)) = socket.recv_from(&mut buffer) {
//!             println!("{length} bytes from {from}");
//!         }
//!     }
//!     let ready = wait(&Interest::new().receive(&one).receive(&two), Some(Duration::from_secs(1)))?;
//!     if ready.is_empty() {
//!         println!("nothing for a second");
//!     }
//! }
//! # #[allow(unreachable_code)]
//! # Ok::<(), std::io::Error>(())
//! ```

use std::{io, time::Duration};

use crate::bindings::types;
use crate::{UdpSocket, provider};

/// What to wait for: sockets to receive from, and sockets to send on.
///
/// Only a socket whose send answered [`io::ErrorKind::WouldBlock`] has a use for [`send`](Self::send): the others are
/// always ready.
#[derive(Clone, Debug, Default)]
pub struct Interest<'a> {
    receive: Vec<&'a UdpSocket>,
    send: Vec<&'a UdpSocket>,
}

impl<'a> Interest<'a> {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// And for something to receive from `socket`: a datagram or an error.
    #[must_use]
    pub fn receive(mut self, socket: &'a UdpSocket) -> Self {
        self.receive.push(socket);
        self
    }

    /// And for room to send on `socket`.
    #[must_use]
    pub fn send(mut self, socket: &'a UdpSocket) -> Self {
        self.send.push(socket);
        self
    }
}

/// What a wait ended with. A hint: a receive may still find nothing.
#[derive(Clone, Debug)]
pub struct Ready {
    ids: types::Interest,
}

impl Ready {
    /// Nothing was ready: the time was over.
    pub fn is_empty(&self) -> bool {
        self.ids.receive.is_empty() && self.ids.send.is_empty()
    }

    /// Whether there is something to receive from `socket`.
    pub fn receive(&self, socket: &UdpSocket) -> bool {
        self.ids.receive.contains(&socket.id())
    }

    /// Whether there is room to send on `socket`.
    pub fn send(&self, socket: &UdpSocket) -> bool {
        self.ids.send.contains(&socket.id())
    }
}

/// Waits until something of `on` is ready, or for `timeout` (`None`: for ever). A duration of zero only looks.
///
/// Datagrams that were taken from the provider and wait in the guest's memory count. The answer need not be complete.
/// Waiting for nothing without a timeout is [`io::ErrorKind::InvalidInput`].
pub fn wait(on: &Interest<'_>, timeout: Option<Duration>) -> io::Result<Ready> {
    if on.receive.is_empty() && on.send.is_empty() && timeout.is_none() {
        let what = "a wait for nothing and without a timeout would never end";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    let ids = |sockets: &[&UdpSocket]| sockets.iter().map(|s| s.id()).collect::<Vec<_>>();
    let waiting: Vec<u32> = on.receive.iter().filter(|s| s.has_waiting()).map(|s| s.id()).collect();
    let timeout = if waiting.is_empty() {
        timeout
    } else {
        Some(Duration::ZERO)
    };
    let interest = types::Interest {
        receive: ids(&on.receive),
        send: ids(&on.send),
    };
    let mut ids = provider::wait(&interest, timeout)?;
    ids.receive.extend(waiting);
    Ok(Ready { ids })
}

#[cfg(test)]
#[path = "tests/wait.rs"]
mod tests;
