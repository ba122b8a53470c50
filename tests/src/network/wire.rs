//! What passes a host's interfaces, whoever it is for.

use super::{Host, PATIENCE};
use socket2::{Domain, Protocol, Socket, Type};
use std::io::{ErrorKind, Read};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A listener on all interfaces of a host: it sees what arrives and what leaves, in order (packet(7)).
#[derive(Debug)]
pub struct Wire(Socket);

/// A UDP datagram on the wire; of a fragmented one, its first fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Who says to have sent it.
    pub source: SocketAddr,
    /// Whom it is for.
    pub destination: SocketAddr,
    /// How many hops it has left, this one included.
    pub hops: u8,
    /// It is the first of several.
    pub fragmented: bool,
    /// Its text.
    pub payload: String,
}

impl Host {
    /// Listens on all interfaces from now on.
    #[track_caller]
    pub fn wire(&self) -> Wire {
        let every_protocol = Protocol::from(i32::from((libc::ETH_P_ALL as u16).to_be()));
        // DGRAM: without the Ethernet header.
        let socket = self.within(|| Socket::new(Domain::PACKET, Type::DGRAM, Some(every_protocol)));
        let socket = socket.expect("root may");
        socket.set_read_timeout(Some(PATIENCE)).expect("not zero");
        Wire(socket)
    }
}

impl Wire {
    /// The UDP datagrams that were seen since the last call, up to the one with this text, which is the last.
    #[track_caller]
    pub fn until(&self, payload: &str) -> Vec<Packet> {
        let mut seen: Vec<Packet> = Vec::new();
        let mut buffer = [0; 65_536];
        while seen.last().is_none_or(|last| last.payload != payload) {
            match (&self.0).read(&mut buffer) {
                Ok(length) => seen.extend(Packet::read(&buffer[..length])),
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => panic!("no {payload:?} on the wire ({e}), but {seen:#?}"),
            }
        }
        seen
    }
}

impl Packet {
    /// None for what is no UDP datagram, or a later fragment of one.
    fn read(packet: &[u8]) -> Option<Packet> {
        const UDP: u8 = 17;
        const FRAGMENT: u8 = 44;
        let (source, destination, hops, fragmented, udp): (IpAddr, IpAddr, u8, bool, &[u8]) = match packet.first()? >> 4
        {
            4 => {
                let fragment = u16::from_be_bytes(array(packet, 6)?);
                if packet.get(9) != Some(&UDP) || fragment & 0x1fff != 0 {
                    return None;
                }
                let address = |at| array(packet, at).map(|address| Ipv4Addr::from(address).into());
                let udp = packet.get(usize::from(packet[0] & 15) * 4..)?;
                (address(12)?, address(16)?, packet[8], fragment & 0x2000 != 0, udp)
            }
            6 => {
                let address = |at| array(packet, at).map(|address: [u8; 16]| Ipv6Addr::from(address).into());
                let (fragmented, udp) = match *packet.get(6)? {
                    UDP => (false, packet.get(40..)?),
                    FRAGMENT if packet.get(40) == Some(&UDP) => {
                        if u16::from_be_bytes(array(packet, 42)?) & 0xfff8 != 0 {
                            return None;
                        }
                        (true, packet.get(48..)?)
                    }
                    _ => return None,
                };
                (address(8)?, address(24)?, packet[7], fragmented, udp)
            }
            _ => return None,
        };
        Some(Packet {
            source: (source, u16::from_be_bytes(array(udp, 0)?)).into(),
            destination: (destination, u16::from_be_bytes(array(udp, 2)?)).into(),
            hops,
            fragmented,
            payload: String::from_utf8_lossy(udp.get(8..)?).into_owned(),
        })
    }
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}
