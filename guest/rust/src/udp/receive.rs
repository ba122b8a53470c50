//! Receiving: from the queue, from the provider, then by waiting.

use std::{io, net::SocketAddr};

use super::UdpSocket;
use super::shared::{Deadline, Direction};
use crate::Error;
use crate::address::from_contract;

impl UdpSocket {
    /// Receives a datagram: its length, and who sent it. What does not fit `buffer` is cut off and lost, as with
    /// recvfrom(2).
    pub fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.receive(buffer, Taking::Remove)
    }

    /// [`recv_from`](Self::recv_from), leaving the datagram where it is.
    pub fn peek_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.receive(buffer, Taking::Leave)
    }

    /// Receives a datagram, on a connected socket only from its peer.
    pub fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.receive(buffer, Taking::Remove).map(|(length, _)| length)
    }

    /// [`recv`](Self::recv), leaving the datagram where it is.
    pub fn peek(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.receive(buffer, Taking::Leave).map(|(length, _)| length)
    }

    /// The asynchronous error that waits to be told, such as a refusal of something sent earlier; then it is told.
    /// Otherwise the next send or receive returns it.
    pub fn take_error(&self) -> io::Result<Option<io::Error>> {
        let mut state = self.shared.lock();
        self.shared.pump_if_room(&mut state);
        Ok(state.take_error("receive").err())
    }

    fn receive(&self, buffer: &mut [u8], taking: Taking) -> io::Result<(usize, SocketAddr)> {
        let mut deadline = None;
        loop {
            let mut state = self.shared.lock();
            if !state.has_waiting() {
                self.shared.pump(&mut state);
            }
            // Errors first, as the kernel does it.
            state.take_error("receive")?;
            if let Some(datagram) = state.inbox.front() {
                let length = datagram.data.len().min(buffer.len());
                buffer[..length].copy_from_slice(&datagram.data[..length]);
                let from = from_contract(datagram.remote);
                if taking == Taking::Remove {
                    state.inbox.pop_front();
                }
                return Ok((length, from));
            }
            if state.closed {
                return Err(Error::state("receive", "the provider has closed the socket").into());
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
