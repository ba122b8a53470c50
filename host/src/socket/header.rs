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

/// The headers of a burst with `payload` bytes, all of them looked at before the first is given. The flags and the
/// interface say nothing on sending, so that a burst that was received can be sent back as it is.
///
/// Nothing is kept of them: how many there are is for the guest to choose, and the host's memory is not.
///
/// # Errors
/// `invalid-argument` for what is malformed, `invalid-state` for a header that names an address on a connected socket or
/// none on another, in any of them.
pub(super) fn read_all(
    stride: u32,
    headers: &[u8],
    payload: usize,
    family: Family,
    connected: bool,
) -> Result<impl Iterator<Item = Header>, ErrorCode> {
    let stride = stride as usize;
    if (stride != SHORT && stride != LONG) || !headers.len().is_multiple_of(stride) {
        return Err(ErrorCode::InvalidArgument);
    }
    let list = headers.chunks_exact(stride).filter_map(Raw::new);
    let (mut sum, mut well_formed, mut fitting) = (0_u64, true, true);
    for header in list.clone() {
        sum += u64::from(header.length());
        well_formed &= header.is_well_formed();
        fitting &= (header.port() != 0) != connected;
    }
    if !fitting {
        return Err(ErrorCode::InvalidState);
    }
    if !well_formed || sum != payload as u64 {
        return Err(ErrorCode::InvalidArgument);
    }
    Ok(list.map(move |header| header.read(family)))
}

/// The bytes of a header.
#[derive(Copy, Clone)]
struct Raw<'a> {
    head: &'a [u8; SHORT],
    /// Packet info.
    tail: Option<&'a [u8; LONG - SHORT]>,
}

impl<'a> Raw<'a> {
    /// None: too short, which the caller has ruled out.
    fn new(bytes: &'a [u8]) -> Option<Raw<'a>> {
        let (head, rest) = bytes.split_first_chunk()?;
        Some(Raw {
            head,
            tail: rest.first_chunk(),
        })
    }

    fn length(&self) -> u32 {
        let [a, b, c, d, ..] = *self.head;
        u32::from_le_bytes([a, b, c, d])
    }

    fn port(&self) -> u16 {
        u16::from_le_bytes([self.head[6], self.head[7]])
    }

    fn is_well_formed(&self) -> bool {
        let reserved = self.head[10] | self.head[11];
        let ecn = self.head[8];
        ecn <= 3 && reserved == 0 && self.tail.is_none_or(|tail| tail[4..16] == [0; 12])
    }

    fn read(&self, family: Family) -> Header {
        let head = self.head;
        let segment_size = u16::from_le_bytes([head[4], head[5]]);
        let scope = u32::from_le_bytes([head[12], head[13], head[14], head[15]]);
        let address = |octets: &[u8; 16], port| {
            let ip = Ipv6Addr::from(*octets);
            match (family, ip.to_ipv4_mapped()) {
                (Family::Ipv4, Some(ip)) => SocketAddr::new(ip.into(), port),
                _ => SocketAddrV6::new(ip, port, 0, scope).into(),
            }
        };
        let remote = head.last_chunk().filter(|_| self.port() != 0);
        let source = self.tail.and_then(|tail| tail.last_chunk());
        Header {
            length: self.length() as usize,
            segment_size: (segment_size != 0 && u32::from(segment_size) < self.length()).then_some(segment_size),
            ecn: head[8],
            remote: remote.map(|octets| address(octets, self.port())),
            source: source
                .map(|octets| address(octets, 0))
                .filter(|source| !source.ip().to_canonical().is_unspecified()),
        }
    }
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
            let list = read_all(64, &bytes, 1200, family, false).unwrap();
            let remote = Some(seen.parse().unwrap());
            let header = Header {
                length: 1200,
                segment_size: Some(600),
                ecn: 1,
                remote,
                source: None,
            };
            assert_eq!(list.collect::<Vec<_>>(), [header]);
        }
    }

    #[test]
    fn malformed_headers_are_refused_whole() {
        let good = received("192.0.2.1:7", Arrival::default());
        let read = |stride, bytes: &[u8], payload| read_all(stride, bytes, payload, Family::Ipv4, false).map(drop);
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
