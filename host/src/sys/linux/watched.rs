//! A socket that tokio watches.

use super::Socket;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// A socket, registered with tokio when something first waits for it: one that never waits costs no registration.
/// Dropping it closes the socket.
#[derive(Debug)]
pub(crate) struct Watched {
    // Before `socket`: fields are dropped in order, and tokio must let go of a descriptor before it is closed.
    registration: OnceLock<AsyncFd<RawFd>>,
    socket: Socket,
    empty: AtomicBool,
}

impl Watched {
    pub(crate) fn new(socket: Socket) -> Watched {
        Watched {
            registration: OnceLock::new(),
            socket,
            empty: AtomicBool::new(false),
        }
    }

    /// Whether a receive has found nothing more since the last edge was told: what comes makes an edge of its own.
    pub(crate) fn is_empty(&self) -> bool {
        self.empty.load(Ordering::Acquire)
    }

    pub(crate) fn set_empty(&self, empty: bool) {
        self.empty.store(empty, Ordering::Release);
    }

    pub(crate) fn socket(&self) -> &Socket {
        &self.socket
    }

    /// To await datagrams and errors. An error alone does not make a descriptor readable for epoll, so that it is asked
    /// for by name.
    ///
    /// # Panics
    /// Outside a tokio runtime, as all of tokio.
    pub(crate) fn input(&self) -> io::Result<&AsyncFd<RawFd>> {
        if let Some(registration) = self.registration.get() {
            return Ok(registration);
        }
        let fd = self.socket.as_raw_fd();
        // SAFETY: `fd` is open for as long as `self.socket` lives, which nothing takes out of `self`, and the
        // registration, a field before it, is dropped first. A `RawFd` is always the same descriptor.
        let registration = unsafe { AsyncFd::register_with_interest(fd, Interest::READABLE | Interest::ERROR)? };
        Ok(self.registration.get_or_init(|| registration))
    }

    /// To await room for sending: a registration of its own, for one wait. It is rare, and in the registration above it
    /// would wake every reader with each datagram sent; tokio also never forgets an error on the writing side.
    ///
    /// # Panics
    /// Outside a tokio runtime, as all of tokio.
    pub(crate) fn output(&self) -> io::Result<AsyncFd<OwnedFd>> {
        let fd = self.socket.as_fd().try_clone_to_owned()?;
        // SAFETY: an `OwnedFd` is open, and the same descriptor, until it is dropped, which the `AsyncFd` does last.
        Ok(unsafe { AsyncFd::register_with_interest(fd, Interest::WRITABLE)? })
    }
}
