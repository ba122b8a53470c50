//! Sending: at once where the kernel has room, otherwise from a queue in the guest's memory, in order.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::{io, net::SocketAddr};

use super::core::Task;
use super::{Outcome, Socket};
use crate::Error;
use crate::address::{self, ToSocketAddrs, to_contract};

/// A completion callback.
pub(super) type Done = Box<dyn FnOnce(io::Result<usize>) -> io::Result<()>>;

pub(super) struct Queued {
    pub data: Vec<u8>,
    pub remote: Option<SocketAddr>,
    pub done: Option<Done>,
}

#[derive(Default)]
pub(super) struct SendQueue {
    pub datagrams: RefCell<VecDeque<Queued>>,
    bytes: Cell<usize>,
}

impl SendQueue {
    fn push(&self, queued: Queued) {
        self.bytes.set(self.bytes.get() + queued.data.len());
        self.datagrams.borrow_mut().push_back(queued);
    }

    pub fn pop(&self) -> Option<Queued> {
        let queued = self.datagrams.borrow_mut().pop_front()?;
        self.bytes.set(self.bytes.get() - queued.data.len());
        Some(queued)
    }

    pub fn unpop(&self, queued: Queued) {
        self.bytes.set(self.bytes.get() + queued.data.len());
        self.datagrams.borrow_mut().push_front(queued);
    }
}

impl Socket {
    /// Sends `data` as one datagram; an error is an error event. Binds the socket to a free port first if it is not
    /// bound. An unspecified address means loopback.
    ///
    /// Returned errors are those that Node throws: the socket is closed, or connected (then
    /// [`send_connected`](Self::send_connected) is the call).
    pub fn send(&self, data: impl AsRef<[u8]>, to: impl ToSocketAddrs) -> io::Result<()> {
        self.begin(data.as_ref(), Some(address::first(to, self.family())), None)
    }

    /// [`send`](Self::send) that tells `done` how it ended: the number of bytes, or the error, which then is no event.
    /// `done` is called by the loop, never inside this call, and not at all if this call returns an error.
    pub fn send_with<R: Outcome>(
        &self,
        data: impl AsRef<[u8]>,
        to: impl ToSocketAddrs,
        done: impl FnOnce(io::Result<usize>) -> R + 'static,
    ) -> io::Result<()> {
        let done: Done = Box::new(|result| done(result).outcome());
        self.begin(data.as_ref(), Some(address::first(to, self.family())), Some(done))
    }

    /// [`send`](Self::send) to the address that the socket is connected to.
    pub fn send_connected(&self, data: impl AsRef<[u8]>) -> io::Result<()> {
        self.begin(data.as_ref(), None, None)
    }

    /// [`send_with`](Self::send_with) to the address that the socket is connected to.
    pub fn send_connected_with<R: Outcome>(
        &self,
        data: impl AsRef<[u8]>,
        done: impl FnOnce(io::Result<usize>) -> R + 'static,
    ) -> io::Result<()> {
        let done: Done = Box::new(|result| done(result).outcome());
        self.begin(data.as_ref(), None, Some(done))
    }

    /// The bytes that wait in the guest's memory because the kernel had no room. Nothing but the guest bounds them.
    pub fn send_queue_bytes(&self) -> usize {
        self.inner().sends.bytes.get()
    }

    /// The datagrams that wait; see [`send_queue_bytes`](Self::send_queue_bytes).
    pub fn send_queue_count(&self) -> usize {
        self.inner().sends.datagrams.borrow().len()
    }

    fn begin(&self, data: &[u8], to: Option<io::Result<SocketAddr>>, done: Option<Done>) -> io::Result<()> {
        self.check_open("send")?;
        match (&to, self.inner().peer.get()) {
            (Some(_), Some(_)) => {
                return Err(Error::state("send", "the socket is connected").into());
            }
            (None, None) => return Err(Error::state("send", "the socket is not connected").into()),
            _ => {}
        }
        let remote = match to.transpose() {
            Ok(remote) => remote.map(address::destination),
            Err(error) => return self.finish(done, Err(error)),
        };
        if self.send_queue_count() == 0 {
            match self.transmit(data, remote) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return self.finish(done, result),
            }
        }
        self.inner().sends.push(Queued {
            data: data.to_vec(),
            remote,
            done,
        });
        self.hold();
        Ok(())
    }

    pub(super) fn transmit(&self, data: &[u8], remote: Option<SocketAddr>) -> io::Result<usize> {
        let result = self.with_raw("send", remote, |raw| raw.send(data, remote.map(to_contract)));
        self.note_implicit_bind();
        result.map(|()| data.len())
    }

    /// Owes what a send has ended with: to its callback, or as an error event.
    pub(super) fn finish(&self, done: Option<Done>, result: io::Result<usize>) -> io::Result<()> {
        match (done, result) {
            (Some(done), result) => self.core()?.owe(Task::Sent(done, result)),
            (None, Err(error)) => self.core()?.owe(Task::Failed(self.clone(), error)),
            (None, Ok(_)) => {}
        }
        Ok(())
    }

    /// What has not gone when the socket closes does not go. Callbacks are told; without one it is no error event, as
    /// in Node.
    pub(super) fn cancel_sends(&self) {
        while let Some(queued) = self.inner().sends.pop() {
            if queued.done.is_some() {
                let closed = Error::state("send", "the socket was closed before the datagram went");
                drop(self.finish(queued.done, Err(closed.into())));
            }
        }
    }
}
