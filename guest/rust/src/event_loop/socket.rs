//! The socket of the loop: its handle, its state, and the calls that change it.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::{fmt, io, net::SocketAddr};

use super::core::{Core, Task};
use super::handlers::Handlers;
use super::sends::SendQueue;
use super::{EventLoop, Raw};
use crate::address::{self, ToSocketAddrs, from_contract, to_contract};
use crate::exchange::Exchange;
use crate::inbox::Inbox;
use crate::udp::options::hops;
use crate::{Error, ErrorCode, Family};

/// A socket of an [`EventLoop`]; see the [module](super). Clones are handles of the same socket.
#[derive(Clone)]
pub struct Socket(Rc<Inner>);

pub(super) struct Inner {
    core: Weak<Core>,
    id: u32,
    pub exchange: Exchange,
    /// Until it is closed.
    raw: RefCell<Option<Raw>>,
    pub phase: Cell<Phase>,
    pub bound: Cell<bool>,
    pub peer: Cell<Option<SocketAddr>>,
    referenced: Cell<bool>,
    pub handlers: Handlers,
    pub sends: SendQueue,
    /// There is room to send what is queued.
    pub writable: Cell<bool>,
    /// The provider may have events.
    pub ready: Cell<bool>,
    /// One of them follows from a call of the guest's own: the loop does not end before it.
    pub expecting: Cell<bool>,
    /// Taken from the provider, not delivered yet.
    pub pending: RefCell<Inbox>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Phase {
    Open,
    /// Until the provider's `close` event.
    Closing,
    Closed,
}

impl Socket {
    pub(super) fn adopt(core: &Rc<Core>, raw: Raw) -> Self {
        let bound = raw.local_address().is_ok();
        let socket = Self(Rc::new(Inner {
            core: Rc::downgrade(core),
            id: raw.id(),
            exchange: Exchange::new(&raw),
            phase: Cell::new(Phase::Open),
            bound: Cell::new(bound),
            peer: Cell::new(raw.remote_address().ok().map(from_contract)),
            referenced: Cell::new(true),
            handlers: Handlers::default(),
            sends: SendQueue::default(),
            writable: Cell::new(false),
            ready: Cell::new(bound),
            expecting: Cell::new(false),
            pending: RefCell::default(),
            raw: RefCell::new(Some(raw)),
        }));
        if bound {
            core.hold(&socket);
        }
        socket
    }

    /// Binds the socket to the first of the addresses that is of its family. Then comes
    /// [`on_listening`](Self::on_listening), or an error event.
    pub fn bind(&self, addresses: impl ToSocketAddrs) -> io::Result<()> {
        self.check_open("bind")?;
        if self.0.bound.get() {
            return Err(Error::state("bind", "the socket is bound already").into());
        }
        let result = address::first(addresses, self.family())
            .and_then(|local| self.with_raw("bind", Some(local), |raw| raw.bind(Some(to_contract(local)), false)));
        match result {
            Ok(_) => self.expect_event(),
            Err(error) => self.core()?.owe(Task::Failed(self.clone(), error)),
        }
        self.note_implicit_bind();
        Ok(())
    }

    /// Connects the socket to the first of the addresses that is of its family: only datagrams from there are received,
    /// and [`send_connected`](Self::send_connected) goes there. Binds it to a free port first if it is not bound. Then
    /// comes [`on_connect`](Self::on_connect), or an error event. An unspecified address means loopback.
    pub fn connect(&self, addresses: impl ToSocketAddrs) -> io::Result<()> {
        self.check_open("connect")?;
        if self.0.peer.get().is_some() {
            return Err(Error::state("connect", "the socket is connected already").into());
        }
        let result = address::first(addresses, self.family()).and_then(|remote| {
            let remote = address::destination(remote);
            self.with_raw("connect", Some(remote), |raw| {
                raw.connect(to_contract(remote))?;
                Ok(raw.remote_address().map_or(remote, from_contract))
            })
        });
        match result {
            Ok(peer) => {
                self.0.peer.set(Some(peer));
                // Datagrams of others are dropped in the provider; these were taken from it already.
                self.0.pending.borrow_mut().keep_only(peer);
                self.expect_event();
            }
            Err(error) => self.core()?.owe(Task::Failed(self.clone(), error)),
        }
        self.note_implicit_bind();
        Ok(())
    }

    /// Undoes [`connect`](Self::connect); the local port stays.
    pub fn disconnect(&self) -> io::Result<()> {
        self.check_open("disconnect")?;
        if self.0.peer.get().is_none() {
            return Err(Error::state("disconnect", "the socket is not connected").into());
        }
        self.with_raw("disconnect", None, |raw| raw.disconnect())?;
        self.0.peer.set(None);
        Ok(())
    }

    /// Closes the socket: no message and no error comes any more, [`on_close`](Self::on_close) comes when the port is
    /// free. Datagrams that are still queued do not go. Closing again is an error.
    pub fn close(&self) -> io::Result<()> {
        self.check_open("close")?;
        self.0.phase.set(Phase::Closing);
        self.with_raw("close", None, |raw| {
            raw.close();
            Ok(())
        })?;
        self.0.pending.borrow_mut().clear();
        self.cancel_sends();
        self.expect_event();
        Ok(())
    }

