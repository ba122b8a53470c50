//! Sockets that somebody else opened.

use super::{BurstOptions, Socket};
use socket2::{Domain, Protocol, Type};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::OwnedFd;

/// What a guest may change on a socket, as it was before.
#[derive(Debug)]
pub(crate) struct Settings {
    local: SocketAddr,
    ipv6_only: bool,
    ipv4: Leaving<Ipv4Addr>,
    /// Of an IPv6 socket.
    ipv6: Option<Leaving<u32>>,
    receive_buffer_bytes: usize,
    send_buffer_bytes: usize,
}

/// How datagrams of one family leave.
#[derive(Debug)]
struct Leaving<Interface> {
    ttl: u32,
    multicast_ttl: u32,
    multicast_loopback: bool,
    multicast_interface: Interface,
}

impl Settings {
    pub(crate) fn ipv6_only(&self) -> bool {
        self.ipv6_only
    }

    /// As [`Socket::buffer_bytes`].
    pub(crate) fn buffer_bytes(&self) -> u64 {
        (self.receive_buffer_bytes + self.send_buffer_bytes) as u64
    }
}

impl Socket {
    /// A UDP socket that somebody else opened, switched as one that was opened here. `None`: it is no UDP socket.
    pub(crate) fn adopt(fd: OwnedFd) -> io::Result<Option<Socket>> {
        let inner = socket2::Socket::from(fd);
        let domain = inner.domain()?;
        // The protocol, too: an ICMP socket is a datagram socket.
        let udp = inner.r#type()? == Type::DGRAM && inner.protocol()? == Some(Protocol::UDP);
        if !udp || (domain != Domain::IPV4 && domain != Domain::IPV6) {
            return Ok(None);
        }
        let ipv6 = domain == Domain::IPV6;
        let socket = Socket { inner, ipv6 };
        socket.inner.set_nonblocking(true)?;
        socket.inner.set_broadcast(false)?;
        socket.refuse_groups_of_others()?;
        socket.configure(BurstOptions::default());
        Ok(Some(socket))
    }

    pub(crate) fn is_ipv6(&self) -> bool {
        self.ipv6
    }

    fn is_ipv6_only(&self) -> io::Result<bool> {
        if self.ipv6 { self.inner.only_v6() } else { Ok(false) }
    }

    pub(crate) fn is_connected(&self) -> io::Result<bool> {
        match self.inner.peer_addr() {
            Ok(_) => Ok(true),
            Err(e) if e.raw_os_error() == Some(libc::ENOTCONN) => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// Whether it is bound.
    pub(crate) fn has_port(&self) -> io::Result<bool> {
        Ok(self.local_address()?.port() != 0)
    }

    /// What [`restore`](Self::restore) puts back.
    pub(crate) fn settings(&self) -> io::Result<Settings> {
        Ok(Settings {
            local: self.local_address()?,
            ipv6_only: self.is_ipv6_only()?,
            ipv4: Leaving {
                ttl: self.inner.ttl_v4()?,
                multicast_ttl: self.inner.multicast_ttl_v4()?,
                multicast_loopback: self.inner.multicast_loop_v4()?,
                multicast_interface: self.inner.multicast_if_v4()?,
            },
            ipv6: match self.ipv6 {
                true => Some(Leaving {
                    ttl: self.inner.unicast_hops_v6()?,
                    multicast_ttl: self.inner.multicast_hops_v6()?,
                    multicast_loopback: self.inner.multicast_loop_v6()?,
                    multicast_interface: self.inner.multicast_if_v6()?,
                }),
                false => None,
            },
            receive_buffer_bytes: self.receive_buffer_bytes()?,
            send_buffer_bytes: self.send_buffer_bytes()?,
        })
    }

    /// Puts back what a guest has changed, and ends a connection. What is in the queue stays there.
    pub(crate) fn restore(&self, settings: &Settings) -> io::Result<()> {
        self.configure(BurstOptions::default());
        let Settings { ipv4, ipv6, .. } = settings;
        self.inner.set_ttl_v4(ipv4.ttl)?;
        self.inner.set_multicast_ttl_v4(ipv4.multicast_ttl)?;
        self.inner.set_multicast_loop_v4(ipv4.multicast_loopback)?;
        self.inner.set_multicast_if_v4(&ipv4.multicast_interface)?;
        if let Some(ipv6) = ipv6 {
            self.inner.set_unicast_hops_v6(ipv6.ttl)?;
            self.inner.set_multicast_hops_v6(ipv6.multicast_ttl)?;
            self.inner.set_multicast_loop_v6(ipv6.multicast_loopback)?;
            self.inner.set_multicast_if_v6(ipv6.multicast_interface)?;
        }
        // Linux tells twice of what it was given.
        if self.receive_buffer_bytes()? != settings.receive_buffer_bytes {
            self.set_receive_buffer_bytes(settings.receive_buffer_bytes / 2)?;
        }
        if self.send_buffer_bytes()? != settings.send_buffer_bytes {
            self.set_send_buffer_bytes(settings.send_buffer_bytes / 2)?;
        }
        match self.is_connected()? || !self.has_port()? {
            true => self.disconnect(settings.local, settings.ipv6_only),
            false => Ok(()),
        }
    }
}
