//! send.

use super::event::Event;
use super::flow::Amount;
use super::interface::Found;
use super::judge::Judge;
use super::state::{Bound, State};
use super::{ErrorCode, Socket};
use crate::grants::{Basis, Endpoint, Operation, Send, SendFacts, SendPermit};
use crate::limits::Limit;
use crate::sys::Outgoing;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

impl Socket {
    /// sendto(2), or send(2) on a connected socket. An unbound socket is bound first.
    pub(crate) fn send(&self, data: &[u8], remote: Option<SocketAddr>) -> Result<(), ErrorCode> {
        let mut state = self.lock();
        let descriptor = state.open()?;
        let (target, connected) = self.target(&state, remote)?;
        let now = self.authority.network.now();
        let socket = self.facts(&state, &target, now);
        let found = self.reach(&state, &target, None);
        let permit = self.decide(&mut state, target, socket, &found, now)?;
        self.bind_implicitly(&mut state)?;

        self.hear_also(&mut state, &target)?;
        let amount = self.charge(&mut state, permit.via, &target, (data.len(), 0), now)?;
        let address = self.family().address(target);
        let to = (!connected).then_some(address);
        let sent = if target.is_multicast() {
            let message = Outgoing {
                data,
                to,
                ipv4: target.ip().is_ipv4(),
                segment_size: 0,
                ecn: 0,
                source: self.group_source(&state, &target),
                interface: found.interface.index,
            };
            self.send_once_more(&mut state, || descriptor.send_batch(&[message]).map(drop))
        } else {
            descriptor.with_broadcast(permit.broadcast, || {
                self.send_once_more(&mut state, || descriptor.send(data, to))
            })?
        };
        if let Err(error) = sent {
            self.give_back(&mut state, permit.via, &target, amount);
            return Err(self.failed(&descriptor, Operation::Send, address, error));
        }
        self.authority.traffic.count_sent(1, data.len());

        self.note_written_to(&mut state, target, now);
        Ok(())
    }

    /// Where a datagram goes, and whether that is the connected peer.
    fn target(&self, state: &State, remote: Option<SocketAddr>) -> Result<(Endpoint, bool), ErrorCode> {
        let endpoint = |remote| self.family().endpoint(remote, state.flags.ipv6_only);
        match (remote, state.peer) {
            (Some(remote), None) => Ok((endpoint(remote)?, false)),
            (None, Some(peer)) => Ok((peer, true)),
            // wasi:sockets: "if the socket is connected, a `remote-address` argument _may_ be provided but then it must be
            // identical to the address passed to `connect`"; and what does not fit is `invalid-argument`.
            (Some(remote), Some(peer)) if state.is_told_by_calls() && endpoint(remote) == Ok(peer) => Ok((peer, true)),
            _ if state.is_told_by_calls() => Err(ErrorCode::InvalidArgument),
            _ => Err(ErrorCode::InvalidState),
        }
    }

    /// Asks the grants about a datagram. Where the interface is missing, that is told only of what is permitted.
    pub(super) fn decide(
        &self,
        state: &mut State,
        remote: Endpoint,
        socket: SendFacts,
        found: &Found,
        now: Instant,
    ) -> Result<SendPermit, ErrorCode> {
        let interface = found.interface;
        let judge = Judge::new(&self.authority, state.policy.load());
        let decide = |names: &_| {
            judge.decide(&Send {
                remote,
                socket,
                interface,
                names,
            })
        };
        let permit = judge.with_names(&remote, now, decide)?;
        found.there().map(|_| permit)
    }

    /// The address that an IPv4 datagram to a group is to come from: with an interface named, the kernel would choose anew.
    pub(super) fn group_source(&self, state: &State, target: &Endpoint) -> Option<IpAddr> {
        let bound = state.bound.as_ref().filter(|_| target.ip().is_ipv4())?;
        let local = match state.peer {
            None => bound.local,
            Some(_) => state.descriptor.as_ref()?.local_address().ok()?,
        };
        let ip = local.ip().to_canonical();
        (!ip.is_unspecified() && !ip.is_multicast()).then_some(ip)
    }

    /// A client socket hears from whom it wrote to.
    pub(super) fn note_written_to(&self, state: &mut State, peer: Endpoint, now: Instant) {
        if let Some(bound) = state.bound.as_mut().filter(|bound| bound.is_client()) {
            self.note_peer(bound, peer, Amount::default(), now);
        }
    }

    /// Remembers a peer, and what it sent; others may be forgotten for it.
    pub(super) fn note_peer(&self, bound: &mut Bound, peer: Endpoint, received: Amount, now: Instant) {
        match bound.peers.note(peer, received, now) {
            0 => {}
            forgotten => self.authority.quota.count_exceeded_by(Limit::Peers, forgotten),
        }
    }

    /// What [`decide`](crate::grants::decide) must know of this socket.
    pub(super) fn facts(&self, state: &State, target: &Endpoint, now: Instant) -> SendFacts {
        // What is not bound yet becomes a client socket, or hears from peers only after it was bound.
        let Some(bound) = &state.bound else {
            return SendFacts {
                basis: Basis::Client,
                recent_peer: false,
                link_local_named: false,
                own_address: false,
                broadcast: state.broadcast,
            };
        };
        let recent_peer = !bound.is_client() && bound.peers.within_reply_time(target, now);
        SendFacts {
            basis: bound.basis(),
            recent_peer,
            link_local_named: recent_peer && bound.sources.name_link_local(target),
            // A system call that sends nothing, and only for the rare peer whose port is ours: a spoofed source could
            // otherwise make two servers, or one, answer each other for ever.
            own_address: recent_peer
                && target.port() == bound.local.port()
                && self.authority.network.is_own_address(self.family().address(*target)),
            broadcast: state.broadcast,
        }
    }

    /// An answer of the network to an earlier datagram surfaces in the next call. It is no failure of this send: it is
    /// kept as an event, and the send is tried once more. Who is told by calls learns it here.
    fn send_once_more(&self, state: &mut State, send: impl Fn() -> io::Result<()>) -> io::Result<()> {
        let Err(first) = send() else { return Ok(()) };
        let code = ErrorCode::from(&first);
        if state.peer.is_none() || state.is_told_by_calls() || !code.may_be_asynchronous() {
            return Err(first);
        }
        // Before the retry, so that an error that finds no room is this call's own.
        if state.events.reserve(1).is_err() {
            return Err(first);
        }
        match send() {
            // The same again: the route itself is missing, and nothing was pending.
            Err(second) if second.raw_os_error() == first.raw_os_error() => Err(second),
            result => {
                state.events.push(Event::Error(code));
                result
            }
        }
    }
}
