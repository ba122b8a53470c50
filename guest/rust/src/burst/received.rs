//! A burst that was received, and the datagrams in it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::Header;
use super::header::{length, shorten};
use crate::Family;
use crate::bindings::types;

/// Datagrams that were received with one call: their headers, and one payload that holds the bytes of them all.
///
/// [`UdpSocket::recv_burst`](crate::UdpSocket::recv_burst) makes it; the module has [an example](super).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Burst {
    family: Family,
    stride: usize,
    headers: Vec<u8>,
    payload: Vec<u8>,
}

/// A datagram that lies in a [`Burst`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Datagram<'a> {
    /// Its bytes.
    pub data: &'a [u8],
    /// Who sent it.
    pub remote: SocketAddr,
    /// Where the kernel had put several datagrams into one: the size of each but the last. 0: it came alone.
    pub segment_size: u16,
    /// The ECN bits, 0 to 3 (RFC 3168, section 5); 0 unless [`Options::ECN`](super::Options::ECN) is on.
    pub ecn: u8,
    /// It was longer, and the rest is lost.
    pub truncated: bool,
    /// The address of this host that it was sent to, with [`Options::PACKET_INFO`](super::Options::PACKET_INFO).
    pub local: Option<IpAddr>,
    /// The index of the interface that it arrived on, with [`Options::PACKET_INFO`](super::Options::PACKET_INFO).
    pub interface: Option<u32>,
}

/// A place between two datagrams of a burst.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cursor {
    /// Bytes of the headers before it.
    header: usize,
    /// Bytes of the payload before it.
    payload: usize,
    /// How many of these are of the header that it stands in.
    within: usize,
}

impl Cursor {
    pub fn payload(&self) -> usize {
        self.payload
    }
}

