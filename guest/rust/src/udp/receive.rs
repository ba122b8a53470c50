//! Receiving: from the queue, from the provider, then by waiting.

use std::{io, net::SocketAddr};

use super::UdpSocket;
use super::shared::{Deadline, Direction};
use crate::Error;
use crate::burst::{Burst, Header};
use crate::error::Refusal;
use crate::inbox::Inbox;
use crate::provider::BATCH;

impl UdpSocket {
    /// Receives a datagram: its length, and who sent it. What does not fit `buffer` is cut off and lost, as with
    /// recvfrom(2).
    pub fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.receive_one(buffer, Taking::Remove)
    }

    /// [`recv_from`](Self::recv_from), leaving the datagram where it is.
    pub fn peek_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.receive_one(buffer, Taking::Leave)
    }

    /// Receives a datagram, on a connected socket only from its peer.
    pub fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.receive_one(buffer, Taking::Remove).map(|(length, _)| length)
    }

    /// [`recv`](Self::recv), leaving the datagram where it is.
    pub fn peek(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.receive_one(buffer, Taking::Leave).map(|(length, _)| length)
    }

    /// The asynchronous error that waits to be told, such as a refusal of something sent earlier; then it is told.
    /// Otherwise the next send or receive returns it.
    pub fn take_error(&self) -> io::Result<Option<io::Error>> {
        let mut state = self.shared.lock();
        self.shared.pump_if_room(&mut state);
        Ok(state.take_error("recvmsg").err())
    }

    /// Receives what is there, at most `max` headers, with one call; waits, as [`recv_from`](Self::recv_from), while
    /// nothing is there. Providers have a limit of their own (64). The burst is empty only if `max` is 0.
    ///
    /// Datagrams that an earlier receive has left in the guest's memory come first, in a burst of their own. On a
    /// connected socket all of it is from its peer.
    pub fn recv_burst(&self, max: usize) -> io::Result<Burst> {
        let family = self.shared.exchange.family;
        if max == 0 {
            return Ok(Burst::new(family, Header::SIZE));
        }
        self.receive(max, |inbox| inbox.take_burst(max, family))
    }

    fn receive_one(&self, buffer: &mut [u8], taking: Taking) -> io::Result<(usize, SocketAddr)> {
        self.receive(BATCH, |inbox| {
            inbox.read(taking == Taking::Remove, |data, from| {
                let length = data.len().min(buffer.len());
                buffer[..length].copy_from_slice(&data[..length]);
                (length, from)
            })
        })
    }

    /// Looks into the inbox; where it is empty, takes at most `max` datagrams from the provider, or waits for them.
    fn receive<T>(&self, max: usize, mut look: impl FnMut(&mut Inbox) -> Option<T>) -> io::Result<T> {
        let mut deadline = None;
        loop {
            let mut state = self.shared.lock();
            // Events that are nobody's business here are few: only the guest's own calls make them.
            while !state.has_waiting() && self.shared.pump(&mut state, max) {}
            // Errors first, as the kernel does it.
            state.take_error("recvmsg")?;
            if let Some(seen) = look(&mut state.inbox) {
                return Ok(seen);
            }
            if state.closed {
                return Err(Error::refused("recvmsg", Refusal::ClosedByProvider).into());
            }
            if state.nonblocking {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            let timeout = state.read_timeout;
            drop(state);
            let deadline = deadline.get_or_insert_with(|| Deadline::after(timeout));
            self.shared.wait(Direction::Receive, deadline)?;
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Taking {
    Remove,
    Leave,
}
