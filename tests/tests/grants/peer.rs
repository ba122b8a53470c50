//! The others of a story: native sockets.

use socket2::{Domain, Socket, Type};
use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(10);

pub struct Peer {
    socket: UdpSocket,
    pub address: SocketAddr,
}

/// A native socket, mostly on port 0.
#[track_caller]
pub fn peer(at: impl ToString) -> Peer {
    let at = at.to_string();
    let socket = UdpSocket::bind(&at).unwrap_or_else(|e| panic!("{at}: {e}"));
    let address = socket.local_addr().expect("it is bound");
    Peer { socket, address }
}

/// An address that nobody uses, just now.
#[track_caller]
pub fn unused(host: &str) -> SocketAddr {
    peer(format!("{host}:0")).address
}

/// No socket of another process gets into a port, whatever it asks for. Measured on Linux: where both ask for reuse, the
/// second one takes every datagram, and one that is bound to an address takes them from the wildcard.
#[track_caller]
pub fn nobody_shares(host: &str, port: u16) {
    let at: SocketAddr = format!("{host}:{port}").parse().expect("an address");
    for reuse_port in [false, true] {
        let thief = Socket::new(Domain::for_address(at), Type::DGRAM, None).expect("a socket");
        thief.set_reuse_address(true).expect("an option");
        thief.set_reuse_port(reuse_port).expect("an option");
        let error = thief.bind(&at.into()).expect_err(host);
        assert_eq!(error.kind(), ErrorKind::AddrInUse, "{at}");
    }
}

#[allow(dead_code, reason = "each target tells its own stories")]
impl Peer {
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What it sends to groups leaves by the loopback interface.
    #[track_caller]
    pub fn by_loopback(&self) {
        let look = socket2::SockRef::from(&self.socket);
        look.set_multicast_if_v4(&[127, 0, 0, 1].into()).expect("an option");
    }

    #[track_caller]
    pub fn sends(&self, text: &str, to: SocketAddr) {
        self.socket.send_to(text.as_bytes(), to).expect("send");
    }

    /// The next datagram and its source, waited for.
    #[track_caller]
    pub fn receives(&self) -> (String, SocketAddr) {
        self.socket.set_nonblocking(false).expect("an option");
        self.socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        self.take().expect("a datagram")
    }

    /// Nothing is there. On loopback what was sent is there at once: asked when the guest has ended, it never will be.
    #[track_caller]
    pub fn has_nothing(&self) {
        assert_eq!(self.takes(), None);
    }

    /// The next datagram, if one is there.
    #[track_caller]
    pub fn takes(&self) -> Option<(String, SocketAddr)> {
        self.socket.set_nonblocking(true).expect("an option");
        self.take()
    }

    #[track_caller]
    fn take(&self) -> Option<(String, SocketAddr)> {
        let mut buffer = [0; 2048];
        match self.socket.recv_from(&mut buffer) {
            Ok((length, from)) => Some((String::from_utf8_lossy(&buffer[..length]).into_owned(), from)),
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => None,
            Err(e) => panic!("receive: {e}"),
        }
    }
}
