//! Control messages (cmsg(3)), read and written as bytes: the kernel asks for no alignment of the buffer as a whole.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Room for what one datagram can carry, in either direction: packet info of both families, ECN, segment size.
pub(super) const BYTES: usize = 128;

const HEADER: usize = size_of::<libc::cmsghdr>();
const ALIGN: usize = size_of::<usize>();

fn aligned(length: usize) -> usize {
    length.next_multiple_of(ALIGN)
}

/// Where and how a datagram arrived, as far as the socket was told to ask.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// Bytes a segment, when the kernel put several datagrams into one; 0: it did not.
    pub(crate) segment_size: u16,
    /// The congestion bits, 0 to 3 (RFC 3168).
    pub(crate) ecn: u8,
    /// The index of the interface, and the address that the datagram was sent to.
    pub(crate) local: Option<(u32, IpAddr)>,
}

impl Arrival {
    /// Reads what recvmsg(2) wrote. What is not known, or cut off, is passed over.
    pub(super) fn read(mut control: &[u8]) -> Arrival {
        let mut arrival = Arrival::default();
        while let Some((length, level, kind)) = header(control) {
            let Some(data) = control.get(aligned(HEADER)..length) else {
                break;
            };
            match (level, kind) {
                (libc::IPPROTO_IP, libc::IP_TOS) => arrival.ecn = data.first().map_or(0, |tos| tos & 3),
                (libc::IPPROTO_IPV6, libc::IPV6_TCLASS) => arrival.ecn = int(data).map_or(0, |class| class as u8 & 3),
                (libc::SOL_UDP, libc::UDP_GRO) => arrival.segment_size = int(data).unwrap_or(0) as u16,
                // struct in_pktinfo: interface, local address, destination of the header. A datagram to a broadcast address
                // has that in the last one; the second is the address to answer from.
                (libc::IPPROTO_IP, libc::IP_PKTINFO) => {
                    if let (Some(interface), Some(address)) = (int(data), bytes::<4>(data, 8)) {
                        arrival.local = Some((interface, Ipv4Addr::from(address).into()));
                    }
                }
                // struct in6_pktinfo: address, interface.
                (libc::IPPROTO_IPV6, libc::IPV6_PKTINFO) => {
                    if let (Some(address), Some(interface)) = (bytes::<16>(data, 0), bytes::<4>(data, 16)) {
                        let address = Ipv6Addr::from(address).to_canonical();
                        arrival.local = Some((u32::from_ne_bytes(interface), address));
                    }
                }
                _ => {}
            }
            let Some(rest) = control.get(aligned(length)..) else {
                break;
            };
            control = rest;
        }
        arrival
    }
}

/// Length with header, level and type of the first message.
fn header(control: &[u8]) -> Option<(usize, i32, i32)> {
    let length = usize::from_ne_bytes(bytes(control, 0)?);
    let level = i32::from_ne_bytes(bytes(control, ALIGN)?);
    let kind = i32::from_ne_bytes(bytes(control, ALIGN + 4)?);
    (length >= HEADER && length <= control.len()).then_some((length, level, kind))
}

fn int(data: &[u8]) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes(data, 0)?))
}

fn bytes<const N: usize>(data: &[u8], at: usize) -> Option<[u8; N]> {
    data.get(at..at + N)?.try_into().ok()
}

/// Control messages for one datagram to send.
pub(super) struct Writer<'a> {
    buffer: &'a mut [u8; BYTES],
    length: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(buffer: &'a mut [u8; BYTES]) -> Writer<'a> {
        Writer { buffer, length: 0 }
    }

    /// Bytes written so far.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// UDP_SEGMENT: cut into datagrams of that many bytes.
    pub(super) fn segment_size(&mut self, bytes: u16) {
        self.put(libc::SOL_UDP, libc::UDP_SEGMENT, &bytes.to_ne_bytes());
    }

    /// The congestion bits. An IPv4 datagram of an IPv6 socket has a type of service too.
    pub(super) fn ecn(&mut self, bits: u8, ipv4: bool) {
        let value = i32::from(bits).to_ne_bytes();
        match ipv4 {
            true => self.put(libc::IPPROTO_IP, libc::IP_TOS, &value),
            false => self.put(libc::IPPROTO_IPV6, libc::IPV6_TCLASS, &value),
        }
    }

    /// The address to send from and the interface to leave by; the route chooses what is not given. An IPv4 datagram takes
    /// that of IPv4, on an IPv6 socket too (Linux refuses an interface in the other one).
    pub(super) fn packet_info(&mut self, source: Option<IpAddr>, interface: u32, ipv4: bool) {
        let source = source.map(|source| source.to_canonical());
        if ipv4 {
            let mut info = [0; 12];
            info[..4].copy_from_slice(&interface.to_ne_bytes());
            if let Some(IpAddr::V4(source)) = source {
                info[4..8].copy_from_slice(&source.octets());
            }
            self.put(libc::IPPROTO_IP, libc::IP_PKTINFO, &info);
        } else {
            let mut info = [0; 20];
            if let Some(IpAddr::V6(source)) = source {
                info[..16].copy_from_slice(&source.octets());
            }
            info[16..].copy_from_slice(&interface.to_ne_bytes());
            self.put(libc::IPPROTO_IPV6, libc::IPV6_PKTINFO, &info);
        }
    }

    fn put(&mut self, level: i32, kind: i32, data: &[u8]) {
        let start = self.length;
        let end = start + aligned(HEADER) + data.len();
        let space = &mut self.buffer[start..start + aligned(end - start)];
        space.fill(0);
        space[..ALIGN].copy_from_slice(&(end - start).to_ne_bytes());
        space[ALIGN..ALIGN + 4].copy_from_slice(&level.to_ne_bytes());
        space[ALIGN + 4..ALIGN + 8].copy_from_slice(&kind.to_ne_bytes());
        space[aligned(HEADER)..end - start].copy_from_slice(data);
        self.length = start + aligned(end - start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut buffer = [0xff; BYTES];
        let mut writer = Writer::new(&mut buffer);
        writer.ecn(2, false);
        writer.packet_info(Some(Ipv6Addr::LOCALHOST.into()), 7, false);
        let length = writer.length();
        let arrival = Arrival::read(&buffer[..length]);
        assert_eq!(
            arrival,
            Arrival {
                segment_size: 0,
                ecn: 2,
                local: Some((7, Ipv6Addr::LOCALHOST.into()))
            }
        );
    }

    #[test]
    fn whatever_bytes_are_there_reading_ends() {
        let mut random = 0x2545_f491_4f6c_dd1d_u64;
        for _ in 0..10_000 {
            let mut buffer = [0; BYTES];
            for word in buffer.chunks_exact_mut(8) {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                // Mostly small numbers, so that lengths are often plausible.
                word.copy_from_slice(&(random % 97).to_ne_bytes());
            }
            for length in 0..BYTES {
                Arrival::read(&buffer[..length]);
            }
        }
    }

    #[test]
    fn everything_at_once_has_room() {
        for ipv6 in [false, true] {
            let mut buffer = [0; BYTES];
            let mut writer = Writer::new(&mut buffer);
            writer.segment_size(1200);
            writer.ecn(1, !ipv6);
            writer.packet_info(Some(Ipv4Addr::LOCALHOST.into()), 7, !ipv6);
            assert!(writer.length() <= BYTES);
        }
    }
}
