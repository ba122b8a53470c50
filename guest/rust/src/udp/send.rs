//! Sending: at once, or after waiting for room.

use std::io::{self, IoSlice};
use std::{net::SocketAddr, time::Duration};

use super::UdpSocket;
use super::shared::{Deadline, Direction};
use crate::address::{Endpoint, destination, fitting, same_peer, to_contract};
use crate::error::Refusal;
use crate::{Error, ErrorCode, Payload, ToSocketAddrs};

impl UdpSocket {
    /// Sends `data` as one datagram to the first of the addresses that is of the socket's family; waits while a name is
    /// looked up. No address and an unspecified one mean loopback. On a connected socket no other address than its
    /// peer's will do.
    pub fn send_to(&self, data: &[u8], addresses: impl ToSocketAddrs) -> io::Result<usize> {
        let remote = self.one(addresses)?;
        let peer = self.shared.lock().peer;
        match peer {
            None => {}
            Some(peer) if same_peer(&peer, &remote) => return self.transmit(data, None),
            Some(_) => {
                return Err(Error::refused_for("send", Refusal::ConnectedElsewhere, remote).into());
            }
        }
        self.transmit(data, Some(remote))
    }

    /// Sends `data` as one datagram to the address that the socket is connected to.
    pub fn send(&self, data: &[u8]) -> io::Result<usize> {
        if self.shared.lock().peer.is_none() {
            return Err(Error::refused("send", Refusal::NotConnected).into());
        }
        self.transmit(data, None)
    }

    /// [`send_to`](Self::send_to) of several slices, as one datagram.
    pub fn send_to_vectored(&self, data: &[IoSlice<'_>], addresses: impl ToSocketAddrs) -> io::Result<usize> {
        self.send_to(&data.payload(), addresses)
    }

    /// [`send`](Self::send) of several slices, as one datagram.
    pub fn send_vectored(&self, data: &[IoSlice<'_>]) -> io::Result<usize> {
        self.send(&data.payload())
    }

    fn one(&self, addresses: impl ToSocketAddrs) -> io::Result<SocketAddr> {
        let family = self.shared.exchange.family;
        let literal = addresses.endpoint()?.literal("send", family);
        let address = literal.unwrap_or_else(|(name, port)| {
            fitting("send", &Endpoint::Name(name, port).resolve(Some(family))?, family)
        })?;
        Ok(destination(address))
    }

    fn transmit(&self, data: &[u8], remote: Option<SocketAddr>) -> io::Result<usize> {
        let mut patience = self.begin_send()?;
        loop {
            match self.shared.raw.send(data, remote.map(to_contract)) {
                Ok(()) => return Ok(data.len()),
                Err(ErrorCode::WouldBlock) => self.wait_for_room(&mut patience)?,
                Err(code) => return Err(Error::new("send", remote.or(patience.peer), code).into()),
            }
        }
    }

    /// Before a send: an asynchronous error that nobody was told of is told now.
    pub(super) fn begin_send(&self) -> io::Result<Patience> {
        let mut state = self.shared.lock();
        // Only a connected socket is told of refusals, which are events: look, so that this send tells of the last one.
        if state.peer.is_some() {
            self.shared.pump_if_room(&mut state);
        }
        state.take_error("send")?;
        Ok(Patience {
            nonblocking: state.nonblocking,
            timeout: state.write_timeout,
            deadline: None,
            peer: state.peer,
        })
    }

    pub(super) fn wait_for_room(&self, patience: &mut Patience) -> io::Result<()> {
        if patience.nonblocking {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        // A pending `listening` of an implicit bind would end the wait at once.
        self.shared.pump_if_room(&mut self.shared.lock());
        let timeout = patience.timeout;
        let deadline = patience.deadline.get_or_insert_with(|| Deadline::after(timeout));
        self.shared.wait(Direction::Send, deadline)
    }
}

/// How long a send may wait for room, from its first wait on.
pub(super) struct Patience {
    nonblocking: bool,
    timeout: Option<Duration>,
    deadline: Option<Deadline>,
    pub peer: Option<SocketAddr>,
}
