//! A socket that tokio watches.

use super::Socket;
use std::io;
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// A socket, registered with tokio when something first waits for it: one that never waits costs no registration.
/// Dropping it closes the socket.
///
/// tokio's readiness is edge triggered and remembered: a mark may be stale, and an edge comes but once. So a socket whose
/// edge has been told is asked about by poll(2) until a receive has found it empty; only then is the next edge awaited.
/// Order matters. A mark is taken before the kernel is asked, and only what was taken is forgotten: what arrives in
/// between leaves a newer mark. And an edge is forgotten before it is told, so that a receive comes after it.
#[derive(Debug)]
pub(crate) struct Watched {
    // Before `socket`: fields are dropped in order, and tokio must let go of a descriptor before it is closed.
    registration: OnceLock<AsyncFd<RawFd>>,
    socket: Socket,
    /// A receive has found nothing more since the last edge was told.
    empty: AtomicBool,
}

/// An error alone does not make a descriptor readable for epoll, so that it is asked for by name.
const INPUT: Interest = Interest::READABLE.add(Interest::ERROR);

impl Watched {
    pub(crate) fn new(socket: Socket) -> Watched {
        Watched {
            registration: OnceLock::new(),
            socket,
            empty: AtomicBool::new(false),
        }
    }

    pub(crate) fn socket(&self) -> &Socket {
        &self.socket
    }

    /// To be told when a receive has found fewer datagrams than it asked for.
    pub(crate) fn found_empty(&self) {
        self.empty.store(true, Ordering::Release);
    }

    /// Whether a datagram or an error is there. If not, the next one makes an edge.
    ///
    /// # Panics
    /// Outside a tokio runtime, as all of tokio.
    pub(crate) fn has_input(&self) -> io::Result<bool> {
        let mut asked = false;
        let marked = self.registration()?.try_io(INPUT, |_| {
            asked = true;
            match self.socket.has_input()? {
                true => Ok(()),
                // Forgets the mark.
                false => Err(io::ErrorKind::WouldBlock.into()),
            }
        });
        match marked {
            Ok(()) => Ok(true),
            Err(e) if e.kind() != io::ErrorKind::WouldBlock => Err(e),
            Err(_) if asked || self.empty.load(Ordering::Acquire) => Ok(false),
            Err(_) => self.socket.has_input(),
        }
    }

    /// Until a datagram or an error arrives.
    ///
    /// # Panics
    /// Outside a tokio runtime, as all of tokio.
    pub(crate) async fn input_edge(&self) -> io::Result<()> {
        self.registration()?.ready(INPUT).await?.clear_ready();
        self.empty.store(false, Ordering::Release);
        Ok(())
    }

    /// Until there is room for sending: by a registration of its own. It is rare, and in the other one it would wake every
    /// reader with each datagram sent; tokio also never forgets an error on the writing side.
    ///
    /// # Panics
    /// Outside a tokio runtime, as all of tokio.
    pub(crate) async fn output_edge(&self) -> io::Result<()> {
        let fd = self.socket.as_fd().try_clone_to_owned()?;
        // SAFETY: an `OwnedFd` is open, and the same descriptor, until it is dropped, which the `AsyncFd` does last.
        let output = unsafe { AsyncFd::register_with_interest(fd, Interest::WRITABLE)? };
        output.writable().await.map(drop)
    }

    fn registration(&self) -> io::Result<&AsyncFd<RawFd>> {
        if let Some(registration) = self.registration.get() {
            return Ok(registration);
        }
        let fd = self.socket.as_raw_fd();
        // SAFETY: `fd` is open for as long as `self.socket` lives, which nothing takes out of `self`, and the
        // registration, a field before it, is dropped first. A `RawFd` is always the same descriptor.
        let registration = unsafe { AsyncFd::register_with_interest(fd, INPUT)? };
        Ok(self.registration.get_or_init(|| registration))
    }
}
