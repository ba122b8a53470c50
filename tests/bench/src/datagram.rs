//! What the datagrams of the benchmark look like: a first and a last byte that every receiver looks at, and a number in
//! between for who gets its own back. The guests' `datagram.rs` and Node's `subject.js` know the same.

use anyhow::{Result, bail};

const FIRST: u8 = 0xd6;
const LAST: u8 = 0x6d;

/// Looks at a datagram: its length, its first and its last byte.
#[inline]
pub fn check(data: &[u8], bytes: usize) -> Result<()> {
    if data.len() == bytes && data.first() == Some(&FIRST) && data.last() == Some(&LAST) {
        return Ok(());
    }
    wrong(data, bytes)
}

#[cold]
fn wrong(data: &[u8], bytes: usize) -> Result<()> {
    let start = &data[..data.len().min(16)];
    bail!(
        "not a datagram of the benchmark of {bytes} bytes: {} bytes that begin with {start:02x?}",
        data.len()
    )
}

/// `count` datagrams, one behind the other.
pub fn make(bytes: usize, count: usize) -> Vec<u8> {
    let mut one = vec![0; bytes];
    one[0] = FIRST;
    one[bytes - 1] = LAST;
    one.repeat(count)
}

/// Writes a number into a datagram.
pub fn number(data: &mut [u8], number: u64) {
    data[8..16].copy_from_slice(&number.to_le_bytes());
}

/// The number in a datagram that was checked.
pub fn number_of(data: &[u8]) -> u64 {
    u64::from_le_bytes(data[8..16].try_into().expect("eight bytes"))
}
