//! The guest's socket, and what it has been permitted.

use crate::grants::{Basis, Bind, BindPermit, Endpoint, HeldBy, Hold, ImplicitBind, Interface, Join, Ports, Sources};
use crate::rules::rules;
use datagrant_guest::burst::Header;
use datagrant_middleware::Socket;
use datagrant_middleware::inner::types::{
    Burst, CreateFlags, ErrorCode, Event, InterfaceRef, IpAddress, IpAddressFamily, IpSocketAddress, SendReport,
};
use datagrant_middleware::inner::{bursts, sockets};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};

/// The most peers of a client socket, and how many batches of unwanted datagrams one call takes.
const MOST_PEERS: usize = 1024;
const MOST_BATCHES: usize = 4;

pub struct Guarded {
    inner: sockets::Socket,
    flags: CreateFlags,
    /// The guest's own switch.
    broadcast: Cell<bool>,
    /// By what groups are sent to.
    interface: Cell<Interface>,
    /// Whom it hears.
    sources: RefCell<Sources>,
    /// Whom it wrote to, where it hears nobody else: it is bound, but by no rule for binds.
    peers: RefCell<Option<VecDeque<Endpoint>>>,
}

impl Guarded {
    pub fn created(inner: sockets::Socket, flags: CreateFlags) -> Guarded {
        Guarded {
            inner,
            flags,
            broadcast: Cell::new(false),
            interface: Cell::new(Interface::UNKNOWN),
            sources: RefCell::new(Sources::any()),
            peers: RefCell::default(),
        }
    }

    /// It was granted by its name, and stays unless its address is denied.
    pub fn taken(inner: sockets::Socket) -> Result<Guarded, ErrorCode> {
        let socket = Guarded::created(inner, CreateFlags::empty());
        let local = SocketAddr::from(socket.inner.local_address()?);
        if let Ok(local) = Endpoint::new(local) {
            rules().permit(&Hold {
                local,
                any_port: false,
                dual_stack: false,
                reuse: false,
                interface: rules().interface_of(local, Interface::UNKNOWN),
                by: HeldBy::Name,
            })?;
        }
        Ok(socket)
    }

    fn is_ipv6(&self) -> bool {
        self.inner.family() == IpAddressFamily::Ipv6
    }

    fn is_dual_stack(&self) -> bool {
        self.is_ipv6() && !self.flags.contains(CreateFlags::IPV6_ONLY)
    }

    /// What a bind asks.
    fn asked(&self, local: Endpoint) -> Bind {
        Bind {
            local,
            dual_stack: self.is_dual_stack(),
            reuse: self
                .flags
                .intersects(CreateFlags::REUSE_ADDRESS | CreateFlags::REUSE_PORT),
            interface: rules().interface_of(local, Interface::UNKNOWN),
        }
    }

    /// The bind that a send or a connect implies; what it is about was permitted already.
    fn bind_implicitly(&self) -> Result<(), ErrorCode> {
        if self.inner.local_address().is_ok() {
            return Ok(());
        }
        let permit = rules().permit(&ImplicitBind {
            ipv6: self.is_ipv6(),
            dual_stack: self.is_dual_stack(),
        })?;
        let Some(permit) = permit else { return Ok(()) };
        let asked = self.asked(Endpoint::unspecified(self.is_ipv6(), 0));
        if let Ports::Within(_) = permit.ports {
            self.bind_within(&asked, &permit, false)?;
        }
        self.is_bound(&asked, &permit);
        Ok(())
    }

    /// Binds as the rules say.
    fn bind_within(&self, asked: &Bind, permit: &BindPermit, exclusive: bool) -> Result<IpSocketAddress, ErrorCode> {
        let address = |port| {
            let address = SocketAddr::from(asked.local.with_port(port));
            Some(IpSocketAddress::from(match (address, self.is_ipv6()) {
                // Given in its mapped form, or it would not fit the socket.
                (SocketAddr::V4(v4), true) => (v4.ip().to_ipv6_mapped(), port).into(),
                (address, _) => address,
            }))
        };
        let Ports::Within(ports) = &permit.ports else {
            return self.inner.bind(address(asked.local.port()), exclusive);
        };
        let mut answer = Err(ErrorCode::AddressInUse);
        for port in ports.iter() {
            answer = self.inner.bind(address(port), exclusive);
            // What the inner provider does not grant is none of these either.
            if !matches!(answer, Err(ErrorCode::AddressInUse | ErrorCode::AccessDenied)) {
                break;
            }
        }
        answer
    }

