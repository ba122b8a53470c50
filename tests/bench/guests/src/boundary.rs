//! What a call costs that does nothing.

use crate::bindings::datagrant::bench::boundary;
use crate::bindings::exports::datagrant::bench::contestant::Crossing;

/// 64 headers of 32 bytes.
const HEADERS: usize = 64 * 32;

/// Does it `times` times. What comes in is read as a guest reads a header: its length.
pub fn cross(how: Crossing, times: u32) -> u64 {
    let u8s = vec![1; HEADERS];
    let u32s = vec![1; HEADERS / 4];
    let mut sum = 0;
    for _ in 0..times {
        sum += match how {
            Crossing::Nothing => {
                boundary::nothing();
                0
            }
            Crossing::HeadersU8In => {
                let length = |h: &[u8]| u64::from(u32::from_le_bytes([h[0], h[1], h[2], h[3]]));
                boundary::headers_u8().chunks_exact(32).map(length).sum()
            }
            Crossing::HeadersU32In => boundary::headers_u32().chunks_exact(8).map(|h| u64::from(h[0])).sum(),
            Crossing::HeadersU8Out => u64::from(boundary::give_u8(&u8s)),
            Crossing::HeadersU32Out => u64::from(boundary::give_u32(&u32s)),
        };
    }
    sum
}
