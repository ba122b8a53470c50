//! recvmmsg(2) into one buffer a thread.

use std::cell::RefCell;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr;

/// The most datagrams that one call receives.
const MAX_BATCH: usize = 64;

/// Bytes a datagram: more than the largest UDP payload (65,527, over IPv6), so that none is cut.
const SLOT_BYTES: usize = 65_536;

/// Large enough for both families.
type Address = libc::sockaddr_in6;

/// The memory of one call. The kernel touches only what it fills, so that 4 MiB are reserved and little is resident.
struct Batch {
    payload: Box<[u8]>,
    addresses: Box<[Address]>,
    /// Point into `payload` for ever.
    vectors: Box<[libc::iovec]>,
    /// Point to `addresses` and `vectors` for ever.
    headers: Box<[libc::mmsghdr]>,
}

thread_local! {
    // One a thread, shared by all its sockets: nothing stays in it between calls.
    static BATCH: RefCell<Batch> = RefCell::new(Batch::new());
}

/// See [`Socket::receive`](super::Socket::receive). `take` must not receive itself.
pub(super) fn receive(fd: BorrowedFd<'_>, max: usize, take: impl FnMut(&[u8], SocketAddr)) -> io::Result<usize> {
    BATCH.with_borrow_mut(|batch| batch.receive(fd, max, take))
}

impl Batch {
    fn new() -> Batch {
        let mut payload = vec![0u8; MAX_BATCH * SLOT_BYTES].into_boxed_slice();
        // SAFETY: sockaddr_in6 is plain old data; all zeroes is a value of it.
        let address: Address = unsafe { std::mem::zeroed() };
        let mut addresses = vec![address; MAX_BATCH].into_boxed_slice();
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
            .map(|(address, vector)| {
                // SAFETY: mmsghdr is plain old data; all zeroes is a value of it (no name, no vector, no control).
                let mut header: libc::mmsghdr = unsafe { std::mem::zeroed() };
                header.msg_hdr.msg_name = ptr::from_mut(address).cast();
                header.msg_hdr.msg_iov = vector;
                header.msg_hdr.msg_iovlen = 1;
                header
            })
            .collect();
        Batch {
            payload,
            addresses,
            vectors,
            headers,
        }
    }

    fn receive(
        &mut self,
        fd: BorrowedFd<'_>,
        max: usize,
        mut take: impl FnMut(&[u8], SocketAddr),
    ) -> io::Result<usize> {
        let max = max.min(MAX_BATCH);
        if max == 0 {
            return Ok(0);
        }
        debug_assert_eq!(self.vectors.len(), self.headers.len());
        for header in &mut self.headers[..max] {
            header.msg_hdr.msg_namelen = size_of::<Address>() as libc::socklen_t;
        }
        let count = loop {
            // SAFETY: `headers` holds at least `max` entries. Each points to an address, a vector and, through it, a
            // slot of `payload`, all owned by `self`, never moved (boxed) and not otherwise borrowed during the call.
            // The lengths given are theirs. A null timeout is allowed.
            let count = unsafe {
                libc::recvmmsg(
                    fd.as_raw_fd(),
                    self.headers.as_mut_ptr(),
                    max as libc::c_uint,
                    libc::MSG_DONTWAIT,
                    ptr::null_mut(),
                )
            };
            match usize::try_from(count) {
                Ok(count) => break count,
                Err(_) => {
                    let error = io::Error::last_os_error();
                    if error.kind() != io::ErrorKind::Interrupted {
                        return Err(error);
                    }
                }
            }
        };
        for (i, header) in self.headers[..count].iter().enumerate() {
            let slot = &self.payload[i * SLOT_BYTES..][..header.msg_len as usize];
            if let Some(source) = socket_address(&self.addresses[i]) {
                take(slot, source);
            }
        }
        Ok(count)
    }
}

/// What the kernel wrote; none for a family that a UDP socket cannot tell.
fn socket_address(address: &Address) -> Option<SocketAddr> {
    match i32::from(address.sin6_family) {
        libc::AF_INET => {
            // SAFETY: the kernel wrote a sockaddr_in there, as the family tells; it is smaller than a sockaddr_in6 and
            // asks for no stricter alignment, and any bytes are a value of it.
            let address = unsafe { &*ptr::from_ref(address).cast::<libc::sockaddr_in>() };
            let ip = Ipv4Addr::from(u32::from_be(address.sin_addr.s_addr));
            Some(SocketAddr::V4(SocketAddrV4::new(ip, u16::from_be(address.sin_port))))
        }
        libc::AF_INET6 => {
            let ip = Ipv6Addr::from(address.sin6_addr.s6_addr);
            let port = u16::from_be(address.sin6_port);
            // Flow info says nothing of who sent it, and would make equal sources differ.
            Some(SocketAddr::V6(SocketAddrV6::new(ip, port, 0, address.sin6_scope_id)))
        }
        _ => None,
    }
}
