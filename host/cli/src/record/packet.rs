//! IP and UDP headers around what a guest sends and receives, and off again.

use anyhow::{Result, anyhow};
use etherparse::{
    IpFragOffset, IpHeaders, IpNumber, Ipv4Header, Ipv6Header, PacketBuilder, SlicedPacket, TransportSlice,
};
use std::net::{IpAddr, SocketAddr};

/// Hops are not told; this is what most systems begin with.
const HOPS: u8 = 64;

/// The datagram as it is on the wire, with its checksums. None: no such datagram can be, of two families or too long.
pub fn packet(source: SocketAddr, destination: SocketAddr, ecn: u8, data: &[u8]) -> Option<Vec<u8>> {
    let ip = match (source.ip(), destination.ip()) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => {
            let mut header = Ipv4Header::new(0, HOPS, IpNumber::UDP, source.octets(), destination.octets()).ok()?;
            header.ecn = (ecn & 3).try_into().ok()?;
            header.dont_fragment = true;
            header.fragment_offset = IpFragOffset::ZERO;
            IpHeaders::Ipv4(header, Default::default())
        }
        (IpAddr::V6(source), IpAddr::V6(destination)) => {
            let header = Ipv6Header {
                traffic_class: ecn & 3,
                hop_limit: HOPS,
                source: source.octets(),
                destination: destination.octets(),
                ..Ipv6Header::default()
            };
            IpHeaders::Ipv6(header, Default::default())
        }
        _ => return None,
    };
    let builder = PacketBuilder::ip(ip).udp(source.port(), destination.port());
    let mut packet = Vec::with_capacity(builder.size(data.len()));
    builder.write(&mut packet, data).ok()?;
    Some(packet)
}

/// The payload of a packet that [`packet`] made.
pub fn payload(packet: &[u8]) -> Result<&[u8]> {
    match SlicedPacket::from_ip(packet)?.transport {
        Some(TransportSlice::Udp(udp)) => Ok(udp.payload()),
        _ => Err(anyhow!("it is no UDP datagram")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_whatever_its_size() {
        let big = vec![7; 65_527];
        for (from, to, most) in [
            ("192.0.2.1:53", "255.255.255.255:9", 65_507),
            ("[2001:db8::1]:53", "[ff02::fb%2]:5353", 65_527),
        ] {
            for length in [0, 1, 2, 1472, most] {
                let packet = packet(from.parse().unwrap(), to.parse().unwrap(), 3, &big[..length]).unwrap();
                assert_eq!(payload(&packet).unwrap(), &big[..length], "{from}");
            }
        }
    }

    #[test]
    fn what_is_no_datagram_is_none() {
        let (v4, v6) = ("192.0.2.1:53".parse().unwrap(), "[2001:db8::1]:53".parse().unwrap());
        assert_eq!(packet(v4, v6, 0, b"x"), None);
        assert_eq!(packet(v4, v4, 0, &vec![0; 65_508]), None);
        assert_eq!(packet(v6, v6, 0, &vec![0; 65_528]), None);
        let whole = packet(v4, v4, 0, b"some data").unwrap();
        for length in 0..whole.len() {
            assert!(payload(&whole[..length]).is_err(), "{length}");
        }
    }
}
