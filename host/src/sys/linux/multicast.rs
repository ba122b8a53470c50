//! Multicast: memberships, and how datagrams to groups leave.

use super::Socket;
use super::address::storage;
use std::io;
use std::net::IpAddr;

/// What joins and leaves: a group, not IPv4-mapped, on the interface of this index, from one source or from any.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Membership {
    pub(crate) group: IpAddr,
    pub(crate) interface: u32,
    pub(crate) source: Option<IpAddr>,
}

impl Socket {
    /// MCAST_JOIN_GROUP, MCAST_JOIN_SOURCE_GROUP (RFC 3678). An IPv6 socket joins IPv4 groups too.
    pub(crate) fn join(&self, membership: &Membership) -> io::Result<()> {
        self.member(membership, libc::MCAST_JOIN_GROUP, libc::MCAST_JOIN_SOURCE_GROUP)
    }

    /// MCAST_LEAVE_GROUP, MCAST_LEAVE_SOURCE_GROUP.
    pub(crate) fn leave(&self, membership: &Membership) -> io::Result<()> {
        self.member(membership, libc::MCAST_LEAVE_GROUP, libc::MCAST_LEAVE_SOURCE_GROUP)
    }

    fn member(&self, membership: &Membership, any: libc::c_int, one: libc::c_int) -> io::Result<()> {
        let level = match membership.group {
            IpAddr::V4(_) => libc::IPPROTO_IP,
            IpAddr::V6(_) => libc::IPPROTO_IPV6,
        };
        match membership.source {
            None => {
                let request = libc::group_req {
                    gr_interface: membership.interface,
                    gr_group: storage(membership.group),
                };
                self.set_value(level, any, &request)
            }
            Some(source) => {
                let request = libc::group_source_req {
                    gsr_interface: membership.interface,
                    gsr_group: storage(membership.group),
                    gsr_source: storage(source),
                };
                self.set_value(level, one, &request)
            }
        }
    }

    /// IP_MULTICAST_TTL, and IPV6_MULTICAST_HOPS on an IPv6 socket: a dual-stack one sends both.
    pub(crate) fn set_multicast_ttl(&self, hops: u8) -> io::Result<()> {
        self.inner.set_multicast_ttl_v4(hops.into())?;
        if self.ipv6 {
            self.inner.set_multicast_hops_v6(hops.into())?;
        }
        Ok(())
    }

    /// IP_MULTICAST_LOOP, and IPV6_MULTICAST_LOOP on an IPv6 socket.
    pub(crate) fn set_multicast_loopback(&self, on: bool) -> io::Result<()> {
        self.inner.set_multicast_loop_v4(on)?;
        if self.ipv6 {
            self.inner.set_multicast_loop_v6(on)?;
        }
        Ok(())
    }

    /// IP_MULTICAST_IF or IPV6_MULTICAST_IF, by what is to be sent. It decides which source address connect(2) chooses;
    /// datagrams carry their interface themselves, see [`Outgoing`](super::Outgoing).
    pub(crate) fn set_multicast_interface(&self, ipv4: bool, interface: u32) -> io::Result<()> {
        if !ipv4 {
            return self.inner.set_multicast_if_v6(interface);
        }
        let request = libc::ip_mreqn {
            imr_multiaddr: libc::in_addr { s_addr: 0 },
            imr_address: libc::in_addr { s_addr: 0 },
            imr_ifindex: interface as libc::c_int,
        };
        self.set_value(libc::IPPROTO_IP, libc::IP_MULTICAST_IF, &request)
    }
}
