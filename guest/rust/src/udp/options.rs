//! Options of the socket: some are the guest's own, the others the kernel's.

use std::{io, time::Duration};

use super::UdpSocket;
use crate::Error;
use crate::error::Refusal;

impl UdpSocket {
    /// How long a receive waits at most; `None` is for ever. Then it answers [`io::ErrorKind::WouldBlock`], as std does
    /// on Unix. A duration of zero is [`io::ErrorKind::InvalidInput`].
    pub fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        self.shared.lock().read_timeout = nonzero(timeout)?;
        Ok(())
    }

    /// What [`set_read_timeout`](Self::set_read_timeout) set.
    pub fn read_timeout(&self) -> io::Result<Option<Duration>> {
        Ok(self.shared.lock().read_timeout)
    }

    /// How long a send waits for room in the kernel's buffer at most; as [`set_read_timeout`](Self::set_read_timeout).
    pub fn set_write_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        self.shared.lock().write_timeout = nonzero(timeout)?;
        Ok(())
    }

    /// What [`set_write_timeout`](Self::set_write_timeout) set.
    pub fn write_timeout(&self) -> io::Result<Option<Duration>> {
        Ok(self.shared.lock().write_timeout)
    }

    /// Whether calls that would wait answer [`io::ErrorKind::WouldBlock`] instead.
    pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {
        self.shared.lock().nonblocking = nonblocking;
        Ok(())
    }

    /// Whether datagrams may go to broadcast addresses. That needs a broadcast grant too, which a send is judged by.
    pub fn set_broadcast(&self, on: bool) -> io::Result<()> {
        let result = self.shared.raw.set_broadcast(on);
        result.map_err(|code| Error::new("setBroadcast", None, code))?;
        self.shared.lock().broadcast = on;
        Ok(())
    }

    /// What [`set_broadcast`](Self::set_broadcast) set; off at first.
    pub fn broadcast(&self) -> io::Result<bool> {
        Ok(self.shared.lock().broadcast)
    }

    /// The number of hops that datagrams may take: 1 to 255.
    pub fn set_ttl(&self, ttl: u32) -> io::Result<()> {
        let hops = hops(ttl)?;
        Ok(self
            .shared
            .raw
            .set_ttl(hops)
            .map_err(|code| Error::new("setTTL", None, code))?)
    }

    /// The size of the kernel's receive buffer in bytes. Linux tells double of what was set.
    pub fn receive_buffer_bytes(&self) -> io::Result<u32> {
        let bytes = self.shared.raw.receive_buffer_bytes();
        Ok(bytes.map_err(|code| Error::new("uv_recv_buffer_size", None, code))?)
    }

    /// Asks for a receive buffer of that many bytes.
    pub fn set_receive_buffer_bytes(&self, bytes: u32) -> io::Result<()> {
        let result = self.shared.raw.set_receive_buffer_bytes(bytes);
        Ok(result.map_err(|code| Error::new("uv_recv_buffer_size", None, code))?)
    }

    /// The size of the kernel's send buffer in bytes. Linux tells double of what was set.
    pub fn send_buffer_bytes(&self) -> io::Result<u32> {
        let bytes = self.shared.raw.send_buffer_bytes();
        Ok(bytes.map_err(|code| Error::new("uv_send_buffer_size", None, code))?)
    }

    /// Asks for a send buffer of that many bytes.
    pub fn set_send_buffer_bytes(&self, bytes: u32) -> io::Result<()> {
        let result = self.shared.raw.set_send_buffer_bytes(bytes);
        Ok(result.map_err(|code| Error::new("uv_send_buffer_size", None, code))?)
    }
}

fn nonzero(timeout: Option<Duration>) -> io::Result<Option<Duration>> {
    if timeout == Some(Duration::ZERO) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "cannot set a 0 duration timeout",
        ));
    }
    Ok(timeout)
}

/// The contract counts hops in a byte, std in a `u32`; for unicast neither has a use for 0.
pub(crate) fn hops(ttl: u32) -> io::Result<u8> {
    match u8::try_from(ttl) {
        Ok(hops) if hops > 0 => Ok(hops),
        _ => Err(Error::refused("setTTL", Refusal::Hops).into()),
    }
}

pub(crate) fn multicast_hops(ttl: u32) -> io::Result<u8> {
    u8::try_from(ttl).map_err(|_| Error::refused("setMulticastTTL", Refusal::MulticastHops).into())
}
