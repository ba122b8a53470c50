//! What a socket receives: pulled from the inner one as soon as anybody asks, since a delay counts from then.

use crate::line::{Datagram, Line};
use crate::segments;
use datagrant_guest::burst::Header;
use datagrant_middleware::inner::types::{self, Burst, ErrorCode, Event, IpAddressFamily};
use datagrant_middleware::inner::{bursts, sockets};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Instant;

/// Datagrams are never cut while they are late.
const WHOLE: u32 = 65_535;
/// The most datagrams of one call, and the most calls before others have their turn.
const BATCH: u32 = 64;
const BATCHES: usize = 16;

pub struct Incoming {
    pub line: Line<Received>,
    /// What is there for the guest to take, in order.
    told: VecDeque<Told>,
    closed: bool,
    /// Whether the guest takes several datagrams as one. It gets each alone, and has to have room for more all the same.
    pub coalesces: bool,
}

/// A datagram that was received, with its burst header.
#[derive(Clone)]
pub struct Received {
    header: Vec<u8>,
    data: Vec<u8>,
}

impl Datagram for Received {
    fn bytes(&self) -> usize {
        self.data.len()
    }
}

enum Told {
    Message(Received),
    /// Another one.
    Event(Event),
}

impl Incoming {
    pub fn new(line: Line<Received>) -> Incoming {
        Incoming {
            line,
            told: VecDeque::new(),
            closed: false,
            coalesces: false,
        }
    }

    /// Something that is no message.
    pub fn tell(&mut self, event: Event) {
        self.told.push_back(Told::Event(event));
    }

    /// Whether events are there that the inner socket does not know of any more.
    pub fn has_events(&self) -> bool {
        !self.told.is_empty()
    }

    /// Whether the guest is to be woken to receive, and, by something that it has done itself, to send.
    pub fn is_ready(&self) -> (bool, bool) {
        let own = |told: &Told| {
            matches!(
                told,
                Told::Event(Event::Listening(_) | Event::Connect(_) | Event::Close)
            )
        };
        let own = self.closed || self.told.iter().any(own);
        (own || self.has_events(), own)
    }

    /// Takes what is due, and what is there of the inner socket's if nothing is.
    pub fn pull(&mut self, inner: &sockets::Socket) {
        let now = Instant::now();
        self.take_due(now);
        for _ in 0..BATCHES {
            if self.has_events() || !self.pull_once(inner, now) {
                return;
            }
            self.take_due(now);
        }
    }

    pub fn take_due(&mut self, now: Instant) {
        while self.line.peek(now).is_some() {
            self.told.extend(self.line.pop().map(Told::Message));
        }
    }

    /// Whether there may be more.
    fn pull_once(&mut self, inner: &sockets::Socket, now: Instant) -> bool {
        let more = match bursts::receive(inner, BATCH, WHOLE) {
            Ok(burst) => {
                let mut payload = burst.payload.as_slice();
                for header in burst.headers.chunks_exact(burst.stride as usize) {
                    let length = header.first_chunk().map_or(0, |length| u32::from_le_bytes(*length));
                    let (data, rest) = payload.split_at(length as usize);
                    payload = rest;
                    let size = u16::from_le_bytes([header[4], header[5]]);
                    for (_, data) in segments::apart(data, size) {
                        let header = segments::header_of(header, data);
                        let data = data.to_vec();
                        self.line.enter(Received { header, data }, false, now);
                    }
                }
                if !burst.more_events {
                    return !burst.headers.is_empty();
                }
                1
            }
            // It tells its last events.
            Err(ErrorCode::InvalidState) => BATCH,
            Err(code) => {
                self.tell(Event::Error(code));
                return true;
            }
        };
        for event in inner.next_events(more) {
            if matches!(event, Event::Close) {
                self.drop_messages();
                self.closed = true;
            }
            self.tell(event);
        }
        true
    }

    /// `next-events`.
    pub fn next_events(&mut self, inner: &sockets::Socket, max: u32) -> Vec<Event> {
        let max = max.min(BATCH) as usize;
        let mut events = vec![];
        while events.len() < max {
            self.pull(inner);
            let Some(told) = self.told.pop_front() else { break };
            events.push(match told {
                Told::Event(event) => event,
                Told::Message(received) => received.message(inner.family()),
            });
        }
        events
    }

    /// `bursts.receive`.
    pub fn receive_burst(
        &mut self,
        inner: &sockets::Socket,
        max_headers: u32,
        max_bytes_each: u32,
    ) -> Result<Burst, ErrorCode> {
        if inner.local_address().is_err() {
            // Unbound or closed: as the inner one says.
            self.pull(inner);
            let mut answer = bursts::receive(inner, max_headers, max_bytes_each)?;
            answer.more_events |= self.has_events();
            return Ok(answer);
        }
        if self.coalesces && max_bytes_each < WHOLE {
            return Err(ErrorCode::InvalidArgument);
        }
        self.pull(inner);
        if let Some(Told::Event(Event::Error(code))) = self.told.front() {
            let code = *code;
            self.told.pop_front();
            return Err(code);
        }
        let mut burst = Burst {
            stride: Header::SIZE as u32,
            headers: vec![],
            payload: vec![],
            more_events: false,
        };
        let mut count = 0;
        while count < max_headers {
            self.pull(inner);
            let Some(Told::Message(received)) = self.told.front() else {
                break;
            };
            // Options may have changed while it was late.
            if count > 0 && received.header.len() as u32 != burst.stride {
                break;
            }
            burst.stride = received.header.len() as u32;
            received.append(&mut burst, max_bytes_each as usize);
            self.told.pop_front();
            count += 1;
        }
        burst.more_events = matches!(self.told.front(), Some(Told::Event(_)));
        Ok(burst)
    }

    /// The socket is connected: others are heard no more.
    pub fn keep_those_of(&mut self, peer: SocketAddr) {
        let is_of = |received: &Received| received.remote(peer_family(peer)) == Some(peer);
        self.line.retain(is_of);
        self.told.retain(|told| match told {
            Told::Message(received) => is_of(received),
            Told::Event(_) => true,
        });
    }

    /// The socket is closed: other events stay.
    pub fn drop_messages(&mut self) {
        self.line.retain(|_| false);
        self.told.retain(|told| matches!(told, Told::Event(_)));
    }
}

fn peer_family(peer: SocketAddr) -> IpAddressFamily {
    match peer {
        SocketAddr::V4(_) => IpAddressFamily::Ipv4,
        SocketAddr::V6(_) => IpAddressFamily::Ipv6,
    }
}

impl Received {
    fn remote(&self, family: IpAddressFamily) -> Option<SocketAddr> {
        Header::decode(&self.header, family)?.remote
    }

    fn message(self, family: IpAddressFamily) -> Event {
        let remote = self.remote(family).expect("whoever sent it has an address");
        Event::Message(types::Datagram {
            data: self.data,
            remote: remote.into(),
        })
    }

    fn append(&self, burst: &mut Burst, max_bytes_each: usize) {
        let data = &self.data[..self.data.len().min(max_bytes_each)];
        let at = burst.headers.len();
        burst.headers.extend(&self.header);
        burst.headers[at..at + 4].copy_from_slice(&(data.len() as u32).to_le_bytes());
        burst.headers[at + 9] |= u8::from(data.len() < self.data.len());
        burst.payload.extend(data);
    }
}
