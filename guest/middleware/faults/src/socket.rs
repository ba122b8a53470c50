//! The guest's socket: what it sends passes a line, and so does what it receives.

use crate::fate::Fates;
use crate::line::{Datagram, Line, MOST_BYTES, MOST_DATAGRAMS};
use crate::pull::Incoming;
use crate::{options, segments, waiting};
use datagrant_guest::burst::Header;
use datagrant_middleware::Socket;
use datagrant_middleware::bindings::wasi::io::poll::Pollable;
use datagrant_middleware::inner::types::{
    Burst, BurstOptions, Direction, ErrorCode, Event, IpSocketAddress, SendReport,
};
use datagrant_middleware::inner::{bursts, sockets};
use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// When a datagram that is late finds no room, it is tried again after so long.
const TRY_AGAIN: Duration = Duration::from_millis(1);

/// What the guest holds.
pub struct Handle(Rc<Faulty>);

/// What waits find too.
pub struct Faulty {
    pub inner: sockets::Socket,
    outgoing: RefCell<Line<Outgoing>>,
    /// Until when what is late waits for room.
    blocked: Cell<Option<Instant>>,
    pub incoming: RefCell<Incoming>,
}

/// A datagram that is to be sent, as a burst of one.
#[derive(Clone)]
struct Outgoing {
    header: Vec<u8>,
    data: Vec<u8>,
}

impl Datagram for Outgoing {
    fn bytes(&self) -> usize {
        self.data.len()
    }
}

impl Handle {
    pub fn new(inner: sockets::Socket) -> Handle {
        thread_local!(static COUNT: Cell<u64> = const { Cell::new(0) });
        // By their order, not by their ids, which count lookups too.
        let place = COUNT.replace(COUNT.get() + 1);
        let options = options();
        let fates = |faults, direction| Fates::new(faults, options.seed, 2 * place + direction);
        let socket = Rc::new(Faulty {
            inner,
            outgoing: RefCell::new(Line::new(fates(options.send, 0))),
            blocked: Cell::default(),
            incoming: RefCell::new(Incoming::new(Line::new(fates(options.receive, 1)))),
        });
        waiting::register(&socket);
        Handle(socket)
    }
}

impl Faulty {
    /// When the next datagram that is late is to be sent.
    pub fn outgoing_due(&self) -> Option<Instant> {
        let due = self.outgoing.borrow().due()?;
        Some(self.blocked.get().map_or(due, |until| due.max(until)))
    }

    /// Sends what is due.
    pub fn flush(&self, now: Instant) {
        if self.blocked.get().is_some_and(|until| now < until) {
            return;
        }
        self.blocked.set(None);
        let mut line = self.outgoing.borrow_mut();
        while let Some(datagram) = line.peek(now) {
            match self.transmit(datagram) {
                Err(ErrorCode::WouldBlock) => return self.blocked.set(Some(now + TRY_AGAIN)),
                // The guest's call has ended long ago.
                Err(code) => self.incoming.borrow_mut().tell(Event::Error(code)),
                Ok(()) => {}
            }
            line.pop();
        }
    }

    /// Sends all that is late, before the socket changes so that it could not be sent any more.
    fn hurry(&self) {
        let mut line = self.outgoing.borrow_mut();
        while let Some(datagram) = line.pop() {
            // There is nobody to tell.
            let _ = self.transmit(&datagram);
        }
    }

    fn transmit(&self, Outgoing { header, data }: &Outgoing) -> Result<(), ErrorCode> {
        let report = bursts::send(&self.inner, header.len() as u32, header, data);
        report.stopped.map_or(Ok(()), Err)
    }

    /// Whether a datagram would be refused whatever the network does; what is lost or late has to be refused, too. Binds the
    /// socket, as a send does.
    fn would_go(&self, to_peer: bool) -> Result<(), ErrorCode> {
        match self.inner.remote_address() {
            Ok(_) if to_peer => return Ok(()),
            Err(_) if !to_peer => {}
            _ => return Err(ErrorCode::InvalidState),
        }
        match self.inner.local_address() {
            Ok(_) => Ok(()),
            Err(_) => self.inner.bind(None, false).map(drop),
        }
    }

    /// One datagram passes the line.
    fn dispatch(&self, datagram: Outgoing, to_peer: bool) -> Result<(), ErrorCode> {
        let now = Instant::now();
        let mut line = self.outgoing.borrow_mut();
        let fate = line.fates.next();
        let gone = line.goes_at_once(&fate);
        match gone {
            true => self.transmit(&datagram)?,
            false => self.would_go(to_peer)?,
        }
        line.enter(datagram, gone, now);
        drop(line);
        self.flush(now);
        Ok(())
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        self.hurry();
        let dropped = self.outgoing.borrow().dropped() + self.incoming.borrow().line.dropped();
        if dropped > 0 {
            let id = self.inner.id();
            let room = MOST_BYTES >> 20;
            eprintln!(
                "faults: socket {id}: {dropped} datagrams were dropped, for it keeps at most {MOST_DATAGRAMS} or {room} MiB of \
                 them in each direction"
            );
        }
    }
}

impl Socket for Handle {
    fn inner(&self) -> &sockets::Socket {
        &self.0.inner
    }

    fn connect(&self, remote: IpSocketAddress) -> Result<IpSocketAddress, ErrorCode> {
        self.0.hurry();
        let local = self.0.inner.connect(remote)?;
        if let Ok(peer) = self.0.inner.remote_address() {
            self.0.incoming.borrow_mut().keep_those_of(peer.into());
        }
        Ok(local)
    }

