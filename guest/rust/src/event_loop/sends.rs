//! Sending: at once where the kernel has room, otherwise from a queue in the guest's memory, in order.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::{io, net::SocketAddr};

use super::core::Task;
use super::{Outcome, Socket};
use crate::address::{Endpoint, ToSocketAddrs, destination, to_contract};
use crate::error::Refusal;
use crate::{Error, Payload};

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
    /// bound. No address ([a port alone](ToSocketAddrs)) and an unspecified one mean loopback.
    ///
    /// A name is looked up, and the datagram goes when the answer is there; what is sent to numeric addresses meanwhile
    /// goes at once, as in Node. Datagrams to the same name keep their order.
    ///
    /// Several slices go as one datagram; of a part, give a slice:
    ///
    /// ```no_run
    /// # let events = datagrant_guest::EventLoop::new();
    /// # let (socket, data) = (events.socket(datagrant_guest::Family::Ipv4)?, [0; 100]);
    /// socket.send("hello", "127.0.0.1:41234")?;
    /// socket.send(["Some ", "bytes"], "localhost:41234")?; // as Node's [buf1, buf2]
    /// socket.send(&data[10..][..20], 41234)?; // as Node's offset 10 and length 20, to loopback
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// Returned errors are those that Node throws: the socket is closed, or connected (then
    /// [`send_connected`](Self::send_connected) is the call), or the port is 0.
    pub fn send(&self, data: impl Payload, to: impl ToSocketAddrs) -> io::Result<()> {
        self.begin(data.payload(), Some(to.endpoint()), None)
    }

    /// [`send`](Self::send) that tells `done` how it ended: the number of bytes, or the error, which then is no event.
    /// `done` is called by the loop, never inside this call, and not at all if this call returns an error, or if the
    /// socket is closed while a name is looked up.
    pub fn send_with<R: Outcome>(
        &self,
        data: impl Payload,
        to: impl ToSocketAddrs,
        done: impl FnOnce(io::Result<usize>) -> R + 'static,
    ) -> io::Result<()> {
        let done: Done = Box::new(|result| done(result).outcome());
        self.begin(data.payload(), Some(to.endpoint()), Some(done))
    }

    /// [`send`](Self::send) to the address that the socket is connected to.
    pub fn send_connected(&self, data: impl Payload) -> io::Result<()> {
        self.begin(data.payload(), None, None)
    }

    /// [`send_with`](Self::send_with) to the address that the socket is connected to.
    pub fn send_connected_with<R: Outcome>(
        &self,
        data: impl Payload,
        done: impl FnOnce(io::Result<usize>) -> R + 'static,
    ) -> io::Result<()> {
        let done: Done = Box::new(|result| done(result).outcome());
        self.begin(data.payload(), None, Some(done))
    }

    /// The bytes that wait in the guest's memory because the kernel had no room. Nothing but the guest bounds them.
    pub fn send_queue_bytes(&self) -> usize {
        self.inner().sends.bytes.get()
    }

    /// The datagrams that wait; see [`send_queue_bytes`](Self::send_queue_bytes).
    pub fn send_queue_count(&self) -> usize {
        self.inner().sends.datagrams.borrow().len()
    }

    fn begin(&self, data: Cow<'_, [u8]>, to: Option<io::Result<Endpoint>>, done: Option<Done>) -> io::Result<()> {
        self.check_send(to.is_some())?;
        let to = match to.transpose() {
            Ok(to) => to,
            Err(error) => return self.finish(done, Err(error)),
        };
        if to.as_ref().is_some_and(Endpoint::is_port_zero) {
            return Err(Error::refused("send", Refusal::PortZero).into());
        }
        if self.inner().binding.get() {
            let data = data.into_owned();
            return self.when_bound(move |socket| socket.dispatch(data.into(), to, done));
        }
        self.dispatch(data, to, done)
    }

    pub(super) fn check_send(&self, named: bool) -> io::Result<()> {
        self.check_open("send")?;
        match (named, self.inner().peer.get()) {
            (true, Some(_)) => Err(Error::refused("send", Refusal::Connected).into()),
            (false, None) => Err(Error::refused("send", Refusal::NotConnected).into()),
            _ => Ok(()),
        }
    }

    fn dispatch(&self, data: Cow<'_, [u8]>, to: Option<Endpoint>, done: Option<Done>) -> io::Result<()> {
        let Some(to) = to else {
            return self.send_or_queue(data, None, done);
        };
        match to.literal("send", self.family()) {
            Ok(Ok(remote)) => self.send_or_queue(data, Some(destination(remote)), done),
            Ok(Err(error)) => self.finish(done, Err(error)),
            Err((name, port)) => {
                if let Err(error) = self.bind_first() {
                    return self.finish(done, Err(error));
                }
                let data = data.into_owned();
                let found = move |socket: &Self, found| match found {
                    Ok(remote) => socket.send_or_queue(data.into(), Some(destination(remote)), done),
                    Err(error) => socket.finish(done, Err(error)),
                };
                self.look_up(name, port, Box::new(found))
            }
        }
    }

    /// Sends at once, or when there is room and what was queued before has gone.
    fn send_or_queue(&self, data: Cow<'_, [u8]>, remote: Option<SocketAddr>, done: Option<Done>) -> io::Result<()> {
        if let Some(remote) = remote.filter(|r| self.inner().settings.send_block_list.contains(r.ip())) {
            let blocked = Error::refused_for("send", Refusal::Blocked, remote);
            return self.finish(done, Err(blocked.into()));
        }
        if self.send_queue_count() == 0 {
            match self.transmit(&data, remote) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return self.finish(done, result),
            }
        }
        self.queue(data.into_owned(), remote, done);
        Ok(())
    }

    pub(super) fn queue(&self, data: Vec<u8>, remote: Option<SocketAddr>, done: Option<Done>) {
        self.inner().sends.push(Queued { data, remote, done });
        self.hold();
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
                let closed = Error::refused("send", Refusal::Cancelled);
                drop(self.finish(queued.done, Err(closed.into())));
            }
        }
    }
}
