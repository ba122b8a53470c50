//! What the kernel drops before it is in the queue: classic BPF.

use super::Socket;
use socket2::SockFilter;
use std::io;
use std::net::{IpAddr, SocketAddr};

/// Load a word, or half of one, from a place in the packet; jump if it is equal; end with so many bytes of the packet.
const LOAD_WORD: u32 = libc::BPF_LD | libc::BPF_W | libc::BPF_ABS;
const LOAD_HALF: u32 = libc::BPF_LD | libc::BPF_H | libc::BPF_ABS;
const JUMP_EQUAL: u32 = libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K;
const RETURN: u32 = libc::BPF_RET | libc::BPF_K;

/// Where a filter of a UDP socket finds things: the packet begins with the UDP header; the IP header is at SKF_NET_OFF, and
/// SKF_AD_PROTOCOL tells of which version it is.
const SOURCE_PORT: u32 = 0;
const PROTOCOL: u32 = (libc::SKF_AD_OFF + libc::SKF_AD_PROTOCOL) as u32;
const IPV4_SOURCE: u32 = libc::SKF_NET_OFF as u32 + 12;
const IPV6_SOURCE: u32 = libc::SKF_NET_OFF as u32 + 8;

impl Socket {
    /// From now on only datagrams of this source get into the queue; what is there stays. A zone is not looked at.
    pub(crate) fn hear_only(&self, source: SocketAddr) -> io::Result<()> {
        self.inner.attach_filter(&program(source))
    }

    /// Ends that.
    pub(crate) fn hear_all(&self) -> io::Result<()> {
        self.inner.detach_filter()
    }
}

/// Compares protocol, source port and source address; what differs is dropped.
fn program(source: SocketAddr) -> Vec<SockFilter> {
    let (protocol, at, address) = match source.ip().to_canonical() {
        IpAddr::V4(ip) => (libc::ETH_P_IP, IPV4_SOURCE, ip.octets().to_vec()),
        IpAddr::V6(ip) => (libc::ETH_P_IPV6, IPV6_SOURCE, ip.octets().to_vec()),
    };
    let words = address.chunks(4).zip((at..).step_by(4));
    let words = words.map(|(word, at)| {
        (
            LOAD_WORD,
            at,
            word.iter().fold(0, |word, byte| word << 8 | u32::from(*byte)),
        )
    });
    let mut compare = vec![
        (LOAD_HALF, PROTOCOL, protocol as u32),
        (LOAD_HALF, SOURCE_PORT, source.port().into()),
    ];
    compare.extend(words);

    let mut program = Vec::with_capacity(2 * compare.len() + 2);
    for (place, (load, at, value)) in compare.iter().enumerate() {
        // Over the rest of them, and the end that keeps.
        let differs = 2 * (compare.len() - place - 1) + 1;
        program.push(SockFilter::new(*load as u16, 0, 0, *at));
        program.push(SockFilter::new(JUMP_EQUAL as u16, 0, differs as u8, *value));
    }
    program.push(SockFilter::new(RETURN as u16, 0, 0, u32::MAX));
    program.push(SockFilter::new(RETURN as u16, 0, 0, 0));
    program
}
