//! Network interfaces: names, indexes, addresses, and the one that a route leads to.

use super::Socket;
use super::address::from_sockaddr;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, netdevice};
use std::ffi::CStr;
use std::io;
use std::net::IpAddr;
use std::ptr;

impl Socket {
    /// The index of the interface of this name: SIOCGIFINDEX. ENODEV if there is none.
    pub(crate) fn interface_index(&self, name: &str) -> io::Result<u32> {
        // The kernel would take what stands before a colon as the name (aliases of old), and refuses what is longer.
        if name.is_empty() || name.len() >= libc::IFNAMSIZ || name.contains([':', '\0']) {
            return Err(io::Error::from_raw_os_error(libc::ENODEV));
        }
        Ok(netdevice::name_to_index(self, name)?)
    }

    /// The name of the interface of this index: SIOCGIFNAME. ENODEV if there is none.
    pub(crate) fn interface_name(&self, index: u32) -> io::Result<String> {
        Ok(netdevice::index_to_name(self, index)?)
    }
}

/// The name of the interface that has this address: getifaddrs(3). ENODEV if none has it.
pub(crate) fn interface_with(address: IpAddr) -> io::Result<String> {
    let mut list: *mut libc::ifaddrs = ptr::null_mut();
    // SAFETY: getifaddrs writes a pointer to a list into `list`, which it is given to write to.
    if unsafe { libc::getifaddrs(&mut list) } != 0 {
        return Err(io::Error::last_os_error());
    }
    let mut found = Err(io::Error::from_raw_os_error(libc::ENODEV));
    let mut next = list;
    // SAFETY: the list is linked by `ifa_next` and ends with null. It is not freed before the loop has ended.
    while let Some(entry) = unsafe { next.as_ref() } {
        // SAFETY: `ifa_addr` is null or points to an address of the size that its family tells.
        let own = unsafe { from_sockaddr(entry.ifa_addr) };
        if own == Some(address) {
            // SAFETY: `ifa_name` is a string that ends with 0, and lives as long as the list.
            let name = unsafe { CStr::from_ptr(entry.ifa_name) };
            found = Ok(name.to_string_lossy().into_owned());
            break;
        }
        next = entry.ifa_next;
    }
    // SAFETY: the list came from getifaddrs, and nothing points into it any more.
    unsafe { libc::freeifaddrs(list) };
    found
}

const REQUEST: u16 = 1; // NLM_F_REQUEST
const ERROR: u16 = 2; // NLMSG_ERROR
const NEW_ROUTE: u16 = 24; // RTM_NEWROUTE
const GET_ROUTE: u16 = 26; // RTM_GETROUTE
const DESTINATION: u16 = 1; // RTA_DST
const SOURCE: u16 = 2; // RTA_SRC
const OUT: u16 = 4; // RTA_OIF
/// Bytes of `nlmsghdr`, of `rtmsg`, and of `rtattr`.
const HEADER: usize = 16;
const ROUTE: usize = 12;
const ATTRIBUTE: usize = 4;

/// The index of the interface by which the system would send to `destination`, from `source` if that is given:
/// RTM_GETROUTE (rtnetlink(7)). What the kernel asks itself when it sends.
pub(crate) fn interface_to(destination: IpAddr, source: Option<IpAddr>) -> io::Result<u32> {
    let socket = rustix::net::socket_with(
        AddressFamily::NETLINK,
        SocketType::DGRAM,
        SocketFlags::CLOEXEC,
        None, // NETLINK_ROUTE is 0
    )?;
    // Nobody but the kernel is written to, and nobody else writes to a socket of its own.
    rustix::net::send(&socket, &route_request(destination, source), SendFlags::empty())?;
    let mut answer = [0; 1024];
    let (length, _) = rustix::net::recv(&socket, &mut answer, RecvFlags::DONTWAIT)?;
    route_answer(&answer[..length])
}

