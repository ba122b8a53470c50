//! The burst that guests get: headers of both families, with every field set somewhere.

use std::sync::Arc;

pub const HEADERS: usize = 64;
const PAYLOAD: usize = 64;

pub struct Burst {
    pub bytes: Arc<[u8]>,
    pub words: Arc<[u32]>,
    pub payload: Arc<[u8]>,
    sum: u32,
}

/// The address of datagram `i` in network order: IPv4 as mapped, and IPv6, by turns.
fn address(i: u8, host: u8) -> [u8; 16] {
    if i.is_multiple_of(2) {
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, host]
    } else {
        [
            0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x12, 0x34, 0x56, 0xff, 0xfe, 0x9a, i, host,
        ]
    }
}

/// An address as words suit it best: four numbers in network order.
fn address_words(address: [u8; 16]) -> [u32; 4] {
    let (words, _) = address.as_chunks::<4>();
    [0, 1, 2, 3].map(|i| u32::from_be_bytes(words[i]))
}

impl Burst {
    pub fn new(stride: u32) -> Self {
        let (mut bytes, mut words, mut sum) = (Vec::new(), Vec::new(), 0);
        for i in 0..HEADERS as u8 {
            let length = PAYLOAD as u32;
            let segment = 1200 + u16::from(i);
            let port = 0xff00 + u16::from(i);
            let (ecn, flags) = (i % 4, i / 3 % 2);
            let scope = if i.is_multiple_of(2) { 0 } else { 2 + u32::from(i) };
            let remote = address(i, 200 + i % 50);

            bytes.extend(length.to_le_bytes());
            bytes.extend(segment.to_le_bytes());
            bytes.extend(port.to_le_bytes());
            bytes.extend([ecn, flags, 0, 0]);
            bytes.extend(scope.to_le_bytes());
            bytes.extend(remote);
            words.extend([length, u32::from(segment) | u32::from(port) << 16]);
            words.extend([u32::from(ecn) | u32::from(flags) << 8, scope]);
            words.extend(address_words(remote));
            sum += length + 3 * u32::from(port) + 5 * u32::from(flags) + 7 * u32::from(remote[15]);

            if stride == 64 {
                let (index, local) = (2 + u32::from(i), address(i, 1));
                bytes.extend(index.to_le_bytes());
                bytes.extend([0; 12]);
                bytes.extend(local);
                words.extend([index, 0, 0, 0]);
                words.extend(address_words(local));
                sum += 11 * index + 13 * u32::from(local[15]);
            }
        }
        let payload = (0..HEADERS * PAYLOAD).map(|at| (at % 251) as u8).collect();
        Self {
            bytes: bytes.into(),
            words: words.into(),
            payload,
            sum,
        }
    }

    /// What `decode` answers for one burst.
    pub fn sum(&self) -> u32 {
        self.sum
    }
}
