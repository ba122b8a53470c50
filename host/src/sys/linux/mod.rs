//! The backend for Linux.

mod address;
mod adopt;
mod control;
mod filter;
mod interfaces;
mod multicast;
mod receive;
mod send;
mod socket;
mod watched;

pub(crate) use adopt::Settings;
pub(crate) use control::Arrival;
pub(crate) use interfaces::{interface_to, interface_with};
pub(crate) use multicast::Membership;
pub(crate) use receive::{MAX_DATAGRAM_BYTES, ReceiveOptions, Received};
pub(crate) use send::Outgoing;
pub(crate) use socket::{BindOptions, BurstOptions, Socket};
pub(crate) use watched::Watched;

use std::io;
use std::net::{IpAddr, SocketAddr};

/// The most datagrams that one call receives or sends.
pub(crate) const MAX_BATCH: usize = 64;

/// Calls until no signal interrupts, and turns -1 into errno.
fn retry(mut call: impl FnMut() -> libc::c_int) -> io::Result<usize> {
    loop {
        match usize::try_from(call()) {
            Ok(count) => return Ok(count),
            Err(_) => {
                let error = io::Error::last_os_error();
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(error);
                }
            }
        }
    }
}

/// Whether `address` (its port does not matter) belongs to this host: whether a socket can be bound to it. Where the
/// system lets sockets bind to foreign addresses (`ip_nonlocal_bind`), or when no socket can be had, the answer is yes.
pub(crate) fn is_own_address(address: SocketAddr) -> bool {
    let mut any_port = address;
    any_port.set_port(0);
    match Socket::open(address.is_ipv6()) {
        Ok(scratch) => match scratch.bind(any_port, Default::default()) {
            Ok(()) => true,
            Err(e) => e.raw_os_error() != Some(libc::EADDRNOTAVAIL),
        },
        Err(_) => true,
    }
}

/// The address that a datagram to `remote` would be sent from; none where there is no way to it, or no socket to ask with.
pub(crate) fn source_of(remote: SocketAddr) -> Option<IpAddr> {
    let scratch = Socket::open(remote.is_ipv6()).ok()?;
    // Connecting sends nothing.
    scratch.connect(remote).ok()?;
    Some(scratch.local_address().ok()?.ip())
}

#[cfg(test)]
mod tests;
