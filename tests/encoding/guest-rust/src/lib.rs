//! The Rust guest: `from_le_bytes` over `as_chunks` against words.

use std::hint::black_box;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;

wit_bindgen::generate!({ path: "../wit", world: "guest" });

use datagrant::encoding::wire;

struct Component;
export!(Component);

const BYTES: u32 = 0;

#[derive(Clone, Copy)]
struct Header {
    length: u32,
    segment: u16,
    port: u16,
    ecn: u8,
    flags: u8,
    scope: u32,
    address: IpAddr,
    /// Interface index and local address, in headers of 64 bytes.
    info: Option<(u32, IpAddr)>,
}

impl Header {
    fn sum(&self) -> u32 {
        let last = |address: IpAddr| match address {
            IpAddr::V4(v4) => u32::from(v4.octets()[3]),
            IpAddr::V6(v6) => u32::from(v6.octets()[15]),
        };
        let sum = self.length + 3 * u32::from(self.port) + 5 * u32::from(self.flags) + 7 * last(self.address);
        sum + self.info.map_or(0, |(index, local)| 11 * index + 13 * last(local))
    }
}

fn u32_at(h: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(h[at..at + 4].try_into().unwrap())
}

fn u16_at(h: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(h[at..at + 2].try_into().unwrap())
}

fn address_at(h: &[u8], at: usize) -> IpAddr {
    let octets: [u8; 16] = h[at..at + 16].try_into().unwrap();
    Ipv6Addr::from(octets).to_canonical()
}

fn mapped(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    }
}

fn read_bytes<const N: usize>(h: &[u8; N]) -> Header {
    Header {
        length: u32_at(h, 0),
        segment: u16_at(h, 4),
        port: u16_at(h, 6),
        ecn: h[8],
        flags: h[9],
        scope: u32_at(h, 12),
        address: address_at(h, 16),
        info: (N == 64).then(|| (u32_at(h, 32), address_at(h, 48))),
    }
}

fn write_bytes<const N: usize>(h: &mut [u8; N], from: &Header) {
    h[0..4].copy_from_slice(&from.length.to_le_bytes());
    h[4..6].copy_from_slice(&from.segment.to_le_bytes());
    h[6..8].copy_from_slice(&from.port.to_le_bytes());
    h[8] = from.ecn;
    h[9] = from.flags;
    h[10..12].fill(0);
    h[12..16].copy_from_slice(&from.scope.to_le_bytes());
    h[16..32].copy_from_slice(&mapped(from.address).octets());
    if let Some((index, local)) = from.info.filter(|_| N == 64) {
        h[32..36].copy_from_slice(&index.to_le_bytes());
        h[36..48].fill(0);
        h[48..64].copy_from_slice(&mapped(local).octets());
    }
}

fn words_address(h: &[u32; 4]) -> IpAddr {
    let mut octets = [0; 16];
    for (to, word) in octets.as_chunks_mut::<4>().0.iter_mut().zip(h) {
        *to = word.to_be_bytes();
    }
    Ipv6Addr::from(octets).to_canonical()
}

fn address_words(address: IpAddr) -> [u32; 4] {
    let octets = mapped(address).octets();
    let words = octets.as_chunks::<4>().0;
    [0, 1, 2, 3].map(|i| u32::from_be_bytes(words[i]))
}

fn read_words<const N: usize>(h: &[u32; N]) -> Header {
    Header {
        length: h[0],
        segment: h[1] as u16,
        port: (h[1] >> 16) as u16,
        ecn: h[2] as u8,
        flags: (h[2] >> 8) as u8,
        scope: h[3],
        address: words_address(h[4..8].try_into().unwrap()),
        info: (N == 16).then(|| (h[8], words_address(h[12..16].try_into().unwrap()))),
    }
}

fn write_words<const N: usize>(h: &mut [u32; N], from: &Header) {
    h[0] = from.length;
    h[1] = u32::from(from.segment) | u32::from(from.port) << 16;
    h[2] = u32::from(from.ecn) | u32::from(from.flags) << 8;
    h[3] = from.scope;
    h[4..8].copy_from_slice(&address_words(from.address));
    if let Some((index, local)) = from.info.filter(|_| N == 16) {
        h[8] = index;
        h[9..12].fill(0);
        h[12..16].copy_from_slice(&address_words(local));
    }
}

