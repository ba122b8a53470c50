//! One UDP socket.

use super::{Outgoing, ReceiveOptions, Received, receive, send};
use rustix::event::{PollFd, PollFlags, Timespec};
use socket2::{Domain, Protocol, SockAddr, Type};
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::ptr;

/// What must be settled before bind(2).
#[derive(Copy, Clone, Debug, Default)]
pub(crate) struct BindOptions {
    /// SO_REUSEADDR
    pub(crate) reuse_address: bool,
    /// SO_REUSEPORT
    pub(crate) reuse_port: bool,
    /// IPV6_V6ONLY, for IPv6 sockets
    pub(crate) ipv6_only: bool,
}

/// What bursts tell and take beside datagrams.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BurstOptions {
    /// IP_PKTINFO, IPV6_RECVPKTINFO
    pub(crate) packet_info: bool,
    /// UDP_GRO
    pub(crate) coalesce: bool,
    /// IP_RECVTOS, IPV6_RECVTCLASS
    pub(crate) ecn: bool,
}

impl BurstOptions {
    /// Whether datagrams come with control messages.
    pub(crate) fn any(self) -> bool {
        self.packet_info || self.coalesce || self.ecn
    }
}

/// A UDP socket. See the contract in [`crate::sys`].
#[derive(Debug)]
pub(crate) struct Socket {
    pub(super) inner: socket2::Socket,
    pub(super) ipv6: bool,
}

impl Socket {
    pub(crate) fn open(ipv6: bool) -> io::Result<Socket> {
        let domain = if ipv6 { Domain::IPV6 } else { Domain::IPV4 };
        let inner = socket2::Socket::new(domain, Type::DGRAM.nonblocking(), Some(Protocol::UDP))?;
        let socket = Socket { inner, ipv6 };
        socket.refuse_groups_of_others()?;
        Ok(socket)
    }

    /// Otherwise a wildcard socket receives the groups that other processes of the host have joined (grants, rule 9).
    pub(super) fn refuse_groups_of_others(&self) -> io::Result<()> {
        // The IPv4 option is for IPv6 sockets too: a dual-stack one receives IPv4 groups.
        self.inner.set_multicast_all_v4(false)?;
        if self.ipv6 {
            self.inner.set_multicast_all_v6(false)?;
        }
        Ok(())
    }

    pub(crate) fn bind(&self, local: SocketAddr, options: BindOptions) -> io::Result<()> {
        self.inner.set_reuse_address(options.reuse_address)?;
        self.inner.set_reuse_port(options.reuse_port)?;
        if self.ipv6 {
            self.inner.set_only_v6(options.ipv6_only)?;
        }
        self.inner.bind(&SockAddr::from(local))
    }

    /// Lets sockets that are bound with SO_REUSEPORT from now on share the port of this one, which was bound without.
    pub(crate) fn let_others_in(&self) -> io::Result<()> {
        self.inner.set_reuse_port(true)
    }

    pub(crate) fn connect(&self, remote: SocketAddr) -> io::Result<()> {
        self.inner.connect(&SockAddr::from(remote))?;
        self.forget_error()
    }

    /// connect(2) to AF_UNSPEC, of a socket that is bound to `local`. What Linux gives up beside the peer is taken again: a
    /// port that it chose itself, this time by number, so that it stays; and the zone of a link-local address.
    pub(crate) fn disconnect(&self, local: SocketAddr, ipv6_only: bool) -> io::Result<()> {
        rustix::net::connect_unspec(&self.inner)?;
        self.forget_error()?;
        if self.has_port()? {
            return self.tie_to_zone(local);
        }
        let options = BindOptions {
            ipv6_only,
            ..BindOptions::default()
        };
        self.bind(local, options)
    }

    /// Receives on the interface of a link-local address alone, as after bind(2) to it; nothing for other addresses.
    fn tie_to_zone(&self, local: SocketAddr) -> io::Result<()> {
        match local {
            SocketAddr::V6(v6) if v6.scope_id() != 0 => {
                let name = self.interface_name(v6.scope_id())?;
                self.inner.bind_device(Some(name.as_bytes()))
            }
            _ => Ok(()),
        }
    }