    /// What it hears from now on.
    fn is_bound(&self, asked: &Bind, permit: &BindPermit) {
        let port = self
            .inner
            .local_address()
            .map_or(0, |local| SocketAddr::from(local).port());
        let hold = Hold::of(asked, permit, port);
        *self.sources.borrow_mut() = rules().grants().sources(&hold);
        *self.peers.borrow_mut() = (permit.basis == Basis::Client).then(VecDeque::new);
    }

    /// Judges a datagram, and makes its destination a peer.
    fn judge(&self, remote: SocketAddr) -> Result<(), ErrorCode> {
        rules().permit_send(remote, self.broadcast.get(), self.interface.get())?;
        self.bind_implicitly()?;
        self.is_written_to(remote);
        Ok(())
    }

    fn is_written_to(&self, remote: SocketAddr) {
        let (mut peers, Ok(remote)) = (self.peers.borrow_mut(), Endpoint::new(remote)) else {
            return;
        };
        if let Some(peers) = peers.as_mut().filter(|peers| peers.back() != Some(&remote)) {
            peers.retain(|peer| *peer != remote);
            if peers.len() == MOST_PEERS {
                peers.pop_front();
            }
            peers.push_back(remote);
        }
    }

    fn hears(&self, remote: SocketAddr) -> bool {
        let Ok(remote) = Endpoint::new(remote) else {
            return false;
        };
        let peers = self.peers.borrow();
        peers.as_ref().is_none_or(|peers| peers.contains(&remote))
            && self.sources.borrow().cover(&remote)
            && rules().hears(remote)
    }

    /// How many of these headers may be sent, from the first; and the code for the next one.
    fn judge_burst(&self, stride: usize, headers: &[u8]) -> (usize, Option<ErrorCode>) {
        for (number, bytes) in headers.chunks_exact(stride).enumerate() {
            let Some(header) = Header::decode(bytes, self.inner.family()) else {
                break;
            };
            let remote = header.remote.filter(|remote| remote.port() != 0);
            let source = header.info.and_then(|info| info.local);
            let judged = source.map_or(Ok(()), |source| self.judge_source(source));
            // Without one it goes to the peer, who was judged by the connect.
            let judged = judged.and_then(|()| remote.map_or(Ok(()), |remote| self.judge(remote)));
            if let Err(code) = judged {
                return (number, Some(code));
            }
        }
        (headers.len() / stride, None)
    }

    /// The choice of an address to send from is a bind to it.
    fn judge_source(&self, source: IpAddr) -> Result<(), ErrorCode> {
        let port = self
            .inner
            .local_address()
            .map_or(0, |local| SocketAddr::from(local).port());
        match Endpoint::new(SocketAddr::new(source, port)) {
            Ok(local) => rules().permit(&self.asked(local)).map(drop),
            Err(_) => Ok(()),
        }
    }
}

impl Socket for Guarded {
    fn inner(&self) -> &sockets::Socket {
        &self.inner
    }

    fn bind(&self, local: Option<IpSocketAddress>, exclusive: bool) -> Result<IpSocketAddress, ErrorCode> {
        let wanted = local.map(SocketAddr::from);
        let fits = wanted.is_none_or(|wanted| wanted.is_ipv6() == self.is_ipv6());
        let endpoint = wanted.map_or(Ok(Endpoint::unspecified(self.is_ipv6(), 0)), Endpoint::new);
        // What is wrong with it, the inner provider says.
        let (true, Ok(endpoint), Err(_)) = (fits, endpoint, self.inner.local_address()) else {
            return self.inner.bind(local, exclusive);
        };
        let asked = self.asked(endpoint);
        let Some(permit) = rules().permit(&asked)? else {
            return self.inner.bind(local, exclusive);
        };
        if permit.ipv6_only && asked.dual_stack && endpoint.is_unspecified() {
            eprintln!("firewall: refused: bind {endpoint} of both families: allow 0.0.0.0 too, or create it ipv6-only");
            return Err(ErrorCode::AccessDenied);
        }
        let address = match permit.ports {
            Ports::Within(_) => self.bind_within(&asked, &permit, exclusive),
            Ports::Requested | Ports::Kernel => self.inner.bind(local, exclusive),
        }?;
        self.is_bound(&asked, &permit);
        Ok(address)
    }

