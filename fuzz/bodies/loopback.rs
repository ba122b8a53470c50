//! Whom a guest can reach, and whom it must not: sockets of others, on loopback.

use std::cell::RefCell;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

/// Sockets that last as long as their thread. Each run finds them empty.
pub(super) struct Others {
    sockets: [UdpSocket; 5],
    /// Where they are: `a`, `b` on 127.0.0.1, `c` on 127.0.0.2, `d`, `e` on ::1.
    pub(super) at: [SocketAddr; 5],
    /// It hears what is asked of it, and answers nothing.
    _name_server: UdpSocket,
    pub(super) name_server: SocketAddr,
}

thread_local! {
    static OTHERS: RefCell<Others> = RefCell::new(Others::new());
}

impl Others {
    fn new() -> Others {
        let open = |ip: &str| {
            let ip: IpAddr = ip.parse().expect("an address");
            let socket = UdpSocket::bind((ip, 0)).expect("a free port");
            socket.set_nonblocking(true).expect("a socket");
            socket
        };
        let sockets = ["127.0.0.1", "127.0.0.1", "127.0.0.2", "::1", "::1"].map(open);
        let name_server = open("127.0.0.1");
        Others {
            at: sockets.each_ref().map(address),
            sockets,
            name_server: address(&name_server),
            _name_server: name_server,
        }
    }

    /// With those of this thread.
    pub(super) fn with<T>(run: impl FnOnce(&Others) -> T) -> T {
        OTHERS.with_borrow(|others| {
            for socket in 0..others.sockets.len() {
                while others.hears(socket).is_some() {}
            }
            run(others)
        })
    }

    /// From where the next datagram is, if one is there.
    pub(super) fn hears(&self, socket: usize) -> Option<SocketAddr> {
        let (_, from) = self.sockets[socket].recv_from(&mut [0]).ok()?;
        Some(from)
    }

    /// It may be that there is no room.
    pub(super) fn sends(&self, socket: usize, to: SocketAddr, bytes: usize) -> bool {
        self.sockets[socket].send_to(&[0; 1500][..bytes.min(1500)], to).is_ok()
    }
}

fn address(socket: &UdpSocket) -> SocketAddr {
    socket.local_addr().expect("it is bound")
}

/// The one spelling of an address.
pub(super) fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// How an IPv6 socket has it.
pub(super) fn mapped(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) => SocketAddr::new(ip.to_ipv6_mapped().into(), address.port()),
        IpAddr::V6(_) => address,
    }
}

/// IPv4 in the forms in which it stands inside of IPv6 addresses.
pub(super) fn embedded(ip: Ipv4Addr, form: usize) -> IpAddr {
    let [a, b, c, d] = ip.octets().map(u16::from);
    let (high, low) = (a << 8 | b, c << 8 | d);
    match form {
        0 => [0, 0, 0, 0, 0, 0, high, low].into(),
        1 => [0x64, 0xff9b, 0, 0, 0, 0, high, low].into(),
        _ => [0x2002, high, low, 0, 0, 0, 0, 1].into(),
    }
}
