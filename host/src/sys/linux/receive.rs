//! recvmmsg(2) into one buffer a thread.

use super::address::{self, Address};
use super::control::{self, Arrival};
use super::{MAX_BATCH, retry};
use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr;

/// Bytes a datagram: more than the largest UDP payload (65,527, over IPv6) and than what the kernel coalesces (65,535).
const SLOT_BYTES: usize = 65_536;

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

/// One datagram, in the thread's buffer.
#[derive(Debug)]
pub(crate) struct Received<'a> {
    pub(crate) data: &'a [u8],
    pub(crate) source: SocketAddr,
    pub(crate) truncated: bool,
    pub(crate) arrival: Arrival,
}

/// The memory of one call. The kernel touches only what it fills, so that 4 MiB are reserved and little is resident.
struct Batch {
    payload: Box<[u8]>,
    addresses: Box<[Address]>,
    controls: Box<[[u8; control::BYTES]]>,
    /// Point into `payload` for ever.
    vectors: Box<[libc::iovec]>,
    /// Point to `addresses`, `vectors` and `controls` for ever.
    headers: Box<[libc::mmsghdr]>,
}

thread_local! {
    // One a thread, shared by all its sockets: nothing stays in it between calls.
    static BATCH: RefCell<Batch> = RefCell::new(Batch::new());
}

/// See [`Socket::receive`](super::Socket::receive). `take` must not receive itself.
pub(super) fn receive(
    fd: BorrowedFd<'_>,
    options: ReceiveOptions,
    take: impl FnMut(Received<'_>),
) -> io::Result<usize> {
    BATCH.with_borrow_mut(|batch| batch.receive(fd, options, take))
}

impl Batch {
    fn new() -> Batch {
        let mut payload = vec![0u8; MAX_BATCH * SLOT_BYTES].into_boxed_slice();
        let mut addresses = vec![address::empty(); MAX_BATCH].into_boxed_slice();
        let mut controls = vec![[0u8; control::BYTES]; MAX_BATCH].into_boxed_slice();
        let mut vectors: Box<[libc::iovec]> = payload
            .chunks_exact_mut(SLOT_BYTES)
            .map(|slot| libc::iovec {
                iov_base: slot.as_mut_ptr().cast(),
                iov_len: SLOT_BYTES,
            })
            .collect();
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
            payload,
            addresses,
            controls,
            vectors,
            headers,
        }
    }

    fn receive(
        &mut self,
        fd: BorrowedFd<'_>,
        options: ReceiveOptions,
        mut take: impl FnMut(Received<'_>),
    ) -> io::Result<usize> {
        let max = options.max.min(MAX_BATCH);
        if max == 0 {
            return Ok(0);
        }
        for (header, vector) in self.headers[..max].iter_mut().zip(&mut self.vectors) {
            header.msg_hdr.msg_namelen = size_of::<Address>() as libc::socklen_t;
            header.msg_hdr.msg_controllen = if options.arrival { control::BYTES } else { 0 };
            vector.iov_len = options.max_bytes.min(SLOT_BYTES);
        }
        let count = retry(|| {
            // SAFETY: `headers` holds at least `max` entries. Each points to an address, a control buffer, a vector and,
            // through it, a slot of `payload`, all owned by `self`, never moved (boxed) and not otherwise borrowed during
            // the call. The lengths given are not larger than theirs. A null timeout is allowed.
            unsafe {
                libc::recvmmsg(
                    fd.as_raw_fd(),
                    self.headers.as_mut_ptr(),
                    max as libc::c_uint,
                    libc::MSG_DONTWAIT,
                    ptr::null_mut(),
                )
            }
        })?;
        for (i, header) in self.headers[..count].iter().enumerate() {
            let Some(source) = address::read(&self.addresses[i]) else {
                continue;
            };
            take(Received {
                data: &self.payload[i * SLOT_BYTES..][..header.msg_len as usize],
                source,
                truncated: header.msg_hdr.msg_flags & libc::MSG_TRUNC != 0,
                arrival: Arrival::read(&self.controls[i][..header.msg_hdr.msg_controllen]),
            });
        }
        Ok(count)
    }
}
