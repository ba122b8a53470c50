//! One socket: what may be done when, and what the host's socket needs for it.

use crate::addresses::{any, destination, local, to_wasi};
use crate::bindings::datagrant::dgram::types::{ErrorCode, IpAddressFamily, IpSocketAddress};
use crate::bindings::wasi::sockets::udp::{IncomingDatagramStream, OutgoingDatagramStream, UdpSocket};
use crate::errors::code;
use crate::events::Events;
use crate::ports;
use std::net::SocketAddr;

/// How a socket is connected.
#[derive(Clone, Copy)]
pub(crate) enum Peer {
    None,
    /// By the kernel, which tells refusals too.
    Kernel(SocketAddr),
    /// By the adapter, which drops what comes from others.
    Filter(SocketAddr),
}

/// A socket. The order of the fields is the order in which they are dropped. Trap avoided: the streams are children of
/// the socket, and a host traps when a parent goes first.
pub(crate) struct State {
    pub(crate) streams: Option<(IncomingDatagramStream, OutgoingDatagramStream)>,
    /// None: closed.
    udp: Option<UdpSocket>,
    pub(crate) family: IpAddressFamily,
    /// Where it was bound, if it was.
    local: Option<SocketAddr>,
    pub(crate) peer: Peer,
    /// Whether the host may have a receive under way in the background: since a receive that found nothing, or a wait.
    /// Trap avoided: such a receive outlives its stream for a moment and nothing tells when it has ended. Until then
    /// making the streams again traps ("`connect` needs exclusive access"), and the port stays taken.
    pub(crate) parked: bool,
    pub(crate) events: Events,
}

impl State {
    pub(crate) fn new(family: IpAddressFamily) -> Result<Self, ErrorCode> {
        Ok(Self {
            streams: None,
            udp: Some(ports::create(family)?),
            family,
            local: None,
            peer: Peer::None,
            parked: false,
            events: Events::default(),
        })
    }

    /// The host's socket, unless this one is closed.
    pub(crate) fn udp(&self) -> Result<&UdpSocket, ErrorCode> {
        self.udp.as_ref().ok_or(ErrorCode::InvalidState)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.udp.is_none()
    }

    pub(crate) fn remote(&self) -> Option<SocketAddr> {
        match self.peer {
            Peer::None => None,
            Peer::Kernel(at) | Peer::Filter(at) => Some(at),
        }
    }

    pub(crate) fn local_address(&self) -> Result<SocketAddr, ErrorCode> {
        let udp = self.udp()?;
        self.local.ok_or(ErrorCode::InvalidState)?;
        ports::at(udp)
    }

    pub(crate) fn bind(&mut self, to: Option<IpSocketAddress>) -> Result<SocketAddr, ErrorCode> {
        let udp = self.udp()?;
        if self.local.is_some() {
            return Err(ErrorCode::InvalidState);
        }
        let to = match to {
            Some(address) => local(address, self.family)?,
            None => any(self.family),
        };
        self.events.reserve(1)?;
        let at = ports::bind(udp, to, self.family)?;
        self.streams = Some(udp.stream(None).map_err(code)?);
        self.local = Some(at);
        self.events.listening(at);
        Ok(at)
    }

    pub(crate) fn ensure_bound(&mut self) -> Result<(), ErrorCode> {
        match self.local {
            Some(_) => Ok(()),
            None => self.bind(None).map(|_| ()),
        }
    }

    /// Connects in the kernel while no receive can be parked in the host, later by filter (see `parked`).
    pub(crate) fn connect(&mut self, to: IpSocketAddress) -> Result<SocketAddr, ErrorCode> {
        self.udp()?;
        if self.remote().is_some() {
            return Err(ErrorCode::InvalidState);
        }
        let to = destination(to, self.family)?;
        self.events.reserve(2)?; // `listening` and `connect`
        self.ensure_bound()?;
        if self.parked {
            self.peer = Peer::Filter(to);
        } else {
            self.stream(Some(to))?;
            self.peer = Peer::Kernel(to);
        }
        // "Datagrams from others that were waiting are dropped"; those in the kernel's buffer are by the host.
        self.events.forget_messages_but_from(to);
        self.events.connect(to);
        self.local_address()
    }

    pub(crate) fn disconnect(&mut self) -> Result<(), ErrorCode> {
        self.udp()?;
        match self.peer {
            Peer::None => return Err(ErrorCode::InvalidState),
            // What others sent in the meantime must not be told afterwards: it goes while the filter is still there.
            Peer::Filter(_) => self.save(),
            Peer::Kernel(_) => {
                let result = if self.parked { self.replace() } else { self.stream(None) };
                if let Err(e) = result {
                    // Neither connected nor not: of no more use.
                    self.end();
                    self.events.close();
                    return Err(e);
                }
            }
        }
        self.peer = Peer::None;
        Ok(())
    }

    /// Makes the streams again, for `to` or for everybody. The old ones go first, or the host traps.
    fn stream(&mut self, to: Option<SocketAddr>) -> Result<(), ErrorCode> {
        self.streams = None;
        let made = self.udp()?.stream(to.map(to_wasi)).map_err(code);
        if made.is_err() && to.is_some() {
            self.streams = self.udp()?.stream(None).ok(); // unconnected, as it was
        }
        self.streams = Some(made?);
        Ok(())
    }

    /// Another socket of the host at the same address, unconnected. What arrives in between is lost.
    fn replace(&mut self) -> Result<(), ErrorCode> {
        self.save();
        let at = self.local.ok_or(ErrorCode::InvalidState)?;
        let old = self.udp()?;
        let settings = (
            old.unicast_hop_limit(),
            old.receive_buffer_size(),
            old.send_buffer_size(),
        );
        let new = ports::create(self.family)?;
        self.end();
        ports::bind_again(&new, at)?;
        // What cannot be read or set again stays at the host's default.
        if let Ok(hops) = settings.0 {
            let _ = new.set_unicast_hop_limit(hops);
        }
        if let Ok(bytes) = settings.1 {
            let _ = new.set_receive_buffer_size(bytes);
        }
        if let Ok(bytes) = settings.2 {
            let _ = new.set_send_buffer_size(bytes);
        }
        let streams = new.stream(None).map_err(code)?;
        self.udp = Some(new);
        self.streams = Some(streams);
        self.parked = false;
        Ok(())
    }

    /// Idempotent. The port is free when this returns.
    pub(crate) fn close(&mut self) {
        if self.is_closed() {
            return;
        }
        self.end();
        if let Some(at) = self.local
            && self.parked
        {
            ports::wait_until_free(at, self.family);
        }
        self.events.close();
    }

    /// Gives up the host's socket. Dropping the outgoing stream waits for a send that the host has queued.
    fn end(&mut self) {
        self.streams = None;
        self.udp = None;
        self.peer = Peer::None;
    }
}
