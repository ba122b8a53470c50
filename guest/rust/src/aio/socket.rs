//! The socket.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use super::names::resolved;
use super::waiters::Waiters;
use super::{Events, ready_to_receive, ready_to_send};
use crate::burst::{Burst, SendBurst, Sent};
use crate::{CreateFlags, ToSocketAddrs};

/// A UDP socket whose calls are futures: [`crate::UdpSocket`], told not to block, with waits that let other tasks go on.
///
/// Clones are the same socket. Several tasks may receive on it, each datagram goes to one of them, and several may send.
/// Names in addresses are looked up; everything else about addresses, errors and queues is as there.
///
/// ```no_run
/// use datagrant_guest::aio::UdpSocket;
///
/// # async fn example() -> std::io::Result<()> {
/// let socket = UdpSocket::connected("127.0.0.1:41234").await?; // --allow-send 127.0.0.1:41234
/// socket.send(b"hello").await?;
/// let mut buffer = [0; 1500];
/// let length = socket.recv(&mut buffer).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct UdpSocket(Arc<Inner>);

struct Inner {
    socket: crate::UdpSocket,
    waiters: Waiters,
}

impl UdpSocket {
    /// A socket bound to the first of the addresses that can be bound; the last error if none can.
    pub async fn bind(addresses: impl ToSocketAddrs) -> io::Result<Self> {
        Self::bind_with(addresses, CreateFlags::empty()).await
    }

    /// [`bind`](Self::bind) for a socket made with the contract's flags: to share a port, or for IPv6 without IPv4.
    pub async fn bind_with(addresses: impl ToSocketAddrs, flags: CreateFlags) -> io::Result<Self> {
        let addresses = resolved(addresses, None).await?;
        crate::UdpSocket::bind_with(addresses, flags)?.try_into()
    }

    /// A socket on a port that the host chooses, connected to the first of the addresses that can be: what a client needs,
    /// and the grant to send there is all that it needs.
    pub async fn connected(addresses: impl ToSocketAddrs) -> io::Result<Self> {
        let addresses = resolved(addresses, None).await?;
        crate::UdpSocket::connected(addresses)?.try_into()
    }

    /// Connects to the first of the addresses that can be connected to. Datagrams of others that were waiting are dropped.
    pub async fn connect(&self, addresses: impl ToSocketAddrs) -> io::Result<()> {
        let family = self.socket().as_raw().family();
        self.socket().connect(resolved(addresses, Some(family)).await?)
    }

    /// Undoes [`connect`](Self::connect); the local port stays.
    pub fn disconnect(&self) -> io::Result<()> {
        self.socket().disconnect()
    }

