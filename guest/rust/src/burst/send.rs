//! A burst to be sent, and how far it came.

use std::borrow::Cow;
use std::io;
use std::net::SocketAddr;

use super::header::{length, plain, shorten};
use super::{Burst, Header, PacketInfo};
use crate::address::destination;
use crate::bindings::types::SendReport;
use crate::{Error, Family};

/// Datagrams that are sent with one call. [`clear`](Self::clear) keeps its memory for the next ones.
///
/// ```no_run
/// use std::net::{Ipv4Addr, SocketAddr};
/// use datagrant_guest::{UdpSocket, burst::SendBurst};
///
/// let socket = UdpSocket::bind("127.0.0.1:0")?;
/// let [one, two] = [4000, 4001].map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
/// let mut burst = SendBurst::new();
/// burst.push(b"to the one", one).push(b"to the other", two);
/// burst.push_segmented(&[0; 12_000], 1_200, one); // ten datagrams
/// socket.send_burst(&burst)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SendBurst {
    stride: usize,
    headers: Vec<u8>,
    payload: Vec<u8>,
    /// A destination has port 0, which a header has no way to say.
    flawed: bool,
}

/// How far a burst has come: what it was that went, and where the rest begins.
///
/// [`UdpSocket::send_burst`](crate::UdpSocket::send_burst) answers it; where it fails, [`sent`] has it from the error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Headers that went, with all that they stand for, counted from the first.
    pub headers: usize,
    /// Bytes of the header behind them that went too: whole segments.
    pub partial: usize,
}

/// How much of a burst went before `error`; `None` if it is not from sending a burst.
pub fn sent(error: &io::Error) -> Option<Sent> {
    Error::of(error)?.sent()
}

impl SendBurst {
    /// Without datagrams yet.
    pub fn new() -> Self {
        Self {
            stride: Header::SIZE,
            headers: vec![],
            payload: vec![],
            flawed: false,
        }
    }

    /// And a datagram, copied from `data`. It goes to `remote`, or with `None` to the peer that the socket is connected
    /// to. An unspecified address means loopback.
    pub fn push(&mut self, data: &[u8], remote: impl Into<Option<SocketAddr>>) -> &mut Self {
        self.push_segmented(data, 0, remote)
    }

    /// And datagrams of `segment_size` bytes, the last one maybe shorter. 0: one datagram, as [`push`](Self::push).
    ///
    /// They are one header; where the kernel can, it is they that are sent with one system call.
    pub fn push_segmented(
        &mut self,
        data: &[u8],
        segment_size: u16,
        remote: impl Into<Option<SocketAddr>>,
    ) -> &mut Self {
        self.push_with(
            data,
            &Header {
                segment_size,
                remote: remote.into(),
                ..Header::default()
            },
        )
    }

    /// And what `header` says, with its ECN bits, and the address and the interface to send from; its length is that of
    /// `data`. Providers judge an address to send from as a bind to it.
    pub fn push_with(&mut self, data: &[u8], header: &Header) -> &mut Self {
        let remote = header.remote.map(destination);
        self.flawed |= remote.is_some_and(|remote| remote.port() == 0);
        if header.info.is_some_and(|info| info != PacketInfo::default()) {
            self.widen();
        }
        let header = Header {
            length: data.len() as u32,
            remote,
            truncated: false,
            ..*header
        };
        header.encode(self.stride, &mut self.headers);
        self.payload.extend_from_slice(data);
        self
    }

    /// Without datagrams again; the memory stays.
    pub fn clear(&mut self) {
        self.headers.clear();
        self.payload.clear();
        (self.stride, self.flawed) = (Header::SIZE, false);
    }

    /// How many headers it has: how often something was pushed.
    pub fn len(&self) -> usize {
        self.headers.len() / self.stride
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.headers.is_empty()
    }

    /// The bytes of all datagrams together.
    pub fn payload_bytes(&self) -> usize {
        self.payload.len()
    }

    /// All headers of a burst have the same size.
    fn widen(&mut self) {
        if self.stride == Header::SIZE_WITH_INFO {
            return;
        }
        let mut wide = Vec::with_capacity(self.headers.len() * 2 + Header::SIZE_WITH_INFO);
        for header in self.headers.chunks_exact(self.stride) {
            wide.extend_from_slice(header);
            wide.resize(wide.len() + Header::SIZE_WITH_INFO - Header::SIZE, 0);
        }
        (self.stride, self.headers) = (Header::SIZE_WITH_INFO, wide);
    }

    /// What is left to send after `sent`; an error if there is no such place in it.
    pub(crate) fn rest(&self, sent: Sent) -> io::Result<Rest<'_>> {
        let invalid = |what| Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        if self.flawed {
            return invalid("send: port 0 is no destination");
        }
        let Some((before, headers)) = sent
            .headers
            .checked_mul(self.stride)
            .and_then(|at| self.headers.split_at_checked(at))
        else {
            return invalid("send: the burst has fewer headers than were sent of it");
        };
        if sent.partial > length(headers) {
            return invalid("send: the header has fewer bytes than were sent of it");
        }
        let at = before.chunks_exact(self.stride).map(length).sum::<usize>() + sent.partial;
        let mut headers = Cow::Borrowed(headers);
        if sent.partial > 0 {
            shorten(headers.to_mut(), sent.partial);
        }
        let (stride, payload) = (self.stride, &self.payload[at..]);
        Ok(Rest {
            stride,
            headers,
            payload,
        })
    }

    /// Where the header that stopped a send was to go.
    pub(crate) fn remote(&self, header: usize, family: Family) -> Option<SocketAddr> {
        let header = self.headers.chunks_exact(self.stride).nth(header)?;
        Header::decode(header, family)?.remote
    }
}

impl Default for SendBurst {
    fn default() -> Self {
        Self::new()
    }
}

/// Each datagram goes back to who sent it, without a copy. ECN bits and packet info do not go with it.
impl From<Burst> for SendBurst {
    fn from(burst: Burst) -> Self {
        let (stride, mut headers, payload) = burst.into_parts();
        let mut flawed = false;
        for header in headers.chunks_exact_mut(stride) {
            plain(header);
            flawed |= header[6..8] == [0; 2];
        }
        Self {
            stride,
            headers,
            payload,
            flawed,
        }
    }
}

/// What is left of a burst.
pub(crate) struct Rest<'a> {
    pub stride: usize,
    pub headers: Cow<'a, [u8]>,
    pub payload: &'a [u8],
}

impl Sent {
    /// After a provider has sent of what was left.
    pub(crate) fn and(self, report: &SendReport) -> Self {
        let partial = report.partial as usize;
        match report.sent as usize {
            0 => Self {
                partial: self.partial + partial,
                ..self
            },
            more => Self {
                headers: self.headers + more,
                partial,
            },
        }
    }
}

#[cfg(test)]
#[path = "../tests/burst/send.rs"]
mod tests;
