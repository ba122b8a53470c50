//! System calls that neither std nor socket2 has. The only place for `unsafe` in the benchmark.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::ptr;
use std::time::Duration;

fn check(result: libc::c_int) -> io::Result<()> {
    if result == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// What this process has used of a processor so far, all threads, in user and in kernel mode.
pub fn processor_time() -> Duration {
    clock(libc::CLOCK_PROCESS_CPUTIME_ID)
}

/// The same of this thread.
pub fn processor_time_of_thread() -> Duration {
    clock(libc::CLOCK_THREAD_CPUTIME_ID)
}

fn clock(id: libc::clockid_t) -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a timespec that may be written.
    let result = unsafe { libc::clock_gettime(id, &raw mut time) };
    assert_eq!(result, 0, "Linux has this clock");
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// The same of another process; an error once it is gone.
pub fn processor_time_of(pid: u32) -> io::Result<Duration> {
    let mut clock: libc::clockid_t = 0;
    // SAFETY: `clock` is a clockid_t that may be written.
    match unsafe { libc::clock_getcpuclockid(pid as libc::pid_t, &raw mut clock) } {
        0 => {}
        // This one answers its error.
        error => return Err(io::Error::from_raw_os_error(error)),
    }
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a timespec that may be written.
    check(unsafe { libc::clock_gettime(clock, &raw mut time) })?;
    Ok(Duration::new(time.tv_sec as u64, time.tv_nsec as u32))
}

/// What children of ours have used that have ended and were waited for.
pub fn processor_time_of_ended_children() -> io::Result<Duration> {
    // SAFETY: rusage is plain old data; all zeroes is a value of it.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: `usage` may be written.
    check(unsafe { libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage) })?;
    let time = |t: libc::timeval| Duration::new(t.tv_sec as u64, t.tv_usec as u32 * 1000);
    Ok(time(usage.ru_utime) + time(usage.ru_stime))
}

/// The processors that this thread may run on.
pub fn processors() -> io::Result<Vec<usize>> {
    // SAFETY: cpu_set_t is plain old data; all zeroes is the empty set.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: `set` may be written, and the size given is its own. 0 is this thread.
    check(unsafe { libc::sched_getaffinity(0, size_of_val(&set), &raw mut set) })?;
    // SAFETY: `cpu` is less than the number of bits of a cpu_set_t.
    let is_in = |&cpu: &usize| unsafe { libc::CPU_ISSET(cpu, &set) };
    Ok((0..libc::CPU_SETSIZE as usize).filter(is_in).collect())
}

/// Keeps a process, and what it will start, on one processor.
pub fn pin(pid: u32, processor: usize) -> io::Result<()> {
    assert!(
        processor < libc::CPU_SETSIZE as usize,
        "a processor that processors() told of"
    );
    // SAFETY: cpu_set_t is plain old data; all zeroes is the empty set.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: `processor` is less than the number of bits of a cpu_set_t: asserted above.
    unsafe { libc::CPU_SET(processor, &mut set) };
    // SAFETY: `set` is only read, and the size given is its own.
    check(unsafe { libc::sched_setaffinity(pid as libc::pid_t, size_of_val(&set), &raw const set) })
}

/// SCHED_BATCH for this thread: it has its share of a processor, and takes it from nobody at the moment that it wakes.
pub fn yield_to_others() -> io::Result<()> {
    let parameters = libc::sched_param { sched_priority: 0 };
    // SAFETY: `parameters` is only read. 0 is this thread.
    check(unsafe { libc::sched_setscheduler(0, libc::SCHED_BATCH, &raw const parameters) })
}

/// Allows as many descriptors as the system allows at most.
pub fn raise_descriptor_limit() -> io::Result<()> {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: `limit` may be written.
    check(unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) })?;
    limit.rlim_cur = limit.rlim_max;
    // SAFETY: `limit` is only read.
    check(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) })
}

/// SIGKILL for a child of ours that was not waited for yet.
pub fn kill(pid: u32) {
    // SAFETY: takes two numbers; no memory is involved.
    unsafe { libc::kill(pid as libc::pid_t, libc::SIGKILL) };
}

/// How many datagrams the kernel threw away because the socket's buffer was full.
pub fn dropped(socket: &UdpSocket) -> io::Result<u32> {
    // linux/sock_diag.h: SK_MEMINFO_DROPS is the ninth of nine.
    let mut info = [0u32; 9];
    let mut length = size_of_val(&info) as libc::socklen_t;
    // SAFETY: `info` may be written up to `length`, its own size.
    check(unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_MEMINFO,
            info.as_mut_ptr().cast(),
            &raw mut length,
        )
    })?;
    Ok(info[8])
}