    fn disconnect(&self) -> Result<(), ErrorCode> {
        self.0.hurry();
        self.0.inner.disconnect()
    }

    fn close(&self) {
        self.0.hurry();
        self.0.incoming.borrow_mut().drop_messages();
        self.0.inner.close();
    }

    fn next_events(&self, max: u32) -> Vec<Event> {
        waiting::flush_all(Instant::now());
        if options().receive.none() && !self.0.incoming.borrow().has_events() {
            return self.0.inner.next_events(max);
        }
        self.0.incoming.borrow_mut().next_events(&self.0.inner, max)
    }

    fn send(&self, data: &[u8], remote: Option<IpSocketAddress>) -> Result<(), ErrorCode> {
        waiting::flush_all(Instant::now());
        let fits = self.0.is_plain(remote, data.len());
        if options().send.none() || !fits {
            return self.0.inner.send(data, remote);
        }
        let header = Header {
            length: data.len() as u32,
            remote: remote.map(SocketAddr::from),
            ..Header::default()
        };
        let mut bytes = vec![];
        header.encode(Header::SIZE, &mut bytes);
        let data = data.to_vec();
        self.0.dispatch(Outgoing { header: bytes, data }, remote.is_none())
    }

    fn configure(&self, options: BurstOptions) -> Result<BurstOptions, ErrorCode> {
        let on = bursts::configure(&self.0.inner, options)?;
        self.0.incoming.borrow_mut().coalesces = on.contains(BurstOptions::COALESCE);
        Ok(on)
    }

    fn receive_burst(&self, max_headers: u32, max_bytes_each: u32) -> Result<Burst, ErrorCode> {
        waiting::flush_all(Instant::now());
        if options().receive.none() && !self.0.incoming.borrow().has_events() {
            return bursts::receive(&self.0.inner, max_headers, max_bytes_each);
        }
        let mut incoming = self.0.incoming.borrow_mut();
        incoming.receive_burst(&self.0.inner, max_headers, max_bytes_each)
    }

    fn send_burst(&self, stride: u32, headers: &[u8], payload: &[u8]) -> SendReport {
        waiting::flush_all(Instant::now());
        let split = (!options().send.none())
            .then(|| self.0.split(stride, headers, payload))
            .flatten();
        let Some(datagrams) = split else {
            return bursts::send(&self.0.inner, stride, headers, payload);
        };
        let mut report = SendReport {
            sent: 0,
            partial: 0,
            stopped: None,
        };
        for (number, at, datagram, to_peer) in datagrams {
            (report.sent, report.partial) = (number, at);
            if let Err(code) = self.0.dispatch(datagram, to_peer) {
                report.stopped = Some(code);
                return report;
            }
        }
        (report.sent, report.partial) = ((headers.len() / stride as usize) as u32, 0);
        report
    }

    fn subscribe(&self, direction: Direction) -> Vec<Pollable> {
        waiting::subscribe(&self.0, direction)
    }
}

impl Faulty {
    /// Whether nothing about it is wrong whatever the state of the socket: what is, the inner socket refuses.
    fn is_plain(&self, remote: Option<IpSocketAddress>, bytes: usize) -> bool {
        let most = match self.inner.family() {
            sockets::IpAddressFamily::Ipv4 => 65_507,
            sockets::IpAddressFamily::Ipv6 => 65_527,
        };
        let fits = remote.is_none_or(|remote| {
            let address = SocketAddr::from(remote);
            let ipv4 = self.inner.family() == sockets::IpAddressFamily::Ipv4;
            address.is_ipv4() == ipv4 && address.port() != 0 && !address.ip().to_canonical().is_unspecified()
        });
        fits && bytes <= most
    }

    /// The datagrams of a burst, each with its header's number and its place in there; none if the burst is malformed, or
    /// does not fit the socket: then nothing of it may go.
    fn split(&self, stride: u32, headers: &[u8], payload: &[u8]) -> Option<Vec<(u32, u32, Outgoing, bool)>> {
        let stride = usize::try_from(stride).ok()?;
        if !matches!(stride, Header::SIZE | Header::SIZE_WITH_INFO) || !headers.len().is_multiple_of(stride) {
            return None;
        }
        let connected = self.inner.remote_address().is_ok();
        let (mut datagrams, mut rest) = (vec![], payload);
        for (number, bytes) in headers.chunks_exact(stride).enumerate() {
            let header = Header::decode(bytes, self.inner.family())?;
            let reserved = bytes[10..12].iter().chain(bytes.get(36..48).unwrap_or_default());
            let to_peer = bytes[6..8] == [0, 0];
            if header.ecn > 3 || reserved.into_iter().any(|byte| *byte != 0) || to_peer != connected {
                return None;
            }
            let (own, after) = rest.split_at_checked(header.length as usize)?;
            rest = after;
            for (at, data) in segments::apart(own, header.segment_size) {
                let remote = header.remote.map(IpSocketAddress::from);
                if !self.is_plain(remote.filter(|_| !to_peer), data.len()) {
                    return None;
                }
                let header = segments::header_of(bytes, data);
                let data = data.to_vec();
                datagrams.push((number as u32, at as u32, Outgoing { header, data }, to_peer));
            }
        }
        rest.is_empty().then_some(datagrams)
    }
}
