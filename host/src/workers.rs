//! Ports that several instances share.

use crate::sys::{BindOptions, Socket};
use cap_std::AmbientAuthority;
use cap_std::net::UdpSocket;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::os::fd::OwnedFd;

/// Binds `count` sockets to one address and port, for as many workers: the kernel gives each datagram to one of them, and
/// all of a peer's datagrams to the same one (SO_REUSEPORT). Port 0 is one port, which the kernel chooses, for all. An IPv6
/// wildcard is IPv6 only.
///
/// The port must be free: another process that shares it already is an error. Once it is bound, Linux lets processes of the
/// same user, and of no other, join the group: run what serves as a user of its own.
///
/// # Errors
/// Those of bind(2): in use, not an address of this host, not permitted.
pub fn bind_group(address: SocketAddr, count: NonZeroUsize, _: AmbientAuthority) -> io::Result<Vec<UdpSocket>> {
    let first = Socket::open(address.is_ipv6())?;
    let alone = BindOptions {
        ipv6_only: true,
        ..BindOptions::default()
    };
    // Alone, so that a group of somebody else's is not joined.
    first.bind(address, alone)?;
    let local = first.local_address()?;
    let mut group = vec![first];
    if count.get() > 1 {
        group[0].let_others_in()?;
    }
    while group.len() < count.get() {
        let member = Socket::open(address.is_ipv6())?;
        member.bind(
            local,
            BindOptions {
                reuse_port: true,
                ..alone
            },
        )?;
        group.push(member);
    }
    Ok(group.into_iter().map(|member| OwnedFd::from(member).into()).collect())
}