    fn connect(&self, remote: IpSocketAddress) -> Result<IpSocketAddress, ErrorCode> {
        if self.inner.remote_address().is_ok() {
            return self.inner.connect(remote);
        }
        rules().permit_connect(remote.into())?;
        self.bind_implicitly()?;
        let local = self.inner.connect(remote)?;
        self.is_written_to(remote.into());
        Ok(local)
    }

    fn next_events(&self, max: u32) -> Vec<Event> {
        for _ in 0..MOST_BATCHES {
            let mut events = self.inner.next_events(max);
            let none = events.is_empty();
            events.retain(|event| match event {
                Event::Message(message) => self.hears(message.remote.into()),
                _ => true,
            });
            if none || !events.is_empty() {
                return events;
            }
        }
        // Others have their turn; a wait is over at once.
        vec![]
    }

    fn send(&self, data: &[u8], remote: Option<IpSocketAddress>) -> Result<(), ErrorCode> {
        if let Some(remote) = remote.filter(|_| self.inner.remote_address().is_err()) {
            self.judge(remote.into())?;
        }
        self.inner.send(data, remote)
    }

    fn set_broadcast(&self, on: bool) -> Result<(), ErrorCode> {
        self.inner.set_broadcast(on)?;
        self.broadcast.set(on);
        Ok(())
    }

    fn set_multicast_interface(&self, interface: &InterfaceRef) -> Result<(), ErrorCode> {
        self.inner.set_multicast_interface(interface)?;
        self.interface.set(rules().interface(interface));
        Ok(())
    }

    fn join(&self, group: IpAddress, interface: &InterfaceRef, source: Option<IpAddress>) -> Result<(), ErrorCode> {
        rules().permit(&Join {
            group: IpAddr::from(group).to_canonical(),
            interface: rules().interface(interface),
            source: source.map(|source| IpAddr::from(source).to_canonical()),
        })?;
        self.inner.join(group, interface, source)
    }

    fn receive_burst(&self, max_headers: u32, max_bytes_each: u32) -> Result<Burst, ErrorCode> {
        let mut burst = bursts::receive(&self.inner, max_headers, max_bytes_each)?;
        for _ in 1..MOST_BATCHES {
            let none = burst.headers.is_empty();
            self.keep_heard(&mut burst);
            if none || !burst.headers.is_empty() || burst.more_events {
                return Ok(burst);
            }
            burst = bursts::receive(&self.inner, max_headers, max_bytes_each)?;
        }
        self.keep_heard(&mut burst);
        Ok(burst)
    }

    fn send_burst(&self, stride: u32, headers: &[u8], payload: &[u8]) -> SendReport {
        let size = stride as usize;
        let whole = matches!(size, Header::SIZE | Header::SIZE_WITH_INFO) && headers.len().is_multiple_of(size);
        let lengths = |headers: &[u8]| headers.chunks_exact(size).map(length).sum::<usize>();
        // What is malformed sends nothing at all, as the inner provider says.
        if !whole || lengths(headers) != payload.len() {
            return bursts::send(&self.inner, stride, headers, payload);
        }
        let (permitted, refused) = self.judge_burst(size, headers);
        let headers = &headers[..permitted * size];
        if let (0, Some(_)) = (permitted, refused) {
            return SendReport {
                sent: 0,
                partial: 0,
                stopped: refused,
            };
        }
        let mut report = bursts::send(&self.inner, stride, headers, &payload[..lengths(headers)]);
        if report.stopped.is_none() {
            report.stopped = refused;
        }
        report
    }
}

impl Guarded {
    /// Takes out of a burst what is not to be heard.
    fn keep_heard(&self, burst: &mut Burst) {
        let stride = burst.stride as usize;
        let heard = |header: &[u8]| {
            let remote = Header::decode(header, self.inner.family()).and_then(|header| header.remote);
            remote.is_some_and(|remote| self.hears(remote))
        };
        if burst.headers.chunks_exact(stride).all(heard) {
            return;
        }
        let (mut headers, mut payload, mut rest) = (vec![], vec![], burst.payload.as_slice());
        for header in burst.headers.chunks_exact(stride) {
            let (own, after) = rest.split_at(length(header));
            rest = after;
            if heard(header) {
                headers.extend(header);
                payload.extend(own);
            }
        }
        (burst.headers, burst.payload) = (headers, payload);
    }
}

/// The bytes of a header's payload.
fn length(header: &[u8]) -> usize {
    header
        .first_chunk()
        .map_or(0, |length| u32::from_le_bytes(*length) as usize)
}