fn route_request(destination: IpAddr, source: Option<IpAddr>) -> Vec<u8> {
    let octets = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    };
    let (family, bits) = match destination {
        IpAddr::V4(_) => (libc::AF_INET as u8, 32),
        IpAddr::V6(_) => (libc::AF_INET6 as u8, 128),
    };
    let mut route = [0; ROUTE];
    route[..3].copy_from_slice(&[family, bits, if source.is_some() { bits } else { 0 }]);
    let mut body = route.to_vec();
    for (kind, ip) in [(DESTINATION, Some(destination)), (SOURCE, source)] {
        if let Some(ip) = ip.map(octets) {
            body.extend(((ATTRIBUTE + ip.len()) as u16).to_ne_bytes());
            body.extend(kind.to_ne_bytes());
            body.extend(ip);
        }
    }
    let mut message = ((HEADER + body.len()) as u32).to_ne_bytes().to_vec();
    message.extend(GET_ROUTE.to_ne_bytes());
    message.extend(REQUEST.to_ne_bytes());
    message.extend([0; 8]); // sequence number, port
    message.extend(body);
    message
}

fn route_answer(answer: &[u8]) -> io::Result<u32> {
    let garbled = || io::Error::from_raw_os_error(libc::EPROTO);
    let half = |at: usize| Some(u16::from_ne_bytes(answer.get(at..at + 2)?.try_into().ok()?));
    let word = |at: usize| Some(u32::from_ne_bytes(answer.get(at..at + 4)?.try_into().ok()?));
    match half(4) {
        Some(ERROR) => {
            let errno = word(HEADER).map_or(0, |errno| (errno as i32).saturating_neg());
            return Err(io::Error::from_raw_os_error(errno));
        }
        Some(NEW_ROUTE) => {}
        _ => return Err(garbled()),
    }
    let mut at = HEADER + ROUTE;
    while let (Some(length), Some(kind)) = (half(at), half(at + 2)) {
        if kind == OUT {
            return word(at + ATTRIBUTE).ok_or_else(garbled);
        }
        at += usize::from(length).next_multiple_of(4).max(ATTRIBUTE);
    }
    // No route leads anywhere else than to an interface.
    Err(io::Error::from_raw_os_error(libc::ENETUNREACH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_found_by_name_index_and_address() {
        let socket = Socket::open(false).unwrap();
        let index = socket.interface_index("lo").unwrap();
        assert_eq!(socket.interface_name(index).unwrap(), "lo");
        assert_eq!(interface_with("127.0.0.1".parse().unwrap()).unwrap(), "lo");
        assert_eq!(interface_to("127.0.0.1".parse().unwrap(), None).unwrap(), index);
    }

    #[test]
    fn what_is_not_there_is_no_device() {
        let socket = Socket::open(true).unwrap();
        let errno = |error: io::Error| error.raw_os_error();
        for name in ["", "no-such-device", "lo:1", "a-name-that-is-too-long"] {
            assert_eq!(
                socket.interface_index(name).map_err(errno),
                Err(Some(libc::ENODEV)),
                "{name}"
            );
        }
        for index in [0, 999_999, u32::MAX] {
            let missing = socket.interface_name(index).map_err(errno);
            assert!(
                matches!(missing, Err(Some(libc::ENODEV | libc::ENXIO))),
                "{index}: {missing:?}"
            );
        }
        let foreign = interface_with("192.0.2.77".parse().unwrap()).map_err(errno);
        assert_eq!(foreign, Err(Some(libc::ENODEV)));
    }

    #[test]
    fn whatever_the_answer_is_reading_it_ends() {
        let mut answer = vec![0; 64];
        answer[4..6].copy_from_slice(&NEW_ROUTE.to_ne_bytes());
        for length in 0..64 {
            assert!(route_answer(&answer[..length]).is_err());
        }
        answer[4..6].copy_from_slice(&ERROR.to_ne_bytes());
        answer[16..20].copy_from_slice(&(-libc::ENETUNREACH).to_ne_bytes());
        let error = route_answer(&answer).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::ENETUNREACH));
    }
}