fn set_udp_option(socket: &UdpSocket, option: libc::c_int, value: libc::c_int) -> io::Result<()> {
    // SAFETY: the option's value is read from `value`, whose size is given.
    check(unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_UDP,
            option,
            (&raw const value).cast(),
            size_of_val(&value) as libc::socklen_t,
        )
    })
}

/// UDP_SEGMENT: what is sent is cut into datagrams of `bytes`.
pub fn set_segment_size(socket: &UdpSocket, bytes: usize) -> io::Result<()> {
    set_udp_option(socket, libc::UDP_SEGMENT, bytes as libc::c_int)
}

/// UDP_GRO: datagrams that arrive together may be received as one.
pub fn set_coalesce(socket: &UdpSocket) -> io::Result<()> {
    set_udp_option(socket, libc::UDP_GRO, 1)
}

/// epoll(7) on one socket: what an event loop waits with.
pub struct Readable(OwnedFd);

impl Readable {
    pub fn new(socket: &UdpSocket) -> io::Result<Readable> {
        // SAFETY: takes a number; no memory is involved.
        let fd = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the kernel has just made this descriptor, and nobody else has it.
        let epoll = unsafe { OwnedFd::from_raw_fd(fd) };
        let mut event = libc::epoll_event {
            events: libc::EPOLLIN as u32,
            u64: 0,
        };
        // SAFETY: both descriptors are open, and `event` is read only.
        check(unsafe { libc::epoll_ctl(fd, libc::EPOLL_CTL_ADD, socket.as_raw_fd(), &raw mut event) })?;
        Ok(Readable(epoll))
    }

