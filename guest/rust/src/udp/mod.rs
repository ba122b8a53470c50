//! The blocking socket.

mod bursts;
mod multicast;
pub(crate) mod options;
mod receive;
mod send;
mod shared;

use std::sync::Arc;
use std::{fmt, io, net::SocketAddr};

use crate::address::{self, ToSocketAddrs};
use crate::error::Refusal;
use crate::provider::{self, Socket};
use crate::{CreateFlags, Error};
use shared::Shared;

/// A UDP socket with the feel of [`std::net::UdpSocket`].
///
/// The calls are std's, and errors have the [`io::ErrorKind`]s that they have there on Unix (the contract's own code is
/// in reach by [`error_code`](crate::error_code)). What differs:
///
/// - Addresses are given by the crate's own [`ToSocketAddrs`], which knows zones by name and ports without an address.
/// - A datagram sent to the unspecified address goes to loopback, as in Node.
/// - Memberships of multicast groups name any interface ([`join_multicast`](Self::join_multicast)); std's calls are
///   there too. There is no `ttl` to read: the contract does not tell it.
/// - Datagrams are taken from the provider up to 32 at a time and wait in the guest's memory: in a queue that clones
///   share, and that [`wait`](crate::wait) knows of. A program may take and send them in bursts of its own
///   ([`recv_burst`](Self::recv_burst), [`send_burst`](Self::send_burst)).
/// - Connecting again needs no `disconnect` before, as in std; should it fail, the socket is left unconnected.
///
/// ```no_run
/// use datagrant_guest::UdpSocket;
///
/// let socket = UdpSocket::bind("127.0.0.1:34254")?;
/// let mut buffer = [0; 1500];
/// let (length, from) = socket.recv_from(&mut buffer)?;
/// socket.send_to(&buffer[..length], from)?;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// A read or write that its timeout ends answers [`io::ErrorKind::WouldBlock`], as std does on Unix:
///
/// ```no_run
/// # use std::{io, time::Duration};
/// # let socket = datagrant_guest::UdpSocket::bind("127.0.0.1:0")?;
/// socket.set_read_timeout(Some(Duration::from_secs(2)))?;
/// match socket.recv(&mut [0; 1500]) {
///     Err(e) if e.kind() == io::ErrorKind::WouldBlock => println!("no answer in two seconds"),
///     other => println!("{} bytes", other?),
/// }
/// # Ok::<(), io::Error>(())
/// ```
pub struct UdpSocket {
    shared: Arc<Shared>,
}

impl UdpSocket {
    /// A socket bound to the first of the addresses that can be bound; the last error if none can.
    pub fn bind(addresses: impl ToSocketAddrs) -> io::Result<Self> {
        Self::bind_with(addresses, CreateFlags::empty())
    }

    /// [`bind`](Self::bind) for a socket made with the contract's flags: to share a port, or for IPv6 without IPv4.
    pub fn bind_with(addresses: impl ToSocketAddrs, flags: CreateFlags) -> io::Result<Self> {
        address::each(addresses, |local| {
            let raw = provider::create(address::family(&local), flags)?;
            raw.bind(Some(address::to_contract(local)), false)
                .map_err(|code| Error::new("bind", Some(local), code))?;
            Ok(Self::from_raw(raw))
        })
    }

    /// A socket on a port that the host chooses, connected to the first of the addresses that can be: what a client
    /// needs, and the grant to send there is all that it needs. (In std there is no such call: there, a client binds to
    /// an unspecified address first, which works here too, but asks for more where nothing is granted.)
    pub fn connected(addresses: impl ToSocketAddrs) -> io::Result<Self> {
        address::each(addresses, |remote| {
            let remote = address::destination(remote);
            let raw = provider::create(address::family(&remote), CreateFlags::empty())?;
            let socket = Self::from_raw(raw);
            socket.shared.connect(remote)?;
            Ok(socket)
        })
    }

    /// The socket that the host has bound and handed in by this name (`datagrant run --socket NAME=ADDRESS`). Each can be
    /// taken once; [`granted_names`](crate::granted_names) has the names.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] if there is none of this name; [`io::ErrorKind::NotConnected`] (EBADF) if it was
    /// taken before.
    pub fn granted(name: &str) -> io::Result<Self> {
        provider::take(name).map(Self::from_raw)
    }

    /// Connects to the first of the addresses that can be connected to: [`send`](Self::send) goes there, and only
    /// datagrams from there are received. Datagrams of others that were waiting are dropped.
    pub fn connect(&self, addresses: impl ToSocketAddrs) -> io::Result<()> {
        address::each(addresses, |remote| self.shared.connect(address::destination(remote)))
    }

    /// Undoes [`connect`](Self::connect); the local port stays. (In std there is no such call.)
    pub fn disconnect(&self) -> io::Result<()> {
        self.shared.disconnect()
    }

    /// The address that the socket is bound to.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        let local = self.shared.raw.local_address();
        Ok(address::from_contract(
            local.map_err(|code| Error::new("getsockname", None, code))?,
        ))
    }

    /// The address that the socket is connected to.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        let peer = self.shared.lock().peer;
        peer.ok_or_else(|| Error::refused("getpeername", Refusal::NotConnected).into())
    }

    /// Another handle of the same socket: queue, timeouts and connection are shared.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self {
            shared: Arc::clone(&self.shared),
        })
    }

    /// The contract's number for this socket, to wait for and to tell sockets apart.
    pub fn id(&self) -> u32 {
        self.shared.id
    }

    /// Wraps a socket of the contract, bound or not.
    pub fn from_raw(raw: Socket) -> Self {
        Self {
            shared: Arc::new(Shared::new(raw)),
        }
    }

    /// The socket of the contract; datagrams taken from it already are dropped. While there are other clones, the
    /// handle comes back as the error.
    pub fn into_raw(self) -> Result<Socket, Self> {
        Arc::try_unwrap(self.shared)
            .map(|shared| shared.raw)
            .map_err(|shared| Self { shared })
    }

    /// The socket of the contract, for what has no method here. Do not take events from it: they would be missing here.
    pub fn as_raw(&self) -> &Socket {
        &self.shared.raw
    }

    /// Takes from the provider what is there, so that a wait does not end because of it.
    #[cfg(feature = "async")]
    pub(crate) fn take_events(&self) {
        self.shared.pump_if_room(&mut self.shared.lock());
    }

    /// Whether the next receive would return at once with what the guest's memory holds.
    pub(crate) fn has_waiting(&self) -> bool {
        self.shared.lock().has_waiting()
    }
}

impl From<Socket> for UdpSocket {
    fn from(raw: Socket) -> Self {
        Self::from_raw(raw)
    }
}

impl fmt::Debug for UdpSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("UdpSocket");
        if let Ok(local) = self.local_addr() {
            out.field("addr", &local);
        }
        if let Ok(peer) = self.peer_addr() {
            out.field("peer", &peer);
        }
        out.field("id", &self.id()).finish()
    }
}

/// std's sockets are, so this one has to be.
const _: () = {
    const fn send_and_sync<T: Send + Sync>() {}
    send_and_sync::<UdpSocket>()
};

#[cfg(test)]
#[path = "../tests/udp.rs"]
mod tests;
