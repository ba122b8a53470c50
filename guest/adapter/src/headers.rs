//! Burst headers: little-endian records of 32 bytes, or of 64 with packet info.
//!
//! | offset | |  | offset | |
//! |---|---|---|---|---|
//! | 0 | u32 length | | 10 | 2 bytes zero |
//! | 4 | u16 segment size (0: none) | | 12 | u32 scope id |
//! | 6 | u16 port (0 on send: the connected peer) | | 16 | 16 bytes address, IPv4 as mapped |
//! | 8 | u8 ECN | | 32 | u32 interface index |
//! | 9 | u8 flags (bit 0: truncated) | | 36 | 12 bytes zero, then 16 bytes local address |

use crate::addresses::{destination_std, from_bytes, to_bytes};
use crate::bindings::datagrant::dgram::types::{ErrorCode, IpAddressFamily};
use std::net::SocketAddr;

/// The short header, the only one that is written here.
pub(crate) const STRIDE: usize = 32;
const STRIDE_WITH_PACKET_INFO: usize = 64;

/// A header of `bursts.send`, as far as `wasi:sockets` can do it.
pub(crate) struct Header {
    pub(crate) length: usize,
    /// Bytes of each datagram but the last; 0: one datagram.
    pub(crate) segment: usize,
    /// None: the connected peer.
    pub(crate) to: Option<SocketAddr>,
}

/// The bytes at an offset; a header that is too short reads as zeros.
fn bytes<const N: usize>(header: &[u8], at: usize) -> [u8; N] {
    header
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .copied()
        .unwrap_or([0; N])
}

/// Cuts `headers` into one slice a header.
pub(crate) fn split(stride: u32, headers: &[u8]) -> Result<impl Iterator<Item = &[u8]>, ErrorCode> {
    let stride = usize::try_from(stride).unwrap_or(0);
    if !matches!(stride, STRIDE | STRIDE_WITH_PACKET_INFO) || !headers.len().is_multiple_of(stride)
    {
        return Err(ErrorCode::InvalidArgument);
    }
    Ok(headers.chunks_exact(stride))
}

/// # Errors
/// `not-supported` if it asks for ECN or for a source address; otherwise those of a send.
pub(crate) fn read(header: &[u8], family: IpAddressFamily) -> Result<Header, ErrorCode> {
    let asks = |at, len| {
        header
            .get(at..at + len)
            .is_some_and(|b: &[u8]| b.iter().any(|b| *b != 0))
    };
    if asks(10, 2) || asks(36, 12) {
        return Err(ErrorCode::InvalidArgument);
    }
    if asks(8, 1) || asks(32, 4) || asks(48, 16) {
        return Err(ErrorCode::NotSupported);
    }
    let port = u16::from_le_bytes(bytes(header, 6));
    let to = match port {
        0 => None,
        _ => {
            let scope = u32::from_le_bytes(bytes(header, 12));
            Some(destination_std(
                from_bytes(bytes(header, 16), port, scope),
                family,
            )?)
        }
    };
    Ok(Header {
        length: usize::try_from(u32::from_le_bytes(bytes(header, 0))).unwrap_or(usize::MAX),
        segment: u16::from_le_bytes(bytes(header, 4)).into(),
        to,
    })
}

/// Appends the header of a datagram that was received.
pub(crate) fn write(out: &mut Vec<u8>, length: u32, truncated: bool, from: SocketAddr) {
    let (ip, scope) = to_bytes(from);
    out.extend(length.to_le_bytes());
    out.extend([0, 0]);
    out.extend(from.port().to_le_bytes());
    out.extend([0, truncated.into(), 0, 0]);
    out.extend(scope.to_le_bytes());
    out.extend(ip);
}
