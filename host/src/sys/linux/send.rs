//! sendmmsg(2).

use super::address::{self, Address};
use super::control::{self, Writer};
use super::{MAX_BATCH, retry};
use std::cell::RefCell;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr;

/// One datagram to send, or several of one size.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Outgoing<'a> {
    pub(crate) data: &'a [u8],
    /// None: the connected peer.
    pub(crate) to: Option<SocketAddr>,
    /// Whether it leaves as IPv4, of whatever family the socket is.
    pub(crate) ipv4: bool,
    /// Cut `data` into datagrams of that many bytes, the last one shorter (UDP_SEGMENT); 0: it is one datagram.
    pub(crate) segment_size: u16,
    /// The congestion bits, 0 to 3.
    pub(crate) ecn: u8,
    /// The address to send from; none: the system's choice.
    pub(crate) source: Option<IpAddr>,
    /// The index of the interface to leave by; 0: the system's choice.
    pub(crate) interface: u32,
}

impl Outgoing<'_> {
    /// Whether it needs no control message.
    pub(super) fn is_plain(&self) -> bool {
        self.segment_size == 0 && self.ecn == 0 && self.source.is_none() && self.interface == 0
    }
}

/// The memory of one call. The pointers of `vectors` and `headers` are written anew for each.
struct Batch {
    addresses: Box<[Address]>,
    controls: Box<[[u8; control::BYTES]]>,
    vectors: Box<[libc::iovec]>,
    headers: Box<[libc::mmsghdr]>,
}

thread_local! {
    static BATCH: RefCell<Batch> = RefCell::new(Batch::new());
}

/// See [`Socket::send_batch`](super::Socket::send_batch).
pub(super) fn send(fd: BorrowedFd<'_>, list: &[Outgoing<'_>]) -> io::Result<usize> {
    BATCH.with_borrow_mut(|batch| batch.send(fd, list))
}

impl Batch {
    fn new() -> Batch {
        // SAFETY: mmsghdr and iovec are plain old data; all zeroes is a value of each (nothing to send).
        let (header, vector) = unsafe { (std::mem::zeroed::<libc::mmsghdr>(), std::mem::zeroed::<libc::iovec>()) };
        Batch {
            addresses: vec![address::empty(); MAX_BATCH].into_boxed_slice(),
            controls: vec![[0; control::BYTES]; MAX_BATCH].into_boxed_slice(),
            vectors: vec![vector; MAX_BATCH].into_boxed_slice(),
            headers: vec![header; MAX_BATCH].into_boxed_slice(),
        }
    }

    fn send(&mut self, fd: BorrowedFd<'_>, list: &[Outgoing<'_>]) -> io::Result<usize> {
        let list = &list[..list.len().min(MAX_BATCH)];
        if list.is_empty() {
            return Ok(0);
        }
        for (i, outgoing) in list.iter().enumerate() {
            self.vectors[i] = libc::iovec {
                iov_base: outgoing.data.as_ptr().cast_mut().cast(),
                iov_len: outgoing.data.len(),
            };
            let header = &mut self.headers[i].msg_hdr;
            header.msg_iov = &mut self.vectors[i];
            header.msg_iovlen = 1;
            (header.msg_name, header.msg_namelen) = match outgoing.to {
                Some(to) => {
                    let length = address::write(&mut self.addresses[i], to);
                    (ptr::from_mut(&mut self.addresses[i]).cast(), length)
                }
                None => (ptr::null_mut(), 0),
            };
            let mut writer = Writer::new(&mut self.controls[i]);
            if outgoing.segment_size != 0 {
                writer.segment_size(outgoing.segment_size);
            }
            if outgoing.ecn != 0 {
                writer.ecn(outgoing.ecn, outgoing.ipv4);
            }
            if outgoing.source.is_some() || outgoing.interface != 0 {
                writer.packet_info(outgoing.source, outgoing.interface, outgoing.ipv4);
            }
            header.msg_controllen = writer.length();
            header.msg_control = match header.msg_controllen {
                0 => ptr::null_mut(),
                _ => self.controls[i].as_mut_ptr().cast(),
            };
        }
        retry(|| {
            // SAFETY: the first `list.len()` entries of `headers` (there are `MAX_BATCH`, and `list` is not longer) were
            // written just above. They point to entries of `self`, which is borrowed mutably, and to the data of `list`,
            // which outlives the call; lengths are theirs. The kernel reads through all of these pointers and writes only
            // `msg_len` of `headers`.
            unsafe {
                libc::sendmmsg(
                    fd.as_raw_fd(),
                    self.headers.as_mut_ptr(),
                    list.len() as libc::c_uint,
                    libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL,
                )
            }
        })
    }
}
