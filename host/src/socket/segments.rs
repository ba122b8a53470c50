//! Datagrams that the kernel cuts out of one message (UDP_SEGMENT).

use crate::sys::Outgoing;
use std::io;

/// The most datagrams and bytes that the kernel takes as segments of one message (UDP_MAX_SEGMENTS before Linux 6.9; the
/// largest IPv4 datagram).
const MAX_SEGMENTS: usize = 64;
const MAX_SEGMENTS_BYTES: usize = 65_507;

/// A header's datagrams as the kernel takes them: one message, or as many as segmentation needs.
pub(super) fn pieces(message: Outgoing<'_>, segmentation_off: bool) -> impl Iterator<Item = Outgoing<'_>> {
    let segment = usize::from(message.segment_size);
    let most = match segment {
        0 => message.data.len(),
        _ if segmentation_off => segment,
        _ => segment * MAX_SEGMENTS.min(MAX_SEGMENTS_BYTES / segment).max(1),
    };
    // A message without data is a datagram too.
    let empty = message.data.is_empty().then_some(message);
    let data = message.data.chunks(most.max(1));
    empty.into_iter().chain(data.map(move |data| piece(message, data)))
}

/// A part of a message, of whole segments.
pub(super) fn piece<'a>(message: Outgoing<'a>, data: &'a [u8]) -> Outgoing<'a> {
    let several = data.len() > message.segment_size.into();
    Outgoing {
        data,
        segment_size: if several { message.segment_size } else { 0 },
        ..message
    }
}

/// Whether segmentation is what was refused: the segments are larger than the route takes in one packet (EMSGSIZE, EINVAL
/// before Linux 6.8), or it cannot be done.
pub(super) fn refused(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EMSGSIZE | libc::EINVAL)) || never(error)
}

/// Whether the device (EIO: it has no checksum offload) or the kernel (EOPNOTSUPP, ENOPROTOOPT) cannot do segmentation.
pub(super) fn never(error: &io::Error) -> bool {
    matches!(
        error.raw_os_error(),
        Some(libc::EIO | libc::EOPNOTSUPP | libc::ENOPROTOOPT)
    )
}
