//! The packets of a client (RFC 5905, section 7.3; what a client checks: RFC 4330, section 5).

use std::fmt;

use crate::time::Timestamp;

/// A header without extensions and authentication.
pub const BYTES: usize = 48;
const VERSION: u8 = 4;
const CLIENT: u8 = 3;
const SERVER: u8 = 4;
/// The leap indicator of a clock that is not synchronised.
const UNSYNCHRONISED: u8 = 3;

/// A question.
pub struct Request {
    cookie: u64,
}

/// An answer that can be used.
#[derive(Debug, PartialEq)]
pub struct Reply {
    /// How many servers are between this one and a clock of its own, which has 1.
    pub stratum: u8,
    /// When the server received the request, and when it answered, by its clock.
    pub received: Timestamp,
    pub sent: Timestamp,
}

/// Why a datagram is of no use.
#[derive(Debug, PartialEq)]
pub enum Refusal {
    /// It is no answer to this request.
    NotAnAnswer(&'static str),
    /// The server's own clock is not set.
    Unsynchronised,
    /// A kiss-o'-death: the server wants to be left alone, with its reason (RFC 5905, section 7.4).
    Kiss(String),
}

impl Request {
    /// A request that is known by this number, a random one: only who read the request can answer it, and it tells nothing
    /// of the clock here.
    pub fn new(cookie: u64) -> Self {
        Self { cookie }
    }

    pub fn to_bytes(&self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        bytes[0] = VERSION << 3 | CLIENT;
        bytes[40..].copy_from_slice(&self.cookie.to_be_bytes());
        bytes
    }

    /// Reads what came for this request.
    pub fn read_reply(&self, datagram: &[u8]) -> Result<Reply, Refusal> {
        let Some(packet) = datagram.first_chunk::<BYTES>() else {
            return Err(Refusal::NotAnAnswer("it is shorter than a packet"));
        };
        let (leap, version, mode) = (packet[0] >> 6, packet[0] >> 3 & 7, packet[0] & 7);
        let stratum = packet[1];
        let at = |from: usize| {
            let bytes = packet[from..].first_chunk().expect("a timestamp in a packet");
            Timestamp(u64::from_be_bytes(*bytes))
        };
        let (origin, received, sent) = (at(24), at(32), at(40));
        if mode != SERVER {
            return Err(Refusal::NotAnAnswer("it is no answer of a server"));
        }
        if version != VERSION {
            return Err(Refusal::NotAnAnswer("it is of another version"));
        }
        if origin != Timestamp(self.cookie) {
            return Err(Refusal::NotAnAnswer("it answers another request"));
        }
        // From here on it is the server that speaks: nobody else knows the cookie.
        if stratum == 0 && packet[12..16].iter().all(u8::is_ascii_uppercase) {
            return Err(Refusal::Kiss(String::from_utf8_lossy(&packet[12..16]).into_owned()));
        }
        if leap == UNSYNCHRONISED || !(1..=15).contains(&stratum) || received.0 == 0 || sent.0 == 0 {
            return Err(Refusal::Unsynchronised);
        }
        Ok(Reply {
            stratum,
            received,
            sent,
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NotAnAnswer(why) => f.write_str(why),
            Refusal::Unsynchronised => f.write_str("the clock of the server is not synchronised"),
            Refusal::Kiss(code) => write!(f, "the server wants not to be asked: {code}"),
        }
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
#[path = "tests/packet.rs"]
mod tests;