    /// An error left behind by one peer would surface in a send to the next (grants, rule 5).
    pub(super) fn forget_error(&self) -> io::Result<()> {
        self.inner.take_error().map(drop)
    }

    /// sendto(2); `None` is the connected peer.
    pub(crate) fn send(&self, data: &[u8], remote: Option<SocketAddr>) -> io::Result<()> {
        let flags = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
        match remote {
            Some(remote) => self.inner.send_to_with_flags(data, &SockAddr::from(remote), flags),
            None => self.inner.send_with_flags(data, flags),
        }
        .map(drop)
    }

    /// recvmmsg(2) into `buffer`, each datagram `max_bytes` behind the one before; `take` is called for each, in order, and
    /// may move it. The number of datagrams; fewer than asked for (and than 64, and than have room) means that no more were
    /// there.
    pub(crate) fn receive(
        &self,
        options: ReceiveOptions,
        buffer: &mut [u8],
        take: impl FnMut(&mut [u8], Received),
    ) -> io::Result<usize> {
        receive::receive(self.as_fd(), options, buffer, take)
    }

    /// sendmmsg(2): at most the first 64 of `list`, in order, until one is refused. How many went; the error when the
    /// first one did not.
    pub(crate) fn send_batch(&self, list: &[Outgoing<'_>]) -> io::Result<usize> {
        match list {
            // sendto(2) costs less where there is one to send and nothing to say of it.
            [one] if one.is_plain() => self.send(one.data, one.to).map(|()| 1),
            list => send::send(self.as_fd(), list),
        }
    }

    /// Switches on and off what bursts tell and take. What is on now: a kernel that lacks one is not an error.
    pub(crate) fn configure(&self, options: BurstOptions) -> BurstOptions {
        let switch = |on: bool, level, name| on & self.set(level, name, on).is_ok();
        if self.ipv6 {
            BurstOptions {
                // Tells IPv4 datagrams too, with mapped addresses.
                packet_info: switch(options.packet_info, libc::IPPROTO_IPV6, libc::IPV6_RECVPKTINFO),
                coalesce: switch(options.coalesce, libc::SOL_UDP, libc::UDP_GRO),
                // IPv4 datagrams have an option of their own, also on a dual-stack socket.
                ecn: switch(options.ecn, libc::IPPROTO_IPV6, libc::IPV6_RECVTCLASS)
                    & switch(options.ecn, libc::IPPROTO_IP, libc::IP_RECVTOS),
            }
        } else {
            BurstOptions {
                packet_info: switch(options.packet_info, libc::IPPROTO_IP, libc::IP_PKTINFO),
                coalesce: switch(options.coalesce, libc::SOL_UDP, libc::UDP_GRO),
                ecn: switch(options.ecn, libc::IPPROTO_IP, libc::IP_RECVTOS),
            }
        }
    }

    /// setsockopt(2) of a switch.
    fn set(&self, level: libc::c_int, name: libc::c_int, on: bool) -> io::Result<()> {
        self.set_value(level, name, &libc::c_int::from(on))
    }

    /// setsockopt(2) of a value that is plain old data, without pointers.
    pub(super) fn set_value<T: Copy>(&self, level: libc::c_int, name: libc::c_int, value: &T) -> io::Result<()> {
        // SAFETY: the address and the size are those of `value`, which lives across the call; the kernel only reads it.
        let result = unsafe {
            libc::setsockopt(
                self.as_raw_fd(),
                level,
                name,
                ptr::from_ref(value).cast(),
                size_of::<T>() as libc::socklen_t,
            )
        };
        match result {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// How many datagrams the kernel has dropped here since the socket was made (SO_MEMINFO); it counts from 0 again after
    /// 2^32.
    pub(crate) fn dropped(&self) -> io::Result<u32> {
        // SK_MEMINFO_VARS of them, of which SK_MEMINFO_DROPS is the last (linux/sock_diag.h).
        let mut info = [0_u32; 9];
        let mut length = size_of_val(&info) as libc::socklen_t;
        // SAFETY: the address and the size are those of `info`, which lives across the call, and any bits are a value of it.
        let result = unsafe {
            libc::getsockopt(
                self.as_raw_fd(),
                libc::SOL_SOCKET,
                libc::SO_MEMINFO,
                info.as_mut_ptr().cast(),
                &mut length,
            )
        };
        match result {
            0 => Ok(info[8]),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// Whether a datagram or an error is there, by poll(2), without waiting.
    pub(crate) fn has_input(&self) -> io::Result<bool> {
        self.poll(PollFlags::IN)
    }

    /// Whether there is room for a datagram, or an error, by poll(2), without waiting.
    pub(crate) fn has_room(&self) -> io::Result<bool> {
        self.poll(PollFlags::OUT)
    }

    fn poll(&self, flags: PollFlags) -> io::Result<bool> {
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        let mut fds = [PollFd::new(self, flags)];
        rustix::io::retry_on_intr(|| rustix::event::poll(&mut fds, Some(&now)))?;
        // An error is told without being asked for.
        Ok(!fds[0].revents().is_empty())
    }

    pub(crate) fn local_address(&self) -> io::Result<SocketAddr> {
        let address = self.inner.local_addr()?;
        address
            .as_socket()
            .ok_or_else(|| io::Error::from_raw_os_error(libc::EAFNOSUPPORT))
    }

    /// The connected peer; ENOTCONN without one.
    pub(crate) fn peer_address(&self) -> io::Result<SocketAddr> {
        let address = self.inner.peer_addr()?;
        address
            .as_socket()
            .ok_or_else(|| io::Error::from_raw_os_error(libc::EAFNOSUPPORT))
    }

    /// Sends with SO_BROADCAST on, if `on`, and off again afterwards.
    pub(crate) fn with_broadcast<T>(&self, on: bool, send: impl FnOnce() -> T) -> io::Result<T> {
        if on {
            self.inner.set_broadcast(true)?;
        }
        let sent = send();
        if on {
            self.inner.set_broadcast(false)?;
        }
        Ok(sent)
    }

    /// IP_TTL, and IPV6_UNICAST_HOPS on an IPv6 socket: a dual-stack one sends both.
    pub(crate) fn set_ttl(&self, hops: u8) -> io::Result<()> {
        self.inner.set_ttl_v4(hops.into())?;
        if self.ipv6 {
            self.inner.set_unicast_hops_v6(hops.into())?;
        }
        Ok(())
    }

    /// IP_TTL, or IPV6_UNICAST_HOPS on an IPv6 socket.
    pub(crate) fn ttl(&self) -> io::Result<u8> {
        let hops = match self.ipv6 {
            true => self.inner.unicast_hops_v6()?,
            false => self.inner.ttl_v4()?,
        };
        Ok(u8::try_from(hops).unwrap_or(u8::MAX))
    }

    pub(crate) fn receive_buffer_bytes(&self) -> io::Result<usize> {
        self.inner.recv_buffer_size()
    }

    pub(crate) fn set_receive_buffer_bytes(&self, bytes: usize) -> io::Result<()> {
        self.inner.set_recv_buffer_size(bytes)
    }

    /// What the kernel may hold for it, received and to be sent.
    pub(crate) fn buffer_bytes(&self) -> io::Result<u64> {
        Ok((self.receive_buffer_bytes()? + self.send_buffer_bytes()?) as u64)
    }

    pub(crate) fn send_buffer_bytes(&self) -> io::Result<usize> {
        self.inner.send_buffer_size()
    }

    pub(crate) fn set_send_buffer_bytes(&self, bytes: usize) -> io::Result<()> {
        self.inner.set_send_buffer_size(bytes)
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.inner.as_fd()
    }
}

impl From<Socket> for OwnedFd {
    fn from(socket: Socket) -> OwnedFd {
        socket.inner.into()
    }
}

impl AsRawFd for Socket {
    fn as_raw_fd(&self) -> RawFd {
        self.inner.as_raw_fd()
    }
}
