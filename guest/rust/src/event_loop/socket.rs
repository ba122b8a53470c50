//! The socket of the loop: its handle and its state.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::{fmt, io, net::SocketAddr};

use super::core::Core;
use super::handlers::Handlers;
use super::lifecycle::Deferred;
use super::options::Settings;
use super::sends::SendQueue;
use super::{EventLoop, Raw};
use crate::address::{AddressInfo, from_contract};
use crate::error::Refusal;
use crate::exchange::Exchange;
use crate::inbox::Inbox;
use crate::{Error, ErrorCode, Family};

/// A socket of an [`EventLoop`]; see the [module](super). Clones are handles of the same socket.
#[derive(Clone)]
pub struct Socket(Rc<Inner>);

pub(super) struct Inner {
    core: Weak<Core>,
    id: u32,
    pub settings: Settings,
    pub exchange: Exchange,
    /// Until it is closed.
    raw: RefCell<Option<Raw>>,
    pub phase: Cell<Phase>,
    pub bound: Cell<bool>,
    /// The name to bind to is being looked up.
    pub binding: Cell<bool>,
    /// What waits for that.
    pub deferred: RefCell<Vec<Deferred>>,
    pub peer: Cell<Option<SocketAddr>>,
    /// `connect` was called, and has not ended.
    pub connecting: Cell<bool>,
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

/// A handle that does not keep its socket alive.
#[derive(Clone)]
pub(super) struct WeakSocket(Weak<Inner>);

impl WeakSocket {
    pub fn upgrade(&self) -> Option<Socket> {
        self.0.upgrade().map(Socket)
    }
}

impl Socket {
    pub(super) fn adopt(core: &Rc<Core>, raw: Raw, settings: Settings) -> Self {
        let bound = raw.local_address().is_ok();
        let socket = Self(Rc::new(Inner {
            core: Rc::downgrade(core),
            id: raw.id(),
            settings,
            exchange: Exchange::new(&raw),
            phase: Cell::new(Phase::Open),
            bound: Cell::new(bound),
            binding: Cell::new(false),
            deferred: RefCell::default(),
            peer: Cell::new(raw.remote_address().ok().map(from_contract)),
            connecting: Cell::new(false),
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

    /// The address that the socket is bound to. On a socket that is not bound: EBADF.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.with_raw("getsockname", None, Raw::local_address)
            .map(from_contract)
    }

    /// [`local_addr`](Self::local_addr) as Node's `address` tells it: with family, and with the zone by name.
    pub fn address(&self) -> io::Result<AddressInfo> {
        self.local_addr().map(AddressInfo::from)
    }

    /// The address that the socket is connected to.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.check_open("getpeername")?;
        let peer = self.0.peer.get();
        peer.ok_or_else(|| Error::refused("getpeername", Refusal::NotConnected).into())
    }

    /// [`peer_addr`](Self::peer_addr) as Node's `remoteAddress` tells it: with family, and with the zone by name.
    pub fn remote_address(&self) -> io::Result<AddressInfo> {
        self.peer_addr().map(AddressInfo::from)
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

    pub(super) fn downgrade(&self) -> WeakSocket {
        WeakSocket(Rc::downgrade(&self.0))
    }

    pub(super) fn core(&self) -> io::Result<Rc<Core>> {
        let core = self.0.core.upgrade();
        core.ok_or_else(|| Error::refused("socket", Refusal::LoopGone).into())
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
    Error::refused(operation, Refusal::Closed).into()
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("id", &self.0.id).finish_non_exhaustive()
    }
}