impl Burst {
    /// The datagrams, in the order of arrival. Those that the kernel had put together come one by one.
    pub fn datagrams(&self) -> Datagrams<'_> {
        let cursor = Cursor::default();
        Datagrams { burst: self, cursor }
    }

    /// How many headers it has: the number of datagrams, unless some came put together.
    pub fn len(&self) -> usize {
        self.headers.len() / self.stride
    }

    /// Whether there is no datagram in it.
    pub fn is_empty(&self) -> bool {
        self.headers.is_empty()
    }

    /// The headers as they came, [`stride`](Self::stride) bytes each; [`Header::decode`] reads one.
    pub fn headers(&self) -> &[u8] {
        &self.headers
    }

    /// Bytes of a header: [`Header::SIZE`] or [`Header::SIZE_WITH_INFO`].
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// The payloads, in the order of the headers and without gaps.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The family of the socket that it came from: how headers are to be read.
    pub fn family(&self) -> Family {
        self.family
    }

    /// `None` if the lengths do not add up: nothing is to be made of it then.
    pub(crate) fn from_contract(burst: types::Burst, family: Family) -> Option<Self> {
        let stride = burst.stride as usize;
        if !matches!(stride, Header::SIZE | Header::SIZE_WITH_INFO) || !burst.headers.len().is_multiple_of(stride) {
            return None;
        }
        let bytes = burst
            .headers
            .chunks_exact(stride)
            .try_fold(0, |sum: usize, header| sum.checked_add(length(header)));
        (bytes == Some(burst.payload.len())).then_some(Self {
            family,
            stride,
            headers: burst.headers,
            payload: burst.payload,
        })
    }

    /// Without datagrams yet.
    pub(crate) fn new(family: Family, stride: usize) -> Self {
        Self {
            family,
            stride,
            headers: vec![],
            payload: vec![],
        }
    }

    pub(crate) fn push(&mut self, data: &[u8], remote: SocketAddr) {
        let header = Header {
            length: data.len() as u32,
            remote: Some(remote),
            ..Header::default()
        };
        header.encode(self.stride, &mut self.headers);
        self.payload.extend_from_slice(data);
    }

    /// The datagram behind `cursor`, and the place behind that one.
    pub(crate) fn at(&self, cursor: Cursor) -> Option<(Datagram<'_>, Cursor)> {
        let end = cursor.header + self.stride;
        let header = Header::decode(self.headers.get(cursor.header..end)?, self.family)?;
        let left = (header.length as usize).checked_sub(cursor.within)?;
        let size = match header.segment_size {
            0 => left,
            size => left.min(size.into()),
        };
        let payload = cursor.payload + size;
        let data = self.payload.get(cursor.payload..payload)?;
        let last = size == left;
        let next = Cursor {
            header: if last { end } else { cursor.header },
            payload,
            within: if last { 0 } else { cursor.within + size },
        };
        let datagram = Datagram {
            data,
            remote: header.remote.unwrap_or_else(|| nobody(self.family)),
            segment_size: header.segment_size,
            ecn: header.ecn,
            truncated: header.truncated && last,
            local: header.info.and_then(|info| info.local),
            interface: header.info.map(|info| info.interface).filter(|&index| index != 0),
        };
        Some((datagram, next))
    }

    /// Headers behind `cursor`.
    pub(crate) fn len_after(&self, cursor: Cursor) -> usize {
        self.len() - cursor.header / self.stride
    }

    /// Without what is before `cursor`.
    pub(crate) fn skip(&mut self, cursor: Cursor) {
        self.headers.drain(..cursor.header);
        self.payload.drain(..cursor.payload);
        shorten(&mut self.headers, cursor.within);
    }

    /// Keeps the first `max` headers; what is left is the answer.
    pub(crate) fn split_off(&mut self, max: usize) -> Option<Self> {
        if self.len() <= max {
            return None;
        }
        let headers = self.headers.split_off(max * self.stride);
        let kept = self.headers.chunks_exact(self.stride).map(length).sum();
        let payload = self.payload.split_off(kept);
        let (family, stride) = (self.family, self.stride);
        Some(Self {
            family,
            stride,
            headers,
            payload,
        })
    }

    /// Without the headers whose remote `keep` does not want.
    pub(crate) fn retain(&mut self, keep: impl Fn(SocketAddr) -> bool) {
        let mut kept = Self::new(self.family, self.stride);
        let mut rest = self.payload.as_slice();
        for bytes in self.headers.chunks_exact(self.stride) {
            let (data, after) = rest.split_at(length(bytes));
            rest = after;
            if Header::decode(bytes, self.family).is_some_and(|h| h.remote.is_some_and(&keep)) {
                kept.headers.extend_from_slice(bytes);
                kept.payload.extend_from_slice(data);
            }
        }
        *self = kept;
    }

    pub(super) fn into_parts(self) -> (usize, Vec<u8>, Vec<u8>) {
        (self.stride, self.headers, self.payload)
    }
}

impl<'a> IntoIterator for &'a Burst {
    type Item = Datagram<'a>;
    type IntoIter = Datagrams<'a>;

    fn into_iter(self) -> Datagrams<'a> {
        self.datagrams()
    }
}

/// The datagrams of a [`Burst`]; see [`Burst::datagrams`].
#[derive(Clone, Debug)]
pub struct Datagrams<'a> {
    burst: &'a Burst,
    cursor: Cursor,
}

impl<'a> Iterator for Datagrams<'a> {
    type Item = Datagram<'a>;

    fn next(&mut self) -> Option<Datagram<'a>> {
        let (datagram, next) = self.burst.at(self.cursor)?;
        self.cursor = next;
        Some(datagram)
    }

    /// At least one for each header, unless it holds more.
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.burst.len_after(self.cursor), None)
    }
}

/// No provider tells of a datagram without sender.
fn nobody(family: Family) -> SocketAddr {
    match family {
        Family::Ipv4 => (Ipv4Addr::UNSPECIFIED, 0).into(),
        Family::Ipv6 => (Ipv6Addr::UNSPECIFIED, 0).into(),
    }
}

#[cfg(test)]
#[path = "../tests/burst/received.rs"]
mod tests;