    /// The loop need not go on for this socket.
    pub fn unref(&self) -> &Self {
        self.0.referenced.set(false);
        self
    }

    /// The loop goes on for this socket while it is bound, as at first: undoes [`unref`](Self::unref). (Node's `ref`,
    /// which is a keyword here.)
    pub fn re_ref(&self) -> &Self {
        self.0.referenced.set(true);
        self
    }

    /// Whether the loop goes on for this socket while it is bound.
    pub fn has_ref(&self) -> bool {
        self.0.referenced.get()
    }

    /// The address that the socket is bound to (Node's `address`).
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.with_raw("local address", None, Raw::local_address)
            .map(from_contract)
    }

    /// The address that the socket is connected to (Node's `remoteAddress`).
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.check_open("peer address")?;
        let peer = self.0.peer.get();
        peer.ok_or_else(|| Error::state("peer address", "the socket is not connected").into())
    }

    /// Whether datagrams may go to broadcast addresses. That needs a broadcast grant too, which a send is judged by.
    pub fn set_broadcast(&self, on: bool) -> io::Result<()> {
        self.with_raw("set broadcast", None, |raw| raw.set_broadcast(on))
    }

    /// The number of hops that datagrams may take: 1 to 255.
    pub fn set_ttl(&self, ttl: u32) -> io::Result<()> {
        let hops = hops(ttl)?;
        self.with_raw("set ttl", None, |raw| raw.set_ttl(hops))
    }

    /// The size of the kernel's receive buffer in bytes. Linux tells double of what was set.
    pub fn receive_buffer_bytes(&self) -> io::Result<u32> {
        self.with_raw("receive buffer size", None, Raw::receive_buffer_bytes)
    }

    /// Asks for a receive buffer of that many bytes.
    pub fn set_receive_buffer_bytes(&self, bytes: u32) -> io::Result<()> {
        self.with_raw("set receive buffer size", None, |raw| {
            raw.set_receive_buffer_bytes(bytes)
        })
    }

    /// The size of the kernel's send buffer in bytes. Linux tells double of what was set.
    pub fn send_buffer_bytes(&self) -> io::Result<u32> {
        self.with_raw("send buffer size", None, Raw::send_buffer_bytes)
    }

    /// Asks for a send buffer of that many bytes.
    pub fn set_send_buffer_bytes(&self, bytes: u32) -> io::Result<()> {
        self.with_raw("set send buffer size", None, |raw| raw.set_send_buffer_bytes(bytes))
    }

    /// The address family that it was made for.
    pub fn family(&self) -> Family {
        self.0.exchange.family
    }

    /// The contract's number for this socket.
    pub fn id(&self) -> u32 {
        self.0.id
    }

    /// The loop of this socket, unless its last handle is gone. A callback that needs it takes it from here: a clone
    /// in the callback would keep the loop and itself alive.
    pub fn event_loop(&self) -> Option<EventLoop> {
        self.0.core.upgrade().map(|core| EventLoop { core })
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.0
    }

    pub(super) fn core(&self) -> io::Result<Rc<Core>> {
        self.0
            .core
            .upgrade()
            .ok_or_else(|| Error::state("socket", "its event loop is gone").into())
    }

    pub(super) fn is_open(&self) -> bool {
        self.0.phase.get() == Phase::Open
    }

    pub(super) fn check_open(&self, operation: &'static str) -> io::Result<()> {
        if self.is_open() { Ok(()) } else { Err(closed(operation)) }
    }

    pub(super) fn with_raw<T>(
        &self,
        operation: &'static str,
        address: Option<SocketAddr>,
        call: impl FnOnce(&Raw) -> Result<T, ErrorCode>,
    ) -> io::Result<T> {
        match &*self.0.raw.borrow() {
            Some(raw) => call(raw).map_err(|code| Error::new(operation, address, code).into()),
            None => Err(closed(operation)),
        }
    }

    /// After its `close` event: nothing of the contract is left to do with it.
    pub(super) fn drop_raw(&self) {
        let raw = self.0.raw.take();
        drop(raw);
    }

    /// A call has made an event, which is there already or comes: the loop holds the socket until then.
    pub(super) fn expect_event(&self) {
        self.0.ready.set(true);
        self.0.expecting.set(true);
        self.hold();
    }

    /// Sends and connects bind first, even where they fail then.
    pub(super) fn note_implicit_bind(&self) {
        if !self.0.bound.get() && self.with_raw("", None, Raw::local_address).is_ok() {
            self.0.bound.set(true);
            self.expect_event();
        }
    }

    /// Without a loop there is nobody to hold it, and nobody to wait for its events.
    pub(super) fn hold(&self) {
        if let Some(core) = self.0.core.upgrade() {
            core.hold(self);
        }
    }

    pub(super) fn keeps_loop(&self) -> bool {
        self.0.phase.get() == Phase::Closing
            || self.0.expecting.get()
            || self.send_queue_count() > 0
            || (self.0.bound.get() && self.0.referenced.get())
    }
}

fn closed(operation: &'static str) -> io::Error {
    Error::state(operation, "the socket is closed").into()
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("id", &self.0.id).finish_non_exhaustive()
    }
}
