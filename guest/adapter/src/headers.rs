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

/// A header of `bursts.send`.
pub(crate) struct Header {
    pub(crate) length: usize,
    /// Bytes of each datagram but the last; 0: one datagram.
    pub(crate) segment: usize,
    /// Whether it names a destination, rather than leaving it to the connected peer.
    pub(crate) named: bool,
    /// The destination. An error is this header's alone: those before it are sent.
    pub(crate) to: Result<Option<SocketAddr>, ErrorCode>,
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
    if !matches!(stride, STRIDE | STRIDE_WITH_PACKET_INFO) || !headers.len().is_multiple_of(stride) {
        return Err(ErrorCode::InvalidArgument);
    }
    Ok(headers.chunks_exact(stride))
}

/// # Errors
/// `invalid-argument` if it is malformed, whoever it is for.
pub(crate) fn read(header: &[u8], family: IpAddressFamily) -> Result<Header, ErrorCode> {
    let [ecn] = bytes(header, 8);
    if ecn > 3 || bytes::<2>(header, 10) != [0; 2] || bytes::<12>(header, 36) != [0; 12] {
        return Err(ErrorCode::InvalidArgument);
    }
    let port = u16::from_le_bytes(bytes(header, 6));
    let scope = u32::from_le_bytes(bytes(header, 12));
    let address = from_bytes(bytes(header, 16), port, scope);
    // What `wasi:sockets` cannot do: ECN, and the choice of a source address. The interface says nothing on send.
    let plain = ecn == 0 && bytes::<16>(header, 48) == [0; 16];
    let to = if !plain {
        Err(ErrorCode::NotSupported)
    } else if port == 0 {
        Ok(None)
    } else {
        destination_std(address, family).map(Some)
    };
    Ok(Header {
        length: usize::try_from(u32::from_le_bytes(bytes(header, 0))).unwrap_or(usize::MAX),
        segment: u16::from_le_bytes(bytes(header, 4)).into(),
        named: port != 0,
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
