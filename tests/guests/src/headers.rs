//! Burst headers, read and written by the contract's table, apart from every implementation.

use crate::bindings::types::{Burst, IpSocketAddress};
use crate::std_address;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// What a header of a datagram that arrived says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "as in the contract")]
pub struct Header {
    pub length: u32,
    pub segment: u16,
    pub ecn: u8,
    pub truncated: bool,
    pub remote: SocketAddr,
    /// With packet info: the interface, and the local address.
    pub local: Option<(u32, IpAddr)>,
}

/// The datagrams of a burst, each with its header.
///
/// # Panics
/// If the burst is not as the table says.
#[must_use]
pub fn read(burst: &Burst) -> Vec<(Header, Vec<u8>)> {
    let mut rest = burst.payload.as_slice();
    let stride = burst.stride as usize;
    assert!(stride == 32 || stride == 64, "a stride of {stride}");
    assert!(burst.headers.len().is_multiple_of(stride), "whole headers");
    let list = burst.headers.chunks_exact(stride).map(|h| {
        let ip =
            |at| IpAddr::from(Ipv6Addr::from(<[u8; 16]>::try_from(&h[at..at + 16]).expect("sixteen"))).to_canonical();
        let header = Header {
            length: u32_at(h, 0),
            segment: u16_at(h, 4),
            ecn: h[8],
            truncated: h[9] & 1 == 1,
            remote: (ip(16), u16_at(h, 6)).into(),
            local: (stride == 64).then(|| (u32_at(h, 32), ip(48))),
        };
        assert_eq!(h[10..12], [0; 2], "reserved");
        let (mine, after) = rest.split_at(header.length as usize);
        rest = after;
        (header, mine.to_vec())
    });
    let list = list.collect();
    assert!(rest.is_empty(), "the lengths add up");
    list
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four"))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(bytes[at..at + 2].try_into().expect("two"))
}

/// A header of 32 bytes to send.
#[must_use]
pub fn header(length: usize, segment: u16, to: Option<IpSocketAddress>) -> Vec<u8> {
    let mut h = vec![0; 32];
    h[0..4].copy_from_slice(&(length as u32).to_le_bytes());
    h[4..6].copy_from_slice(&segment.to_le_bytes());
    if let Some(to) = to.map(std_address) {
        h[6..8].copy_from_slice(&to.port().to_le_bytes());
        h[16..32].copy_from_slice(&octets(to.ip()));
    }
    h
}

/// A header of 64 bytes to send, from an address of one's own.
#[must_use]
pub fn header_from(length: usize, to: IpSocketAddress, source: IpAddr) -> Vec<u8> {
    let mut h = header(length, 0, Some(to));
    h.resize(48, 0);
    h.extend(octets(source));
    h
}

fn octets(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
        IpAddr::V6(ip) => ip.octets(),
    }
}
