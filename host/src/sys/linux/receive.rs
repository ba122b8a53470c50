//! recvmmsg(2).

use super::address::{self, Address};
use super::control::{self, Arrival};
use super::{MAX_BATCH, retry};
use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::ops::Range;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr;

/// More than the largest UDP payload (65,527 bytes, over IPv6) and than what the kernel coalesces (65,535): no datagram
/// is cut at that length.
pub(crate) const MAX_DATAGRAM_BYTES: usize = 65_536;

/// How much to receive.
#[derive(Copy, Clone, Debug)]
pub(crate) struct ReceiveOptions {
    /// At most so many datagrams, and at most [`MAX_BATCH`].
    pub(crate) max: usize,
    /// Bytes of each datagram; what is longer is cut, and told as truncated.
    pub(crate) max_bytes: usize,
    /// Whether the socket was told to ask how datagrams arrived.
    pub(crate) arrival: bool,
}

/// A datagram that was received.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// Where it is in the buffer.
    pub(crate) at: Range<usize>,
    pub(crate) source: SocketAddr,
    pub(crate) truncated: bool,
    pub(crate) arrival: Arrival,
}

/// What one call needs beside the buffer. One a thread, shared by all its sockets: nothing stays in it between calls.
struct Batch {
    addresses: Box<[Address]>,
    controls: Box<[[u8; control::BYTES]]>,
    /// Point into the caller's buffer, written anew for each call.
    vectors: Box<[libc::iovec]>,
    /// Point to `addresses`, `vectors` and `controls` for ever.
    headers: Box<[libc::mmsghdr]>,
}

thread_local! {
    static BATCH: RefCell<Batch> = RefCell::new(Batch::new());
}

/// See [`Socket::receive`](super::Socket::receive). `take` must not receive itself.
pub(super) fn receive(
    fd: BorrowedFd<'_>,
    options: ReceiveOptions,
    buffer: &mut [u8],
    mut take: impl FnMut(&mut [u8], Received),
) -> io::Result<usize> {
    BATCH.with_borrow_mut(|batch| {
        let count = batch.receive(fd, options, buffer)?;
        for i in 0..count {
            if let Some(received) = batch.received(i, options.slot()) {
                take(buffer, received);
            }
        }
        Ok(count)
    })
}

impl ReceiveOptions {
    /// Bytes from one datagram in the buffer to the next.
    fn slot(&self) -> usize {
        self.max_bytes.clamp(1, MAX_DATAGRAM_BYTES)
    }
}

impl Batch {
    fn new() -> Batch {
        // SAFETY: iovec is plain old data; all zeroes is a value of it (no bytes).
        let vector: libc::iovec = unsafe { std::mem::zeroed() };
        let mut addresses = vec![address::empty(); MAX_BATCH].into_boxed_slice();
        let mut controls = vec![[0u8; control::BYTES]; MAX_BATCH].into_boxed_slice();
        let mut vectors = vec![vector; MAX_BATCH].into_boxed_slice();
        let headers = addresses
            .iter_mut()
            .zip(vectors.iter_mut())
            .zip(controls.iter_mut())
            .map(|((address, vector), control)| {
                // SAFETY: mmsghdr is plain old data; all zeroes is a value of it (no name, no vector, no control).
                let mut header: libc::mmsghdr = unsafe { std::mem::zeroed() };
                header.msg_hdr.msg_name = ptr::from_mut(address).cast();
                header.msg_hdr.msg_iov = vector;
                header.msg_hdr.msg_iovlen = 1;
                header.msg_hdr.msg_control = control.as_mut_ptr().cast();
                header
            })
            .collect();
        Batch {
            addresses,
            controls,
            vectors,
            headers,
        }
    }

    /// As many datagrams as are there, asked for and have room: how many.
    fn receive(&mut self, fd: BorrowedFd<'_>, options: ReceiveOptions, buffer: &mut [u8]) -> io::Result<usize> {
        let mut max = 0;
        let slots = buffer.chunks_exact_mut(options.slot()).take(options.max.min(MAX_BATCH));
        for (slot, (header, vector)) in slots.zip(self.headers.iter_mut().zip(&mut self.vectors)) {
            vector.iov_base = slot.as_mut_ptr().cast();
            vector.iov_len = slot.len().min(options.max_bytes);
            header.msg_hdr.msg_namelen = size_of::<Address>() as libc::socklen_t;
            header.msg_hdr.msg_controllen = if options.arrival { control::BYTES } else { 0 };
            max += 1;
        }
        if max == 0 {
            return Ok(0);
        }
        retry(|| {
            // SAFETY: the first `max` entries of `headers` point to an address, a control buffer and a vector each, all
            // owned by `self`, never moved (boxed) and not otherwise borrowed during the call. The vectors were just
            // pointed to disjoint slots of `buffer`, which is borrowed mutably across the call. The lengths given are
            // not larger than theirs. A null timeout is allowed.
            unsafe {
                libc::recvmmsg(
                    fd.as_raw_fd(),
                    self.headers.as_mut_ptr(),
                    max,
                    libc::MSG_DONTWAIT,
                    ptr::null_mut(),
                )
            }
        })
    }

    /// What the last call received as number `i`.
    fn received(&self, i: usize, slot: usize) -> Option<Received> {
        let header = &self.headers[i];
        Some(Received {
            at: i * slot..i * slot + header.msg_len as usize,
            source: address::read(&self.addresses[i])?,
            truncated: header.msg_hdr.msg_flags & libc::MSG_TRUNC != 0,
            arrival: match header.msg_hdr.msg_controllen {
                0 => Arrival::default(),
                length => Arrival::read(&self.controls[i][..length]),
            },
        })
    }
}
