//! Burst headers: the contract's table (`wit/sockets.wit`, interface `bursts`), in one place.

use std::net::{IpAddr, Ipv6Addr, SocketAddr, SocketAddrV6};

use crate::Family;

/// What one header of a burst says.
///
/// ```
/// use datagrant_guest::{Family, burst::Header};
///
/// let header = Header { length: 5, remote: Some("192.0.2.1:53".parse().unwrap()), ..Header::default() };
/// let mut bytes = vec![];
/// header.encode(Header::SIZE, &mut bytes);
/// assert_eq!(Header::decode(&bytes, Family::Ipv4), Some(header));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Bytes of the burst's payload that are this header's.
    pub length: u32,
    /// The payload is datagrams of that many bytes each, the last one maybe shorter; 0: it is one datagram.
    pub segment_size: u16,
    /// Who sent it, or who it goes to. `None` on send: the peer that the socket is connected to.
    pub remote: Option<SocketAddr>,
    /// The ECN bits, 0 to 3 (RFC 3168, section 5).
    pub ecn: u8,
    /// It was longer, and the rest is lost. Without meaning on send.
    pub truncated: bool,
    /// `None`: a header without packet info.
    pub info: Option<PacketInfo>,
}

/// On which way a datagram came, or goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PacketInfo {
    /// The address of this host that it was sent to. On send, the one to send from; `None`: the system's choice.
    pub local: Option<IpAddr>,
    /// The index of the interface. 0: unknown; on send the system's choice.
    pub interface: u32,
}

impl Header {
    /// Bytes of a header without packet info.
    pub const SIZE: usize = 32;
    /// Bytes of a header with packet info.
    pub const SIZE_WITH_INFO: usize = 64;

    /// Appends this header to `out`, in `stride` bytes: [`SIZE`](Self::SIZE), which leaves the packet info out, or
    /// [`SIZE_WITH_INFO`](Self::SIZE_WITH_INFO).
    pub fn encode(&self, stride: usize, out: &mut Vec<u8>) {
        let mut bytes = [0; Self::SIZE_WITH_INFO];
        bytes[0..4].copy_from_slice(&self.length.to_le_bytes());
        bytes[4..6].copy_from_slice(&self.segment_size.to_le_bytes());
        bytes[8] = self.ecn;
        bytes[9] = self.truncated.into();
        if let Some(remote) = self.remote {
            bytes[6..8].copy_from_slice(&remote.port().to_le_bytes());
            if let SocketAddr::V6(remote) = remote {
                bytes[12..16].copy_from_slice(&remote.scope_id().to_le_bytes());
            }
            bytes[16..32].copy_from_slice(&octets(remote.ip()));
        }
        if let Some(info) = self.info {
            bytes[32..36].copy_from_slice(&info.interface.to_le_bytes());
            bytes[48..64].copy_from_slice(&info.local.map_or([0; 16], octets));
        }
        out.extend_from_slice(&bytes[..stride.min(Self::SIZE_WITH_INFO)]);
    }

    /// Reads a header of either size, as a socket of `family` tells addresses: on IPv6 sockets IPv4 stays mapped. `None`
    /// if it has another size.
    pub fn decode(bytes: &[u8], family: Family) -> Option<Self> {
        let short: &[u8; Self::SIZE] = bytes.first_chunk()?;
        let address = ip(part(short, 16), family);
        let port = u16::from_le_bytes(part(short, 6));
        let remote = match address {
            None if port == 0 => None,
            Some(IpAddr::V4(ip)) => Some((ip, port).into()),
            Some(IpAddr::V6(ip)) => Some(v6(ip, port, short)),
            None => Some(v6(Ipv6Addr::UNSPECIFIED, port, short)),
        };
        let info = match bytes.len() {
            Self::SIZE => None,
            Self::SIZE_WITH_INFO => {
                let long: &[u8; Self::SIZE_WITH_INFO] = bytes.first_chunk()?;
                Some(PacketInfo {
                    local: ip(part(long, 48), family),
                    interface: u32::from_le_bytes(part(long, 32)),
                })
            }
            _ => return None,
        };
        Some(Self {
            length: u32::from_le_bytes(part(short, 0)),
            segment_size: u16::from_le_bytes(part(short, 4)),
            remote,
            ecn: short[8],
            truncated: short[9] & 1 == 1,
            info,
        })
    }
}

/// The length alone, of a header of either size.
pub(crate) fn length(header: &[u8]) -> usize {
    let bytes = header.first_chunk().copied().unwrap_or_default();
    u32::from_le_bytes(bytes) as usize
}

/// Makes the length less: that many bytes at the start of the header's payload are gone.
pub(crate) fn shorten(header: &mut [u8], by: usize) {
    let rest = length(header).saturating_sub(by) as u32;
    if let Some(bytes) = header.first_chunk_mut() {
        *bytes = rest.to_le_bytes();
    }
}

/// Leaves the length, the segment size and the remote, and nothing of what a received header tells beside them.
pub(crate) fn plain(header: &mut [u8]) {
    header[8..12].fill(0);
    header[Header::SIZE..].fill(0);
}

fn v6(ip: Ipv6Addr, port: u16, header: &[u8; Header::SIZE]) -> SocketAddr {
    SocketAddrV6::new(ip, port, 0, u32::from_le_bytes(part(header, 12))).into()
}

fn part<const N: usize, const ALL: usize>(bytes: &[u8; ALL], at: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[at..at + N]);
    part
}

fn octets(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
        IpAddr::V6(ip) => ip.octets(),
    }
}

/// All zero is no address.
fn ip(octets: [u8; 16], family: Family) -> Option<IpAddr> {
    let ip = Ipv6Addr::from(octets);
    match (family, ip.to_ipv4_mapped()) {
        _ if ip.is_unspecified() => None,
        (Family::Ipv4, Some(ip)) => Some(ip.into()),
        _ => Some(ip.into()),
    }
}

#[cfg(test)]
#[path = "../tests/burst/header.rs"]
mod tests;
