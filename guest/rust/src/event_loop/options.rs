//! What a socket is created with, and what ends it from outside.

use std::cell::{Cell, RefCell};
use std::net::IpAddr;
use std::rc::Rc;
use std::{fmt, io};

use super::names::{OwnLookup, Reply};
use super::socket::WeakSocket;
use super::{Raw, Socket};
use crate::{BlockList, CreateFlags, Error, Family, provider};

/// The options of Node's `createSocket`, for [`EventLoop::socket_with`](super::EventLoop::socket_with).
///
/// ```no_run
/// use datagrant_guest::{BlockList, EventLoop, Family, event_loop::SocketOptions};
///
/// let mut strangers = BlockList::new();
/// strangers.add_subnet("192.0.2.0".parse().unwrap(), 24)?;
/// let options = SocketOptions::new(Family::Ipv6).ipv6_only().receive_block_list(strangers);
/// let socket = EventLoop::new().socket_with(options)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use]
pub struct SocketOptions {
    family: Family,
    flags: CreateFlags,
    receive_buffer_bytes: Option<u32>,
    send_buffer_bytes: Option<u32>,
    signal: Option<AbortSignal>,
    settings: Settings,
}

#[derive(Default)]
pub(super) struct Settings {
    pub exclusive: bool,
    pub lookup: Option<OwnLookup>,
    pub receive_block_list: BlockList,
    pub send_block_list: BlockList,
}

impl SocketOptions {
    /// None but the family (Node's `type`: `udp4` or `udp6`).
    pub fn new(family: Family) -> Self {
        Self {
            family,
            flags: CreateFlags::empty(),
            receive_buffer_bytes: None,
            send_buffer_bytes: None,
            signal: None,
            settings: Settings::default(),
        }
    }

    /// Shares its address with other sockets that do so too (`reuseAddr`). Needs a grant that says `shared`.
    pub fn reuse_address(mut self) -> Self {
        self.flags |= CreateFlags::REUSE_ADDRESS;
        self
    }

    /// Shares its port, and the kernel spreads datagrams over the sharers (`reusePort`). It is
    /// [`exclusive`](Self::exclusive) by that, and needs a grant that says `shared`.
    pub fn reuse_port(mut self) -> Self {
        self.flags |= CreateFlags::REUSE_PORT;
        self.exclusive()
    }

    /// No IPv4 on an IPv6 socket (`ipv6Only`).
    pub fn ipv6_only(mut self) -> Self {
        self.flags |= CreateFlags::IPV6_ONLY;
        self
    }

    /// Keeps the port that it is bound to from the other workers of a service (`exclusive` of Node's `bind`).
    pub fn exclusive(mut self) -> Self {
        self.settings.exclusive = true;
        self
    }

    /// The size of the kernel's receive buffer in bytes (`recvBufferSize`).
    pub fn receive_buffer_bytes(mut self, bytes: u32) -> Self {
        self.receive_buffer_bytes = Some(bytes);
        self
    }

    /// The size of the kernel's send buffer in bytes (`sendBufferSize`).
    pub fn send_buffer_bytes(mut self, bytes: u32) -> Self {
        self.send_buffer_bytes = Some(bytes);
        self
    }

    /// Looks names up in place of the contract's `name-lookup` (`lookup`): is given the name, the family and where to put
    /// the answer. Numeric addresses and `localhost` are not looked up, by it neither.
    ///
    /// ```no_run
    /// use datagrant_guest::{EventLoop, Family, event_loop::SocketOptions};
    ///
    /// let hosts = |name: &str, _, reply: datagrant_guest::event_loop::Reply| match name {
    ///     "printer" => reply.answer(Ok("192.0.2.7".parse().unwrap())),
    ///     _ => reply.answer(Err(std::io::ErrorKind::NotFound.into())),
    /// };
    /// let socket = EventLoop::new().socket_with(SocketOptions::new(Family::Ipv4).lookup(hosts))?;
    /// socket.send("hello", "printer:9100")?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn lookup(mut self, lookup: impl Fn(&str, Family, Reply) + 'static) -> Self {
        self.settings.lookup = Some(Rc::new(lookup));
        self
    }

    /// Closes the socket when the signal is aborted, at once if it is already (`signal`).
    pub fn signal(mut self, signal: &AbortSignal) -> Self {
        self.signal = Some(signal.clone());
        self
    }

    /// What comes from these addresses is dropped without a word (`receiveBlockList`).
    pub fn receive_block_list(mut self, list: BlockList) -> Self {
        self.settings.receive_block_list = list;
        self
    }

    /// Sends and connects to these addresses fail (`sendBlockList`), as ERR_IP_BLOCKED.
    pub fn send_block_list(mut self, list: BlockList) -> Self {
        self.settings.send_block_list = list;
        self
    }

    pub(super) fn create(self, adopt: impl FnOnce(Raw, Settings) -> Socket) -> io::Result<Socket> {
        let raw = provider::create(self.family, self.flags)?;
        if let Some(bytes) = self.receive_buffer_bytes {
            let result = raw.set_receive_buffer_bytes(bytes);
            result.map_err(|code| Error::new("uv_recv_buffer_size", None, code))?;
        }
        if let Some(bytes) = self.send_buffer_bytes {
            let result = raw.set_send_buffer_bytes(bytes);
            result.map_err(|code| Error::new("uv_send_buffer_size", None, code))?;
        }
        let socket = adopt(raw, self.settings);
        if let Some(signal) = self.signal {
            signal.closes(&socket);
        }
        Ok(socket)
    }
}

impl fmt::Debug for SocketOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketOptions")
            .field("family", &self.family)
            .field("flags", &self.flags)
            .field("exclusive", &self.settings.exclusive)
            .finish_non_exhaustive()
    }
}

impl Settings {
    pub fn hears(&self, address: IpAddr) -> bool {
        self.receive_block_list.is_empty() || !self.receive_block_list.contains(address)
    }
}

/// Closes the sockets that were created with it, all at once (Node's `AbortController` with its signal). Clones are the
/// same signal.
///
/// ```no_run
/// use std::time::Duration;
/// use datagrant_guest::{EventLoop, Family, event_loop::{AbortSignal, SocketOptions}};
///
/// let (events, signal) = (EventLoop::new(), AbortSignal::new());
/// let socket = events.socket_with(SocketOptions::new(Family::Ipv4).signal(&signal))?;
/// socket.bind(41234)?;
/// events.set_timeout(Duration::from_secs(60), move || signal.abort());
/// events.run()?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct AbortSignal(Rc<Signal>);

#[derive(Default)]
struct Signal {
    aborted: Cell<bool>,
    sockets: RefCell<Vec<WeakSocket>>,
}

impl AbortSignal {
    /// Not aborted yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Closes the sockets that are open; those that come with this signal later are closed at once. Again: nothing.
    pub fn abort(&self) {
        self.0.aborted.set(true);
        for socket in self.0.sockets.take() {
            if let Some(socket) = socket.upgrade() {
                socket.dispose();
            }
        }
    }

    /// Whether it was aborted.
    pub fn aborted(&self) -> bool {
        self.0.aborted.get()
    }

    fn closes(&self, socket: &Socket) {
        if self.aborted() {
            return socket.dispose();
        }
        let mut sockets = self.0.sockets.borrow_mut();
        sockets.retain(|socket| socket.upgrade().is_some_and(|socket| socket.is_open()));
        sockets.push(socket.downgrade());
    }
}

impl fmt::Debug for AbortSignal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbortSignal")
            .field("aborted", &self.aborted())
            .finish_non_exhaustive()
    }
}
