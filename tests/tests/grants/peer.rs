//! The others of a story: native sockets.

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

impl Peer {
    pub fn port(&self) -> u16 {
        self.address.port()
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
