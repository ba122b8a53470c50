//! Datagrams that come as they were sent.

use anyhow::{Context, Result, ensure};
use datagrant_guest::UdpSocket;
use std::io::ErrorKind;
use std::time::Duration;

/// What nothing on loopback takes.
const PATIENCE: Duration = Duration::from_secs(5);
/// What is waited for what must not come.
pub const A_MOMENT: Duration = Duration::from_millis(50);
pub const LOOPBACK: &str = "127.0.0.1:0";

/// A socket that does not wait for ever.
pub fn bound(at: &str) -> Result<UdpSocket> {
    let socket = UdpSocket::bind(at)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    Ok(socket)
}

/// That a datagram to this socket is heard.
pub fn hears(socket: &UdpSocket, data: &[u8]) -> Result<()> {
    let mut buffer = vec![0; 65_536];
    let length = socket.recv(&mut buffer).context("nothing heard")?;
    ensure!(
        buffer[..length] == *data,
        "heard {length} bytes that are not those sent"
    );
    Ok(())
}

/// That a socket can still send and be heard.
pub fn goes_on(socket: &UdpSocket) -> Result<()> {
    let other = bound(LOOPBACK)?;
    socket.send_to(b"still here", other.local_addr()?)?;
    hears(&other, b"still here")
}

fn there_and_back(at: &str) -> Result<()> {
    let (a, b) = (bound(at)?, bound(at)?);
    let mut buffer = [0; 100];
    a.send_to(b"there", b.local_addr()?)?;
    let (length, from) = b.recv_from(&mut buffer)?;
    ensure!(&buffer[..length] == b"there" && from == a.local_addr()?, "from {from}");
    b.send_to(b"and back", from)?;
    let (length, from) = a.recv_from(&mut buffer)?;
    ensure!(
        &buffer[..length] == b"and back" && from == b.local_addr()?,
        "from {from}"
    );
    Ok(())
}

pub fn echo() -> Result<()> {
    there_and_back(LOOPBACK)
}

pub fn ipv6() -> Result<()> {
    there_and_back("[::1]:0")
}

pub fn sizes() -> Result<()> {
    let (a, b) = (bound(LOOPBACK)?, bound(LOOPBACK)?);
    for length in [0, 1, 1472, 65_507] {
        let data: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
        a.send_to(&data, b.local_addr()?)?;
        hears(&b, &data).with_context(|| format!("of {length} bytes"))?;
    }
    Ok(())
}

pub fn order() -> Result<()> {
    const ALL: u32 = 1000;
    const UNDER_WAY: u32 = 50;
    let (a, b) = (bound(LOOPBACK)?, bound(LOOPBACK)?);
    let to = b.local_addr()?;
    let mut sent = 0;
    for heard in 0..ALL {
        while sent < ALL && sent - heard < UNDER_WAY {
            let mut data = [0; 100];
            data[..4].copy_from_slice(&sent.to_le_bytes());
            a.send_to(&data, to)?;
            sent += 1;
        }
        let mut data = [0; 101];
        let length = b.recv(&mut data).with_context(|| format!("after {heard}"))?;
        let number = u32::from_le_bytes([data[0], data[1], data[2], data[3]]);
        ensure!(
            (length, number) == (100, heard),
            "{number} came, of {length} bytes, in place of {heard}"
        );
    }
    Ok(())
}

pub fn connect() -> Result<()> {
    let (a, peer, other) = (bound(LOOPBACK)?, bound(LOOPBACK)?, bound(LOOPBACK)?);
    a.connect(peer.local_addr()?)?;
    a.send(b"to the peer")?;
    hears(&peer, b"to the peer")?;
    other.send_to(b"from another", a.local_addr()?)?;
    peer.send_to(b"from the peer", a.local_addr()?)?;
    hears(&a, b"from the peer")?;
    a.set_read_timeout(Some(A_MOMENT))?;
    match a.recv(&mut [0; 100]) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
        other => anyhow::bail!("who is not the peer was heard: {other:?}"),
    }
}
