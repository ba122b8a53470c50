//! Burst headers: bytes of the guest's, read by the host.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use crate::grants::{Grants, Right};
use crate::socket::{Authority, CreateFlags, ErrorCode, Family, SendReport, Socket};

use super::bytes::Bytes;
use super::loopback::{Others, canonical, mapped};

const STRIDES: [u32; 8] = [32, 64, 0, 1, 31, 33, 63, u32::MAX];
/// Ports in headers that stand for an address that is granted, and for one that is not.
const GRANTED: u16 = 0xffff;
const NOT_GRANTED: u16 = 0xfffe;

/// Chooses a socket, a stride and a payload, and takes the rest as the headers of a burst that this socket is to send.
pub fn headers(data: &[u8]) {
    let mut bytes = Bytes(data);
    let family = if bytes.flag() { Family::Ipv6 } else { Family::Ipv4 };
    let (bound, connected, exact) = (bytes.flag(), bytes.flag(), bytes.flag());
    let stride = bytes.one_of(&STRIDES);
    let headers = bytes.0;
    Others::with(|others| {
        let (to, not) = match bytes.0.first() {
            Some(byte) if family == Family::Ipv6 && byte & 2 == 0 => (others.at[3], others.at[4]),
            _ => (others.at[0], others.at[1]),
        };
        let headers = with_addresses(headers, stride, to, not);
        let socket = socket(family, bound, connected.then_some(to), to);
        let read = read(&headers, stride);
        let sum = read.iter().map(|header| u64::from(header.length)).sum::<u64>();
        let payload = vec![0; if exact && sum <= 1 << 20 { sum as usize } else { 100 }];
        let well_formed = matches!(stride, 32 | 64)
            && headers.len().is_multiple_of(stride as usize)
            && sum == payload.len() as u64
            && read
                .iter()
                .all(|header| header.well_formed && (header.remote.port() == 0) == connected);

        let report = socket.send_burst(stride, &headers, &payload);
        if !well_formed {
            assert!(
                matches!(
                    report.stopped,
                    Some(ErrorCode::InvalidArgument | ErrorCode::InvalidState)
                ),
                "{report:?}"
            );
            assert_eq!((report.sent, report.partial), (0, 0));
        }
        is_plausible(&report, &read);
        let went = report.sent + usize::from(report.partial > 0);
        for header in &read[..went] {
            let remote = if connected { to } else { canonical(header.remote) };
            assert_eq!(remote, to, "{report:?}");
        }
        for other in 0..others.at.len() {
            while let Some(from) = others.hears(other) {
                assert_eq!(others.at[other], to, "from {from}");
                assert!(went > 0, "{report:?}");
            }
        }
    });
}

fn is_plausible(report: &SendReport, read: &[Read]) {
    assert!(report.sent <= read.len(), "{report:?}");
    match report.stopped {
        None => assert_eq!((report.sent, report.partial), (read.len(), 0)),
        Some(_) => {
            let next = read.get(report.sent).map_or(0, |header| header.length as usize);
            assert!(report.partial == 0 || report.partial < next, "{report:?}");
        }
    }
}

/// A socket that may send to `to` alone.
fn socket(family: Family, bound: bool, peer: Option<SocketAddr>, to: SocketAddr) -> Arc<Socket> {
    let mut grants = Grants::new();
    grants.allow(Right::Send, &to.to_string()).expect("a pattern");
    // So that a source may be chosen.
    grants.allow(Right::Bind, "0.0.0.0:0").expect("a pattern");
    grants.allow(Right::Bind, "[::]:0").expect("a pattern");
    let authority = Arc::new(Authority::new(grants, None));
    let socket = Socket::create(1, family, CreateFlags::default(), authority).expect("a socket");
    if bound {
        socket.bind(None, false).expect("it is granted");
    }
    if let Some(peer) = peer {
        let peer = if family == Family::Ipv6 { mapped(peer) } else { peer };
        socket.connect(peer).expect("it is granted");
    }
    socket
}

/// The headers, with an address where a port stands for one.
fn with_addresses(headers: &[u8], stride: u32, granted: SocketAddr, not_granted: SocketAddr) -> Vec<u8> {
    let mut headers = headers.to_vec();
    for header in headers.chunks_exact_mut((stride as usize).clamp(32, 64)) {
        let address = match u16::from_le_bytes([header[6], header[7]]) {
            GRANTED => granted,
            NOT_GRANTED => not_granted,
            _ => continue,
        };
        let IpAddr::V6(ip) = mapped(address).ip() else { continue };
        header[6..8].copy_from_slice(&address.port().to_le_bytes());
        header[16..32].copy_from_slice(&ip.octets());
    }
    headers
}

/// A header, read as the contract's table says.
struct Read {
    length: u32,
    remote: SocketAddr,
    well_formed: bool,
}

fn read(headers: &[u8], stride: u32) -> Vec<Read> {
    if stride != 32 && stride != 64 {
        return vec![];
    }
    let read = |header: &[u8]| {
        let ip: [u8; 16] = header[16..32].try_into().expect("16 bytes");
        let zero = |bytes: &[u8]| bytes.iter().all(|byte| *byte == 0);
        Read {
            length: u32::from_le_bytes(header[..4].try_into().expect("4 bytes")),
            remote: SocketAddr::new(
                Ipv6Addr::from(ip).into(),
                u16::from_le_bytes(header[6..8].try_into().expect("2 bytes")),
            ),
            well_formed: header[8] < 4 && zero(&header[10..12]) && (stride == 32 || zero(&header[36..48])),
        }
    };
    headers.chunks_exact(stride as usize).map(read).collect()
}