    /// Receives a datagram: its length, and who sent it. What does not fit `buffer` is cut off and lost, as with recvfrom(2).
    pub async fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.receive(|socket| socket.recv_from(buffer)).await
    }

    /// Receives a datagram, on a connected socket only from its peer.
    pub async fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.receive(|socket| socket.recv(buffer)).await
    }

    /// [`recv_from`](Self::recv_from), leaving the datagram where it is.
    pub async fn peek_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.receive(|socket| socket.peek_from(buffer)).await
    }

    /// Receives what is there, at most `max` headers, with one call; waits while nothing is there.
    pub async fn recv_burst(&self, max: usize) -> io::Result<Burst> {
        self.receive(|socket| socket.recv_burst(max)).await
    }

    /// Sends `data` as one datagram to the first of the addresses, and waits for room in the kernel's buffer where there is
    /// none.
    pub async fn send_to(&self, data: &[u8], addresses: impl ToSocketAddrs) -> io::Result<usize> {
        let family = self.socket().as_raw().family();
        let address = resolved(addresses, Some(family)).await?;
        self.with_room(|socket| socket.send_to(data, &address)).await
    }

    /// Sends `data` as one datagram to the address that the socket is connected to; waits for room as
    /// [`send_to`](Self::send_to).
    pub async fn send(&self, data: &[u8]) -> io::Result<usize> {
        self.with_room(|socket| socket.send(data)).await
    }

    /// Sends the datagrams of `burst` in order; waits for room as [`send_to`](Self::send_to). Dropping the future leaves the
    /// rest unsent.
    pub async fn send_burst(&self, burst: &SendBurst) -> io::Result<Sent> {
        let mut from = Sent::default();
        self.with_room(|socket| {
            let result = socket.send_burst_from(burst, from);
            if let Err(error) = &result {
                from = crate::burst::sent(error).unwrap_or(from);
            }
            result
        })
        .await
    }

    /// What happens on the socket, from now on: datagrams, errors, its end. It has a clone of the socket; other receivers
    /// may take datagrams beside it.
    ///
    /// ```no_run
    /// use datagrant_guest::aio::{Event, UdpSocket};
    /// use futures_core::Stream;
    /// use std::future::poll_fn;
    /// use std::pin::Pin;
    ///
    /// # async fn example(socket: UdpSocket) -> std::io::Result<()> {
    /// let mut events = socket.events();
    /// // `StreamExt::next` of the crate futures is this line.
    /// while let Some(event) = poll_fn(|cx| Pin::new(&mut events).poll_next(cx)).await {
    ///     match event {
    ///         Event::Message { data, from } => println!("{} bytes from {from}", data.len()),
    ///         Event::Error(error) => eprintln!("{error}"),
    ///         Event::Close => println!("closed"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn events(&self) -> Events {
        Events::of(self.clone())
    }

    /// Closes the socket for all clones; its port is free at once, and whoever waits for it gets an error.
    pub fn close(&self) {
        self.socket().as_raw().close();
        self.0.waiters.wake();
    }

    /// The address that the socket is bound to.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket().local_addr()
    }

    /// The address that the socket is connected to.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.socket().peer_addr()
    }

    /// The socket below, for its options, multicast, and all that never waits. It answers
    /// [`io::ErrorKind::WouldBlock`] where it would.
    pub fn socket(&self) -> &crate::UdpSocket {
        &self.0.socket
    }

    async fn receive<T>(&self, attempt: impl FnMut(&crate::UdpSocket) -> io::Result<T>) -> io::Result<T> {
        self.unless_it_would_block(attempt, ready_to_receive).await
    }

    async fn with_room<T>(&self, mut attempt: impl FnMut(&crate::UdpSocket) -> io::Result<T>) -> io::Result<T> {
        let attempt = |socket: &crate::UdpSocket| {
            attempt(socket).inspect_err(|_| {
                // A pending `listening` of an implicit bind would end the wait at once.
                socket.take_events();
            })
        };
        self.unless_it_would_block(attempt, ready_to_send).await
    }

    async fn unless_it_would_block<T, W: Future<Output = io::Result<()>>>(
        &self,
        mut attempt: impl FnMut(&crate::UdpSocket) -> io::Result<T>,
        wait: impl Fn(u32) -> W,
    ) -> io::Result<T> {
        loop {
            let had_waiting = self.socket().has_waiting();
            let result = attempt(self.socket());
            let would_block = matches!(&result, Err(error) if error.kind() == io::ErrorKind::WouldBlock);
            // A call to the provider takes many datagrams: for those that are left, whoever else waits is to look. Not for
            // those that were left before, or two that wait for room would wake each other for ever.
            if self.socket().has_waiting() && !(would_block && had_waiting) {
                self.0.waiters.wake();
            }
            if !would_block {
                return result;
            }
            self.0
                .waiters
                .unless_woken(wait(self.socket().id()))
                .await
                .transpose()?;
        }
    }
}

/// Told not to block, with all its clones.
impl TryFrom<crate::UdpSocket> for UdpSocket {
    type Error = io::Error;

    fn try_from(socket: crate::UdpSocket) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        let waiters = Waiters::default();
        Ok(Self(Arc::new(Inner { socket, waiters })))
    }
}

impl std::fmt::Debug for UdpSocket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.socket().fmt(f)
    }
}
