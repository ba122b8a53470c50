//! What the kernel puts together is taken apart: each datagram has a fate of its own.

/// The datagrams of a header's payload, and where each begins. An empty payload is a datagram too.
pub fn apart(payload: &[u8], segment_size: u16) -> impl Iterator<Item = (usize, &[u8])> {
    let size = match segment_size {
        0 => payload.len().max(1),
        size => size.into(),
    };
    let pieces = payload.chunks(size).chain(payload.is_empty().then_some(payload));
    pieces.enumerate().map(move |(place, piece)| (place * size, piece))
}

/// The header of one of them.
pub fn header_of(header: &[u8], datagram: &[u8]) -> Vec<u8> {
    let mut header = header.to_vec();
    header[..4].copy_from_slice(&(datagram.len() as u32).to_le_bytes());
    header[4..6].fill(0);
    header
}
