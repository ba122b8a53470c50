//! Burst headers: the one place that knows their layout (`wit/README.md`, "Burst headers").

use super::{ErrorCode, Family};
use crate::grants::Endpoint;
use crate::sys::Arrival;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, SocketAddrV6};

/// Bytes of a header, and of one with packet info.
pub(super) const SHORT: usize = 32;
pub(super) const LONG: usize = 64;

/// Flag: the datagram was cut.
const TRUNCATED: u8 = 1;

/// An address as headers have it: 16 bytes in network order, IPv4 as mapped.
fn octets(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
        IpAddr::V6(ip) => ip.octets(),
    }
}

/// Writes the header of a datagram that arrived.
pub(super) fn write(into: &mut Vec<u8>, stride: usize, length: usize, source: Endpoint, cut: bool, arrival: &Arrival) {
    let mut header = [0; LONG];
    header[0..4].copy_from_slice(&(length as u32).to_le_bytes());
    header[4..6].copy_from_slice(&arrival.segment_size.to_le_bytes());
    header[6..8].copy_from_slice(&source.port().to_le_bytes());
    header[8] = arrival.ecn;
    header[9] = if cut { TRUNCATED } else { 0 };
    header[12..16].copy_from_slice(&source.scope_id().to_le_bytes());
    header[16..32].copy_from_slice(&octets(source.ip()));
    if let Some((interface, address)) = arrival.local {
        header[32..36].copy_from_slice(&interface.to_le_bytes());
        header[48..64].copy_from_slice(&octets(address));
    }
    into.extend_from_slice(&header[..stride]);
}

/// A header of a burst to send. Its addresses are not judged yet.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Bytes of payload.
    pub(super) length: usize,
    /// Bytes of each datagram, if that is less than all of them.
    pub(super) segment_size: Option<u16>,
    /// The congestion bits, 0 to 3.
    pub(super) ecn: u8,
    /// None: the connected peer.
    pub(super) remote: Option<SocketAddr>,
    /// The address to send from, on the interface of the remote address if it is link-local.
    pub(super) source: Option<SocketAddr>,
}

/// Reads all headers of a burst with `payload` bytes. The flags and the interface say nothing on sending, so that a burst
/// that was received can be sent back as it is.
///
/// # Errors
/// `invalid-argument` for what is malformed, in any of them.
pub(super) fn read_all(stride: u32, headers: &[u8], payload: usize, family: Family) -> Result<Vec<Header>, ErrorCode> {
    let stride = stride as usize;
    if (stride != SHORT && stride != LONG) || !headers.len().is_multiple_of(stride) {
        return Err(ErrorCode::InvalidArgument);
    }
    let mut list = Vec::with_capacity(headers.len() / stride);
    let mut sum = 0_usize;
    for bytes in headers.chunks_exact(stride) {
        let header = read(bytes, family)?;
        sum = sum.checked_add(header.length).ok_or(ErrorCode::InvalidArgument)?;
        list.push(header);
    }
    if sum == payload {
        Ok(list)
    } else {
        Err(ErrorCode::InvalidArgument)
    }
}

fn read(bytes: &[u8], family: Family) -> Result<Header, ErrorCode> {
    let length = u32::from_le_bytes(field(bytes, 0)?);
    let segment_size = u16::from_le_bytes(field(bytes, 4)?);
    let port = u16::from_le_bytes(field(bytes, 6)?);
    let [ecn] = field(bytes, 8)?;
    let scope = u32::from_le_bytes(field(bytes, 12)?);
    let long = bytes.len() == LONG;
    let reserved = field(bytes, 10)? != [0; 2] || (long && field(bytes, 36)? != [0; 12]);
    if ecn > 3 || reserved {
        return Err(ErrorCode::InvalidArgument);
    }
    let address = |ip: Ipv6Addr, port| match (family, ip.to_ipv4_mapped()) {
        (Family::Ipv4, Some(ip)) => SocketAddr::new(ip.into(), port),
        _ => SocketAddrV6::new(ip, port, 0, scope).into(),
    };
    let source = if long {
        Ipv6Addr::from(field(bytes, 48)?)
    } else {
        Ipv6Addr::UNSPECIFIED
    };
    let remote = Ipv6Addr::from(field(bytes, 16)?);
    Ok(Header {
        length: length as usize,
        segment_size: (segment_size != 0 && u32::from(segment_size) < length).then_some(segment_size),
        ecn,
        remote: (port != 0).then(|| address(remote, port)),
        source: (!source.to_canonical().is_unspecified()).then(|| address(source, 0)),
    })
}

fn field<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], ErrorCode> {
    bytes
        .get(at..)
        .and_then(<[u8]>::first_chunk)
        .copied()
        .ok_or(ErrorCode::InvalidArgument)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(source: &str, arrival: Arrival) -> Vec<u8> {
        let mut bytes = Vec::new();
        let source = Endpoint::new(source.parse().unwrap()).unwrap();
        write(&mut bytes, LONG, 1200, source, true, &arrival);
        bytes
    }

    #[test]
    fn a_header_stands_as_the_table_says() {
        let local = Some((7, "10.0.0.1".parse().unwrap()));
        let bytes = received(
            "[fe80::1%3]:53",
            Arrival {
                segment_size: 600,
                ecn: 2,
                local,
            },
        );
        let mut expected = [0; LONG];
        expected[..16].copy_from_slice(&[0xb0, 4, 0, 0, 0x58, 2, 53, 0, 2, 1, 0, 0, 3, 0, 0, 0]);
        expected[16..18].copy_from_slice(&[0xfe, 0x80]);
        expected[31] = 1;
        expected[32] = 7;
        expected[58..64].copy_from_slice(&[0xff, 0xff, 10, 0, 0, 1]);
        assert_eq!(bytes, expected);
    }

    #[test]
    fn what_was_received_can_be_sent_back() {
        for (family, source, seen) in [
            (Family::Ipv4, "192.0.2.1:7", "192.0.2.1:7"),
            (Family::Ipv6, "[2001:db8::1]:7", "[2001:db8::1]:7"),
            (Family::Ipv6, "192.0.2.1:7", "[::ffff:192.0.2.1]:7"),
        ] {
            let bytes = received(
                source,
                Arrival {
                    segment_size: 600,
                    ecn: 1,
                    local: None,
                },
            );
            let list = read_all(64, &bytes, 1200, family).unwrap();
            let remote = Some(seen.parse().unwrap());
            let header = Header {
                length: 1200,
                segment_size: Some(600),
                ecn: 1,
                remote,
                source: None,
            };
            assert_eq!(list, [header]);
        }
    }

    #[test]
    fn malformed_headers_are_refused_whole() {
        let good = received("192.0.2.1:7", Arrival::default());
        let read = |stride, bytes: &[u8], payload| read_all(stride, bytes, payload, Family::Ipv4);
        assert!(read(64, &good, 1200).is_ok());
        assert!(read(64, &[], 0).is_ok());
        let with = |at: usize, byte| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            bytes
        };
        for (stride, bytes, payload) in [
            (0, &good[..], 1200),
            (33, &good[..], 1200),
            (64, &good[..63], 1200),
            (64, &good[..], 1199),
            (64, &good[..], 1201),
            (64, &[], 1),
            (64, &with(8, 4), 1200),
            (64, &with(10, 1), 1200),
            (64, &with(47, 1), 1200),
        ] {
            assert_eq!(read(stride, bytes, payload), Err(ErrorCode::InvalidArgument));
        }
    }
}
