//! Sending and receiving on the streams of a socket.

use crate::addresses::{from_wasi, to_wasi};
use crate::bindings::datagrant::dgram::types::ErrorCode;
use crate::bindings::net;
use crate::bindings::wasi::clocks::monotonic_clock::subscribe_duration;
use crate::bindings::wasi::io::poll::poll;
use crate::bindings::wasi::sockets::udp::OutgoingDatagram;
use crate::errors::{code, may_be_late};
use crate::state::{Peer, State};
use std::net::SocketAddr;

/// What one call gives at most, whatever the guest asks for: 64 datagrams of 64 KiB are 4 MiB in each component.
pub(crate) const MAX_EVENTS: usize = 64;
/// What a host reads at most in one `receive`, and what it lets through in one `send`.
const BATCH: usize = 16;
/// How many datagrams from others a filtered socket throws away before it gives the guest its turn.
const MAX_DISCARDED: usize = 256;
/// How long and how often what is left is waited for, when it has to be saved: 1 ms when nothing is there.
const SAVE_WAIT_NS: u64 = 1_000_000;
const SAVE_ROUNDS: usize = 4;

impl State {
    /// Reads at most `max` datagrams from the network into the queue of events. Called when that queue is empty, so that
    /// a socket fresh from its bind is not read from (see `parked`) for the sake of its `listening` event.
    pub(crate) fn fill(&mut self, max: usize) {
        let Some((incoming, _)) = &self.streams else {
            return;
        };
        let (mut kept, mut discarded) = (0, 0);
        while kept < max && discarded < MAX_DISCARDED {
            let want = (max - kept).min(BATCH);
            match incoming.receive(want as u64) {
                Ok(list) => {
                    let short = list.len() < want;
                    self.parked = short;
                    for datagram in list {
                        let from = from_wasi(datagram.remote_address);
                        if matches!(self.peer, Peer::Filter(peer) if peer != from) {
                            discarded += 1;
                        } else {
                            self.events.message(datagram.data, from);
                            kept += 1;
                        }
                    }
                    if short {
                        return;
                    }
                }
                // An error behind data in one batch is lost in wasmtime-wasi 48: nothing to be done here.
                Err(e) => {
                    self.parked = false;
                    if self.is_of_peer(e) {
                        self.events.error(code(e));
                        return;
                    }
                    discarded += 1;
                }
            }
        }
    }

    /// Whether an error is to be told. Kernels report an ICMP answer on connected sockets only: on another one it is what a
    /// former peer left behind, and `disconnect` has dropped that.
    fn is_of_peer(&self, error: net::ErrorCode) -> bool {
        matches!(self.peer, Peer::Kernel(_)) || !may_be_late(error)
    }

    /// Keeps what has come so far, before the host's socket or its filter goes.
    ///
    /// Trap avoided: while a receive is parked in the host, `receive` answers what that one has found, which is nothing
    /// before the host has had a turn, however much is in the kernel's buffer. So each round waits a moment.
    pub(crate) fn save(&mut self) {
        for _ in 0..SAVE_ROUNDS {
            let Some((incoming, _)) = &self.streams else { return };
            let ready = poll(&[&incoming.subscribe(), &subscribe_duration(SAVE_WAIT_NS)]);
            self.parked = true;
            if !ready.contains(&0) {
                return;
            }
            self.fill(MAX_EVENTS);
        }
    }

    /// Where a datagram goes, as the host wants it: nothing on a socket that the kernel has connected.
    ///
    /// # Errors
    /// `invalid-state` if a connected socket is given a destination, or an unconnected one none.
    pub(crate) fn route(&self, to: Option<SocketAddr>) -> Result<Option<net::IpSocketAddress>, ErrorCode> {
        match (to, self.peer) {
            (Some(to), Peer::None) | (None, Peer::Filter(to)) => Ok(Some(to_wasi(to))),
            (None, Peer::Kernel(_)) => Ok(None),
            (Some(_), Peer::Kernel(_) | Peer::Filter(_)) | (None, Peer::None) => Err(ErrorCode::InvalidState),
        }
    }

    /// How many of `list` went, and what stopped the rest.
    ///
    /// An error that a send reports may be about an earlier datagram. Then it becomes an event, and the send is tried
    /// once more. If it fails in the same way again, the error is its own and no event.
    pub(crate) fn send(&mut self, mut list: &[OutgoingDatagram]) -> (usize, Option<ErrorCode>) {
        let mut sent = 0;
        let mut late = None;
        while !list.is_empty() {
            let stopped = match self.offer(list) {
                Ok(0) => net::ErrorCode::WouldBlock,
                Ok(n) => {
                    self.tell(late.take());
                    sent += n;
                    list = list.get(n..).unwrap_or_default();
                    continue;
                }
                Err(e) if late.is_none() && may_be_late(e) => {
                    late = Some(e);
                    continue;
                }
                Err(e) => e,
            };
            self.tell(late.filter(|e| *e != stopped));
            return (sent, Some(code(stopped)));
        }
        (sent, None)
    }

    fn tell(&mut self, late: Option<net::ErrorCode>) {
        if let Some(error) = late.filter(|e| self.is_of_peer(*e)) {
            self.events.error(code(error));
        }
    }

    /// Trap avoided: sending more than the last `check-send` permitted traps.
    fn offer(&self, list: &[OutgoingDatagram]) -> Result<usize, net::ErrorCode> {
        let Some((_, outgoing)) = &self.streams else {
            return Err(net::ErrorCode::InvalidState);
        };
        let permitted = usize::try_from(outgoing.check_send()?).unwrap_or(BATCH).min(list.len());
        if permitted == 0 {
            return Ok(0);
        }
        let went = outgoing.send(list.get(..permitted).unwrap_or_default())?;
        Ok(usize::try_from(went).unwrap_or(permitted).min(permitted))
    }
}
