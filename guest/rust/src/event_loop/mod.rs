//! An event loop with the feel of Node's `dgram`.
//!
//! The first example of Node's manual:
//!
//! ```no_run
//! # fn main() -> std::io::Result<()> {
//! use datagrant_guest::{EventLoop, Family};
//!
//! let events = EventLoop::new();
//! let server = events.socket(Family::Ipv4)?;
//!
//! server.on_error(|server, error| {
//!     eprintln!("server error: {error}");
//!     server.close()
//! });
//! server.on_message(|_, message, from| {
//!     println!("server got: {} from {from}", String::from_utf8_lossy(message));
//! });
//! server.on_listening(|server| {
//!     println!("server listening {}", server.local_addr()?);
//!     Ok(())
//! });
//!
//! server.bind("127.0.0.1:41234")?;
//! events.run()
//! # }
//! ```
//!
//! # What is returned and what is an event
//!
//! What Node throws is returned: a call that does not fit the state of the socket (closing twice, binding twice). What
//! Node emits is an event: everything that an address, a grant or the network decides. An error event of a socket
//! without [`on_error`](Socket::on_error) ends [`run`](EventLoop::run) with that error, as an unhandled `'error'` ends
//! Node. So does an error that a callback returns, as one that a listener throws.
//!
//! # Callbacks
//!
//! They are called by [`run`](EventLoop::run) only, never inside another call of this module, and may do anything that
//! code outside may: send, close, create, drop, set and clear. There is one for each event of a socket; setting it again
//! replaces it. They return nothing or an [`io::Result<()>`] (see [`Outcome`]).
//!
//! A callback is given its socket. One that holds a clone of its own socket keeps it alive until it is closed.
//!
//! # When the loop ends
//!
//! When nothing is left that could call back: no bound socket and no timer, but those that were
//! [`unref`](Socket::unref)ed; no queued datagram, no completion or close that is to be told. As in Node, a bound socket
//! stays open although its last handle is dropped; one that is not bound goes with its last handle.

mod core;
mod events;
mod flush;
mod handlers;
mod lifecycle;
mod names;
mod options;
mod send_burst;
mod sends;
mod settings;
mod socket;
mod stop;
mod timers;

use std::rc::Rc;
use std::{fmt, io, time::Duration};

use crate::Family;
use crate::bindings::types::Interest;
use crate::provider::{self, Socket as Raw};
use core::Core;
pub use handlers::Outcome;
pub use names::Reply;
use options::Settings;
pub use options::{AbortSignal, SocketOptions};
pub use socket::Socket;
pub use timers::Timer;

/// Sockets, timers and their callbacks; see the [module](self). Clones are handles of the same loop.
#[derive(Clone, Default)]
pub struct EventLoop {
    core: Rc<Core>,
}

impl EventLoop {
    /// A loop without sockets and timers.
    pub fn new() -> Self {
        Self::default()
    }

    /// A socket, not bound yet (Node's `createSocket(type)`).
    pub fn socket(&self, family: Family) -> io::Result<Socket> {
        self.socket_with(SocketOptions::new(family))
    }

    /// [`socket`](Self::socket) with options (Node's `createSocket(options)`).
    pub fn socket_with(&self, options: SocketOptions) -> io::Result<Socket> {
        options.create(|raw, settings| Socket::adopt(&self.core, raw, settings))
    }

    /// The socket that the host has bound and handed in by this name (`datagrant serve --socket NAME=ADDRESS`, and `run`
    /// too); its [`on_listening`](Socket::on_listening) comes. Each can be taken once;
    /// [`granted_names`](crate::granted_names) has the names.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] if there is none of this name; [`io::ErrorKind::NotConnected`] (EBADF) if it was
    /// taken before.
    pub fn granted(&self, name: &str) -> io::Result<Socket> {
        Ok(self.adopt(provider::take(name)?))
    }

    /// Takes a socket of the contract into the loop, bound or not.
    pub fn adopt(&self, raw: Raw) -> Socket {
        Socket::adopt(&self.core, raw, Settings::default())
    }

    /// Calls `callback` once, after `delay`.
    pub fn set_timeout<R: Outcome>(&self, delay: Duration, callback: impl FnOnce() -> R + 'static) -> Timer {
        let mut callback = Some(callback);
        let once = move || callback.take().map_or(Ok(()), |callback| callback().outcome());
        Timer::start(&self.core, delay, None, Box::new(once))
    }

    /// Calls `callback` each time that `period` has passed since it was called last. A period under 1 ms is 1 ms, as in
    /// Node.
    pub fn set_interval<R: Outcome>(&self, period: Duration, mut callback: impl FnMut() -> R + 'static) -> Timer {
        let period = period.max(Duration::from_millis(1));
        Timer::start(&self.core, period, Some(period), Box::new(move || callback().outcome()))
    }

    /// Runs callbacks until nothing is left that could call back (see [the module](self#when-the-loop-ends)).
    ///
    /// Ends early with an error event that has no callback, an error that a callback returned, or a wait that failed;
    /// calling it again goes on from there. Inside a callback it is an error.
    pub fn run(&self) -> io::Result<()> {
        self.core.run()
    }

    /// One round of [`run`](Self::run), without the wait, for a service.
    pub(crate) fn step(&self, ready: &Interest) -> io::Result<Option<(Interest, Option<Duration>)>> {
        self.core.step(ready)
    }
}

impl fmt::Debug for EventLoop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventLoop").finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "../tests/event_loop/mod.rs"]
mod tests;
