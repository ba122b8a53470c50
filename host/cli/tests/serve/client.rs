//! Clients: native sockets.

use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);

pub struct Client(UdpSocket);

/// A client of the service at `at`.
#[track_caller]
pub fn client(at: SocketAddr) -> Client {
    let any = if at.is_ipv4() { "127.0.0.1:0" } else { "[::1]:0" };
    let socket = UdpSocket::bind(any).expect("a socket on loopback");
    socket.connect(at).expect("loopback");
    socket.set_read_timeout(Some(PATIENCE)).expect("an option");
    Client(socket)
}

impl Client {
    pub fn local(&self) -> SocketAddr {
        self.0.local_addr().expect("it is bound")
    }

    #[track_caller]
    pub fn sends(&self, text: &str) {
        self.0.send(text.as_bytes()).expect("send");
    }

    /// The token of the instance that answered, and its answer.
    #[track_caller]
    pub fn hears(&self) -> (String, String) {
        let mut buffer = [0; 2048];
        let length = self.0.recv(&mut buffer).expect("an answer");
        let text = String::from_utf8_lossy(&buffer[..length]);
        let (token, text) = text.split_once(' ').expect("a token");
        (token.to_owned(), text.to_owned())
    }

    /// As [`hears`](Self::hears); none when nothing comes for a moment.
    pub fn hears_soon(&self) -> Option<(String, String)> {
        self.0
            .set_read_timeout(Some(Duration::from_millis(50)))
            .expect("an option");
        let mut buffer = [0; 2048];
        let heard = self.0.recv(&mut buffer).ok();
        self.0.set_read_timeout(Some(PATIENCE)).expect("an option");
        let text = String::from_utf8_lossy(&buffer[..heard?]).into_owned();
        let (token, text) = text.split_once(' ').expect("a token");
        Some((token.to_owned(), text.to_owned()))
    }

    /// Asks, and hears the token of the instance that answered.
    #[track_caller]
    pub fn asks(&self, text: &str) -> String {
        self.sends(text);
        let (token, answer) = self.hears();
        assert_eq!(answer, text);
        token
    }
}

/// Clients that one worker answers, and its token.
pub struct Side {
    pub token: String,
    pub clients: Vec<Client>,
}

/// Clients of two workers, so many of each. The system divides them by address and port.
#[track_caller]
pub fn sides(at: SocketAddr, each: usize) -> [Side; 2] {
    let mut sides: Vec<Side> = vec![];
    for _ in 0..1000 {
        if sides.len() == 2 && sides.iter().all(|side| side.clients.len() >= each) {
            break;
        }
        let client = client(at);
        let token = client.asks("who");
        match sides.iter_mut().find(|side| side.token == token) {
            Some(side) => side.clients.push(client),
            None => sides.push(Side {
                token,
                clients: vec![client],
            }),
        }
    }
    let tokens: Vec<&str> = sides.iter().map(|side| side.token.as_str()).collect();
    assert_eq!(tokens.len(), 2, "two instances answer: {tokens:?}");
    let Ok(sides) = sides.try_into() else {
        unreachable!("it has two elements")
    };
    sides
}
