//! Names, groups, options.

use crate::traffic::{LOOPBACK, bound, hears};
use anyhow::{Result, ensure};
use datagrant_guest::lookup;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

pub fn names() -> Result<()> {
    let found = lookup("home.test", None)?;
    ensure!(found == [IpAddr::V4(Ipv4Addr::LOCALHOST)], "home.test is {found:?}");
    let (a, b) = (bound(LOOPBACK)?, bound(LOOPBACK)?);
    a.send_to(b"by name", ("home.test", b.local_addr()?.port()))?;
    hears(&b, b"by name")
}

pub fn multicast() -> Result<()> {
    let group = Ipv4Addr::new(239, 255, 77, 9);
    let member = bound("0.0.0.0:0")?;
    member.join_multicast_v4(&group, &Ipv4Addr::LOCALHOST)?;
    let sender = bound(LOOPBACK)?;
    sender.set_multicast_interface(IpAddr::V4(Ipv4Addr::LOCALHOST))?;
    sender.set_multicast_loop_v4(true)?;
    sender.send_to(b"to the group", SocketAddr::from((group, member.local_addr()?.port())))?;
    hears(&member, b"to the group")?;
    member.leave_multicast_v4(&group, &Ipv4Addr::LOCALHOST)?;
    Ok(())
}

pub fn options() -> Result<()> {
    const BYTES: u32 = 65_536;
    let socket = bound(LOOPBACK)?;
    socket.set_ttl(7)?;
    ensure!(socket.set_ttl(0).is_err(), "a TTL of 0 was taken");
    socket.set_receive_buffer_bytes(BYTES)?;
    let bytes = socket.receive_buffer_bytes()?;
    ensure!(bytes >= BYTES, "a receive buffer of {bytes} bytes in place of {BYTES}");
    Ok(())
}
