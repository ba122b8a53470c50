//! Socket addresses in memory that the kernel reads and writes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::ptr;

/// Large enough for both families.
pub(super) type Address = libc::sockaddr_in6;

/// Nothing yet.
pub(super) fn empty() -> Address {
    // SAFETY: sockaddr_in6 is plain old data; all zeroes is a value of it.
    unsafe { std::mem::zeroed() }
}

/// What the kernel wrote; none for a family that a UDP socket cannot tell.
pub(super) fn read(address: &Address) -> Option<SocketAddr> {
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

/// An address in the form that takes any family.
pub(super) fn storage(ip: IpAddr) -> libc::sockaddr_storage {
    // SAFETY: sockaddr_storage is plain old data; all zeroes is a value of it.
    let mut storage: libc::sockaddr_storage = unsafe { std::mem::zeroed() };
    // SAFETY: a sockaddr_storage is larger than a sockaddr_in6, is aligned for it, and is borrowed mutably here; every
    // byte of it stays initialised.
    let into = unsafe { &mut *ptr::from_mut(&mut storage).cast::<Address>() };
    write(into, SocketAddr::new(ip, 0));
    storage
}

/// The IP address at a pointer; none for null and for other families.
///
/// # Safety
/// `address` is null, or points to an address of the size that its family tells, which nobody writes meanwhile.
pub(super) unsafe fn from_sockaddr(address: *const libc::sockaddr) -> Option<IpAddr> {
    // SAFETY: as the caller says; any address begins with its family.
    let family = unsafe { address.as_ref() }?.sa_family;
    match i32::from(family) {
        libc::AF_INET => {
            // SAFETY: the family tells that it is a sockaddr_in.
            let address = unsafe { address.cast::<libc::sockaddr_in>().read_unaligned() };
            Some(Ipv4Addr::from(u32::from_be(address.sin_addr.s_addr)).into())
        }
        libc::AF_INET6 => {
            // SAFETY: the family tells that it is a sockaddr_in6.
            let address = unsafe { address.cast::<libc::sockaddr_in6>().read_unaligned() };
            Some(Ipv6Addr::from(address.sin6_addr.s6_addr).into())
        }
        _ => None,
    }
}

/// Writes an address for the kernel to read; its length in bytes.
pub(super) fn write(into: &mut Address, address: SocketAddr) -> libc::socklen_t {
    match address {
        SocketAddr::V4(v4) => {
            // SAFETY: a sockaddr_in is smaller than a sockaddr_in6 and asks for no stricter alignment; `into` is borrowed
            // mutably, and every byte of it stays initialised.
            let into = unsafe { &mut *ptr::from_mut(into).cast::<libc::sockaddr_in>() };
            into.sin_family = libc::AF_INET as libc::sa_family_t;
            into.sin_port = v4.port().to_be();
            into.sin_addr.s_addr = u32::from(*v4.ip()).to_be();
            size_of::<libc::sockaddr_in>() as libc::socklen_t
        }
        SocketAddr::V6(v6) => {
            into.sin6_family = libc::AF_INET6 as libc::sa_family_t;
            into.sin6_port = v6.port().to_be();
            into.sin6_flowinfo = 0;
            into.sin6_addr.s6_addr = v6.ip().octets();
            into.sin6_scope_id = v6.scope_id();
            size_of::<Address>() as libc::socklen_t
        }
    }
}
