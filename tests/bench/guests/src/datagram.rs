//! What the datagrams of the benchmark look like: the same as in the runner's `datagram.rs`.

use crate::bindings::exports::datagrant::bench::contestant::Problem;

const FIRST: u8 = 0xd6;
const LAST: u8 = 0x6d;

/// Looks at a datagram: its length, its first and its last byte.
#[inline]
pub fn check(data: &[u8], bytes: usize) -> Result<(), Problem> {
    if data.len() == bytes && data.first() == Some(&FIRST) && data.last() == Some(&LAST) {
        return Ok(());
    }
    Err(wrong(data, bytes))
}

#[cold]
fn wrong(data: &[u8], bytes: usize) -> Problem {
    crate::failed(format!(
        "not a datagram of the benchmark of {bytes} bytes: {} bytes that begin with {:02x?}",
        data.len(),
        &data[..data.len().min(16)]
    ))
}

/// `count` datagrams, one behind the other.
pub fn make(bytes: usize, count: usize) -> Vec<u8> {
    let mut one = vec![0; bytes];
    one[0] = FIRST;
    one[bytes - 1] = LAST;
    one.repeat(count)
}