/// Every header of a list of either kind to `$each`, at the stride that is set.
macro_rules! read_all {
    ($headers:expr, $stride:expr, $small:literal, $large:literal, $read:ident, $each:expr) => {
        if $stride == $small {
            $headers.as_chunks::<$small>().0.iter().map($read).for_each($each)
        } else {
            $headers.as_chunks::<$large>().0.iter().map($read).for_each($each)
        }
    };
}

macro_rules! write_all {
    ($headers:expr, $from:expr, $stride:expr, $small:literal, $large:literal, $write:ident) => {
        if $stride == $small {
            ($headers.as_chunks_mut::<$small>().0.iter_mut().zip($from)).for_each(|(h, from)| $write(h, from))
        } else {
            ($headers.as_chunks_mut::<$large>().0.iter_mut().zip($from)).for_each(|(h, from)| $write(h, from))
        }
    };
}

#[derive(Default)]
struct Kept {
    stride: u32,
    headers: Vec<Header>,
    payload: Vec<u8>,
    bytes: Vec<u8>,
    words: Vec<u32>,
}

static KEPT: Mutex<Kept> = Mutex::new(Kept {
    stride: 0,
    headers: Vec::new(),
    payload: Vec::new(),
    bytes: Vec::new(),
    words: Vec::new(),
});

impl crate::Guest for Component {
    fn styles() -> Vec<String> {
        vec!["bytes: as_chunks, from_le_bytes".into(), "words".into()]
    }

    fn prepare(style: u32, stride: u32) {
        let mut kept = Kept {
            stride,
            ..Kept::default()
        };
        if style == BYTES {
            (kept.bytes, kept.payload) = wire::receive_bytes();
            read_all!(kept.bytes, stride, 32, 64, read_bytes, |h| kept.headers.push(h));
        } else {
            (kept.words, kept.payload) = wire::receive_words();
            read_all!(kept.words, stride / 4, 8, 16, read_words, |h| kept.headers.push(h));
        }
        // What is sent is what `encode` writes.
        kept.bytes.fill(0);
        kept.words.fill(0);
        *KEPT.lock().unwrap() = kept;
    }

    fn cross_in(style: u32, times: u32) -> u32 {
        let mut sum = 0;
        for _ in 0..times {
            sum += if style == BYTES {
                wire::receive_bytes().0.len() as u32
            } else {
                wire::receive_words().0.len() as u32
            };
        }
        sum
    }

    fn decode(style: u32, times: u32) -> u32 {
        let stride = KEPT.lock().unwrap().stride;
        let mut sum = 0u32;
        // The black box: every field is there, as a caller could want it, whatever the sum looks at.
        let mut each = |header: Header| sum = sum.wrapping_add(black_box(&header).sum());
        for _ in 0..times {
            if style == BYTES {
                let (headers, _payload) = wire::receive_bytes();
                read_all!(headers, stride, 32, 64, read_bytes, &mut each);
            } else {
                let (headers, _payload) = wire::receive_words();
                read_all!(headers, stride / 4, 8, 16, read_words, &mut each);
            }
        }
        sum
    }

    fn cross_out(style: u32, times: u32) -> u32 {
        let kept = KEPT.lock().unwrap();
        let mut sum = 0;
        for _ in 0..times {
            sum += if style == BYTES {
                wire::send_bytes(&kept.bytes, &kept.payload)
            } else {
                wire::send_words(&kept.words, &kept.payload)
            };
        }
        sum
    }

    fn encode(style: u32, times: u32) -> u32 {
        let kept = &mut *KEPT.lock().unwrap();
        let mut sum = 0;
        for _ in 0..times {
            sum += if style == BYTES {
                write_all!(kept.bytes, &kept.headers, kept.stride, 32, 64, write_bytes);
                wire::send_bytes(&kept.bytes, &kept.payload)
            } else {
                write_all!(kept.words, &kept.headers, kept.stride / 4, 8, 16, write_words);
                wire::send_words(&kept.words, &kept.payload)
            };
        }
        sum
    }
}