    /// Waits until there is something to receive; an error when that takes longer.
    pub fn wait(&self, limit: Duration) -> io::Result<()> {
        let mut event = libc::epoll_event { events: 0, u64: 0 };
        // SAFETY: there is room for the one event that is asked for.
        let count =
            unsafe { libc::epoll_wait(self.0.as_raw_fd(), &raw mut event, 1, limit.as_millis() as libc::c_int) };
        match count {
            1 => Ok(()),
            0 => Err(io::ErrorKind::TimedOut.into()),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

/// Room for one control message with an int, aligned as the kernel wants it.
#[repr(C, align(8))]
#[derive(Clone, Copy)]
struct Control([u8; 64]);

/// The memory of recvmmsg(2) and sendmmsg(2).
pub struct Batch {
    slot_bytes: usize,
    payload: Box<[u8]>,
    addresses: Box<[libc::sockaddr_storage]>,
    controls: Box<[Control]>,
    /// Point into `payload` for ever.
    vectors: Box<[libc::iovec]>,
    /// Point to `addresses`, `vectors` and `controls` for ever.
    headers: Box<[libc::mmsghdr]>,
}

impl Batch {
    /// Room for `slots` datagrams of at most `slot_bytes` bytes.
    pub fn new(slots: usize, slot_bytes: usize) -> Batch {
        let mut payload = vec![0u8; slots * slot_bytes].into_boxed_slice();
        // SAFETY: sockaddr_storage is plain old data; all zeroes is a value of it.
        let address: libc::sockaddr_storage = unsafe { std::mem::zeroed() };
        let mut addresses = vec![address; slots].into_boxed_slice();
        let mut controls = vec![Control([0; 64]); slots].into_boxed_slice();
        let mut vectors: Box<[libc::iovec]> = payload
            .chunks_exact_mut(slot_bytes)
            .map(|slot| libc::iovec {
                iov_base: slot.as_mut_ptr().cast(),
                iov_len: slot_bytes,
            })
            .collect();
        let headers = (0..slots)
            .map(|i| {
                // SAFETY: mmsghdr is plain old data; all zeroes is a value of it.
                let mut header: libc::mmsghdr = unsafe { std::mem::zeroed() };
                header.msg_hdr.msg_name = ptr::from_mut(&mut addresses[i]).cast();
                header.msg_hdr.msg_iov = ptr::from_mut(&mut vectors[i]);
                header.msg_hdr.msg_iovlen = 1;
                header.msg_hdr.msg_control = ptr::from_mut(&mut controls[i]).cast();
                header
            })
            .collect();
        Batch {
            slot_bytes,
            payload,
            addresses,
            controls,
            vectors,
            headers,
        }
    }

    /// Takes what is there. On a socket that blocks it waits for a first datagram, for as long as the socket's own limit.
    pub fn receive(&mut self, socket: &UdpSocket) -> io::Result<usize> {
        for (header, vector) in self.headers.iter_mut().zip(&mut self.vectors) {
            vector.iov_len = self.slot_bytes;
            header.msg_hdr.msg_namelen = size_of::<libc::sockaddr_storage>() as libc::socklen_t;
            header.msg_hdr.msg_controllen = size_of::<Control>();
        }
        // SAFETY: each header points to an address, a vector and, through it, a slot of `payload`, and to a control
        // buffer, all owned by `self`, never moved (boxed) and not otherwise borrowed during the call; the lengths just
        // set are theirs. A null timeout is allowed.
        let count = unsafe {
            libc::recvmmsg(
                socket.as_raw_fd(),
                self.headers.as_mut_ptr(),
                self.headers.len() as libc::c_uint,
                libc::MSG_WAITFORONE,
                ptr::null_mut(),
            )
        };
        usize::try_from(count).map_err(|_| io::Error::last_os_error())
    }

    /// A datagram that was received.
    pub fn datagram(&self, i: usize) -> &[u8] {
        &self.payload[i * self.slot_bytes..][..self.headers[i].msg_len as usize]
    }

    /// The size of the datagrams in a slot into which the kernel has put several (UDP_GRO).
    pub fn segment(&self, i: usize) -> Option<usize> {
        let header = &self.headers[i].msg_hdr;
        let control = &self.controls[i].0[..header.msg_controllen];
        // One control message at most, for nothing else was asked for: a cmsghdr, then an int.
        let wanted = size_of::<libc::cmsghdr>();
        let value = control.get(wanted..wanted + 4)?;
        // SAFETY: `control` begins at 8 bytes alignment and holds a whole cmsghdr, as just found, which the kernel wrote.
        let message = unsafe { &*control.as_ptr().cast::<libc::cmsghdr>() };
        let value = libc::c_int::from_ne_bytes(value.try_into().expect("four bytes"));
        (message.cmsg_level == libc::SOL_UDP && message.cmsg_type == libc::UDP_GRO).then_some(value as usize)
    }

    /// The memory of a slot, to be filled before `send`.
    pub fn slot(&mut self, i: usize) -> &mut [u8] {
        &mut self.payload[i * self.slot_bytes..][..self.slot_bytes]
    }

    /// Where the next `send`s of all slots go, and how long they are.
    pub fn address(&mut self, to: SocketAddr, bytes: usize) {
        assert!(bytes <= self.slot_bytes, "a datagram has one slot");
        let to = socket2::SockAddr::from(to);
        for (i, address) in self.addresses.iter_mut().enumerate() {
            // SAFETY: `to` holds an address of `to.len()` bytes, no more than a sockaddr_storage, which `address` is.
            unsafe {
                ptr::copy_nonoverlapping(
                    to.as_ptr().cast::<u8>(),
                    ptr::from_mut(address).cast::<u8>(),
                    to.len() as usize,
                );
            }
            self.headers[i].msg_hdr.msg_namelen = to.len();
            self.headers[i].msg_len = bytes as libc::c_uint;
        }
    }

    /// Sends the first `count` slots: what was received goes back to where it came from.
    pub fn send(&mut self, socket: &UdpSocket, count: usize) -> io::Result<()> {
        assert!(count <= self.headers.len(), "only what there is");
        for (header, vector) in self.headers.iter_mut().zip(&mut self.vectors).take(count) {
            vector.iov_len = (header.msg_len as usize).min(self.slot_bytes);
            header.msg_hdr.msg_controllen = 0;
        }
        let mut sent = 0;
        while sent < count {
            // SAFETY: the headers from `sent` to `count` are in bounds (asserted above). Each points to an address that
            // was written by the kernel or by `address`, with its length, and to a vector within its slot.
            let more = unsafe {
                libc::sendmmsg(
                    socket.as_raw_fd(),
                    self.headers.as_mut_ptr().add(sent),
                    (count - sent) as libc::c_uint,
                    0,
                )
            };
            sent += usize::try_from(more).map_err(|_| io::Error::last_os_error())?;
        }
        Ok(())
    }
}
