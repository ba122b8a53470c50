//! Options of a socket, and its memberships. As in Node they need a bound socket, or bind it.

use std::io;
use std::net::IpAddr;

use super::{Raw, Socket};
use crate::address::ip_to_contract;
use crate::bindings::types::{InterfaceRef, IpAddress as Group};
use crate::burst::Options;
use crate::error::Refusal;
use crate::udp::options::{hops, multicast_hops};
use crate::{Error, ErrorCode, Interface};

impl Socket {
    /// Whether datagrams may go to broadcast addresses. That needs a broadcast grant too, which a send is judged by.
    pub fn set_broadcast(&self, on: bool) -> io::Result<()> {
        self.check_bound("setBroadcast")?;
        self.with_raw("setBroadcast", None, |raw| raw.set_broadcast(on))
    }

    /// The number of hops that datagrams may take: 1 to 255.
    pub fn set_ttl(&self, ttl: u32) -> io::Result<()> {
        self.check_bound("setTTL")?;
        let hops = hops(ttl)?;
        self.with_raw("setTTL", None, |raw| raw.set_ttl(hops))
    }

    /// The number of hops that datagrams to multicast groups may take: 0 (not beyond this host) to 255.
    pub fn set_multicast_ttl(&self, ttl: u32) -> io::Result<()> {
        self.check_bound("setMulticastTTL")?;
        let hops = multicast_hops(ttl)?;
        self.with_raw("setMulticastTTL", None, |raw| raw.set_multicast_ttl(hops))
    }

    /// Whether members on this host receive what this socket sends to their group; at first they do.
    pub fn set_multicast_loopback(&self, on: bool) -> io::Result<()> {
        self.check_bound("setMulticastLoopback")?;
        self.with_raw("setMulticastLoopback", None, |raw| raw.set_multicast_loopback(on))
    }

    /// The interface that datagrams to multicast groups leave by: by address, by name or index, or as Node has it for
    /// IPv6 (`::%eth0`).
    pub fn set_multicast_interface(&self, interface: impl Into<Interface>) -> io::Result<()> {
        self.check_bound("setMulticastInterface")?;
        let interface = interface.into().to_contract();
        self.with_raw("setMulticastInterface", None, |raw| {
            raw.set_multicast_interface(&interface)
        })
    }

    /// Joins a multicast group on an interface ([`Interface::Default`]: the system's choice). Binds the socket first if it
    /// is not bound: to a port that the host chooses, and for this instance alone.
    ///
    /// ```no_run
    /// use datagrant_guest::{EventLoop, Family, Interface};
    ///
    /// let events = EventLoop::new();
    /// let socket = events.socket(Family::Ipv4)?;
    /// socket.bind_sync("0.0.0.0:5353".parse().unwrap())?;
    /// socket.add_membership("224.0.0.251".parse().unwrap(), Interface::Default)?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn add_membership(&self, group: IpAddr, interface: impl Into<Interface>) -> io::Result<()> {
        self.member("addMembership", group, interface.into(), None, Raw::join)
    }

    /// Leaves what [`add_membership`](Self::add_membership) joined, with the same group and interface. Closing leaves all.
    pub fn drop_membership(&self, group: IpAddr, interface: impl Into<Interface>) -> io::Result<()> {
        self.member("dropMembership", group, interface.into(), None, Raw::leave)
    }

    /// [`add_membership`](Self::add_membership) for what one source sends to the group (RFC 4607).
    pub fn add_source_specific_membership(
        &self,
        source: IpAddr,
        group: IpAddr,
        interface: impl Into<Interface>,
    ) -> io::Result<()> {
        let syscall = "addSourceSpecificMembership";
        self.member(syscall, group, interface.into(), Some(source), Raw::join)
    }

    /// Leaves what [`add_source_specific_membership`](Self::add_source_specific_membership) joined.
    pub fn drop_source_specific_membership(
        &self,
        source: IpAddr,
        group: IpAddr,
        interface: impl Into<Interface>,
    ) -> io::Result<()> {
        let syscall = "dropSourceSpecificMembership";
        self.member(syscall, group, interface.into(), Some(source), Raw::leave)
    }

    /// The size of the kernel's receive buffer in bytes. Linux tells double of what was set.
    pub fn receive_buffer_bytes(&self) -> io::Result<u32> {
        self.check_buffer("uv_recv_buffer_size")?;
        self.with_raw("uv_recv_buffer_size", None, Raw::receive_buffer_bytes)
    }

    /// Asks for a receive buffer of that many bytes.
    pub fn set_receive_buffer_bytes(&self, bytes: u32) -> io::Result<()> {
        self.check_buffer("uv_recv_buffer_size")?;
        self.with_raw("uv_recv_buffer_size", None, |raw| raw.set_receive_buffer_bytes(bytes))
    }

    /// The size of the kernel's send buffer in bytes. Linux tells double of what was set.
    pub fn send_buffer_bytes(&self) -> io::Result<u32> {
        self.check_buffer("uv_send_buffer_size")?;
        self.with_raw("uv_send_buffer_size", None, Raw::send_buffer_bytes)
    }

    /// Asks for a send buffer of that many bytes.
    pub fn set_send_buffer_bytes(&self, bytes: u32) -> io::Result<()> {
        self.check_buffer("uv_send_buffer_size")?;
        self.with_raw("uv_send_buffer_size", None, |raw| raw.set_send_buffer_bytes(bytes))
    }

    /// Switches on what bursts tell and take, for [`on_burst`](Self::on_burst): exactly these options. The answer is
    /// those that are on now.
    pub fn configure_bursts(&self, options: Options) -> io::Result<Options> {
        let exchange = &self.inner().exchange;
        self.with_raw("configure", None, |raw| exchange.configure(raw, options))
    }

    fn member(
        &self,
        syscall: &'static str,
        group: IpAddr,
        interface: Interface,
        source: Option<IpAddr>,
        call: impl FnOnce(&Raw, Group, &InterfaceRef, Option<Group>) -> Result<(), ErrorCode>,
    ) -> io::Result<()> {
        self.check_open(syscall)?;
        self.bind_first()?;
        let source = source.map(ip_to_contract);
        self.with_raw(syscall, None, |raw| {
            call(raw, ip_to_contract(group), &interface.to_contract(), source)
        })
    }

    fn check_bound(&self, syscall: &'static str) -> io::Result<()> {
        self.check_open(syscall)?;
        if self.inner().bound.get() {
            return Ok(());
        }
        Err(Error::new(syscall, None, ErrorCode::InvalidState).into())
    }

    fn check_buffer(&self, syscall: &'static str) -> io::Result<()> {
        self.check_open(syscall)?;
        if self.inner().bound.get() {
            return Ok(());
        }
        Err(Error::refused(syscall, Refusal::NoBuffer).into())
    }
}
