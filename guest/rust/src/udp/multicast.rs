//! Multicast: std's calls, and those that name any interface and a source.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::UdpSocket;
use super::options::multicast_hops;
use crate::address::ip_to_contract;
use crate::{Error, ErrorCode, Interface};

/// What was set last. The contract does not tell it.
pub(super) struct Multicast {
    ttl: u8,
    loopback: bool,
}

impl Default for Multicast {
    fn default() -> Self {
        Self { ttl: 1, loopback: true }
    }
}

impl UdpSocket {
    /// Joins a multicast group on an interface: datagrams to it, from any source, are received from now on.
    ///
    /// ```no_run
    /// use datagrant_guest::{Interface, UdpSocket};
    ///
    /// let socket = UdpSocket::bind("0.0.0.0:5353")?;
    /// socket.join_multicast("224.0.0.251".parse().unwrap(), "eth0")?; // --allow-join 224.0.0.251@eth0
    /// socket.leave_multicast("224.0.0.251".parse().unwrap(), "eth0")?;
    /// socket.join_multicast("239.1.2.3".parse().unwrap(), Interface::Default)?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn join_multicast(&self, group: IpAddr, interface: impl Into<Interface>) -> io::Result<()> {
        let interface = interface.into().to_contract();
        let result = self.shared.raw.join(ip_to_contract(group), &interface, None);
        done("addMembership", result)
    }

    /// Leaves what [`join_multicast`](Self::join_multicast) joined, with the same group and interface.
    pub fn leave_multicast(&self, group: IpAddr, interface: impl Into<Interface>) -> io::Result<()> {
        let interface = interface.into().to_contract();
        let result = self.shared.raw.leave(ip_to_contract(group), &interface, None);
        done("dropMembership", result)
    }

    /// Joins a multicast group for what one source sends to it (RFC 4607).
    pub fn join_source(&self, source: IpAddr, group: IpAddr, interface: impl Into<Interface>) -> io::Result<()> {
        let interface = interface.into().to_contract();
        let source = Some(ip_to_contract(source));
        let result = self.shared.raw.join(ip_to_contract(group), &interface, source);
        done("addSourceSpecificMembership", result)
    }

    /// Leaves what [`join_source`](Self::join_source) joined, with the same source, group and interface.
    pub fn leave_source(&self, source: IpAddr, group: IpAddr, interface: impl Into<Interface>) -> io::Result<()> {
        let interface = interface.into().to_contract();
        let source = Some(ip_to_contract(source));
        let result = self.shared.raw.leave(ip_to_contract(group), &interface, source);
        done("dropSourceSpecificMembership", result)
    }

    /// The interface that datagrams to multicast groups leave by; at first the system's choice.
    pub fn set_multicast_interface(&self, interface: impl Into<Interface>) -> io::Result<()> {
        let interface = interface.into().to_contract();
        let result = self.shared.raw.set_multicast_interface(&interface);
        done("setMulticastInterface", result)
    }

    /// [`join_multicast`](Self::join_multicast) as std has it: the interface by its address, unspecified for the
    /// system's choice.
    pub fn join_multicast_v4(&self, group: &Ipv4Addr, interface: &Ipv4Addr) -> io::Result<()> {
        self.join_multicast((*group).into(), *interface)
    }

    /// [`leave_multicast`](Self::leave_multicast) as std has it.
    pub fn leave_multicast_v4(&self, group: &Ipv4Addr, interface: &Ipv4Addr) -> io::Result<()> {
        self.leave_multicast((*group).into(), *interface)
    }

    /// [`join_multicast`](Self::join_multicast) as std has it: the interface by its index, 0 for the system's choice.
    pub fn join_multicast_v6(&self, group: &Ipv6Addr, interface: u32) -> io::Result<()> {
        self.join_multicast((*group).into(), interface)
    }

    /// [`leave_multicast`](Self::leave_multicast) as std has it.
    pub fn leave_multicast_v6(&self, group: &Ipv6Addr, interface: u32) -> io::Result<()> {
        self.leave_multicast((*group).into(), interface)
    }

    /// How many hops datagrams to multicast groups may take: 0 (not beyond this host) to 255; 1 at first.
    pub fn set_multicast_ttl_v4(&self, ttl: u32) -> io::Result<()> {
        let hops = multicast_hops(ttl)?;
        done("setMulticastTTL", self.shared.raw.set_multicast_ttl(hops))?;
        self.shared.lock().multicast.ttl = hops;
        Ok(())
    }

    /// What [`set_multicast_ttl_v4`](Self::set_multicast_ttl_v4) set.
    pub fn multicast_ttl_v4(&self) -> io::Result<u32> {
        Ok(self.shared.lock().multicast.ttl.into())
    }

    /// Whether members on this host receive what this socket sends to their group; at first they do. The contract has
    /// one switch for both families.
    pub fn set_multicast_loop_v4(&self, on: bool) -> io::Result<()> {
        done("setMulticastLoopback", self.shared.raw.set_multicast_loopback(on))?;
        self.shared.lock().multicast.loopback = on;
        Ok(())
    }

    /// What [`set_multicast_loop_v4`](Self::set_multicast_loop_v4) or [`set_multicast_loop_v6`](Self::set_multicast_loop_v6)
    /// set.
    pub fn multicast_loop_v4(&self) -> io::Result<bool> {
        Ok(self.shared.lock().multicast.loopback)
    }

    /// The same as [`set_multicast_loop_v4`](Self::set_multicast_loop_v4).
    pub fn set_multicast_loop_v6(&self, on: bool) -> io::Result<()> {
        self.set_multicast_loop_v4(on)
    }

    /// The same as [`multicast_loop_v4`](Self::multicast_loop_v4).
    pub fn multicast_loop_v6(&self) -> io::Result<bool> {
        self.multicast_loop_v4()
    }
}

fn done(syscall: &'static str, result: Result<(), ErrorCode>) -> io::Result<()> {
    result.map_err(|code| Error::new(syscall, None, code).into())
}

#[cfg(test)]
#[path = "../tests/udp_multicast.rs"]
mod tests;
