//! A provider for unit tests: a loopback network in memory, with a clock that moves only while somebody waits.
//!
//! A wait that nothing could ever end panics, so that a test of it fails instead of hanging.

pub(crate) mod bursts;
mod multicast;
mod names;

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};
use std::{io, net::SocketAddr};

use crate::address::{from_contract, to_contract};
use crate::bindings::types::{BurstOptions, Datagram, Event, Interest, IpSocketAddress};
use crate::{CreateFlags, Error, ErrorCode, Family};
pub(crate) use multicast::{memberships, multicast_options};
pub(crate) use names::{
    Lookup, fail_name, granted_names, hand_in, interface, lookup, lookups, name, take, zone_index, zone_name,
};

thread_local! {
    static WORLD: RefCell<World> = RefCell::default();
}

#[derive(Default)]
struct World {
    start: Option<Instant>,
    elapsed: Duration,
    last_id: u32,
    waits: usize,
    burst_calls: usize,
    without_bursts: bool,
    denied: Vec<SocketAddr>,
    sockets: BTreeMap<u32, State>,
    later: BTreeMap<(Duration, usize), Box<dyn FnOnce()>>,
    later_count: usize,
    names: names::Names,
}

struct State {
    family: Family,
    events: VecDeque<Event>,
    local: Option<SocketAddr>,
    peer: Option<SocketAddr>,
    /// Room for that many datagrams.
    room: usize,
    closed: bool,
    options: BurstOptions,
    stop_within: Option<u32>,
    flags: CreateFlags,
    exclusive: bool,
    buffers: (u32, u32),
    multicast: multicast::Multicast,
}

fn world<T>(f: impl FnOnce(&mut World) -> T) -> T {
    WORLD.with_borrow_mut(f)
}

/// Binding, connecting and sending to `address` is denied.
pub(crate) fn deny(address: &str) {
    world(|w| w.denied.push(address.parse().unwrap()));
}

/// Something that happens while the program waits, so much later.
pub(crate) fn later(after: Duration, what: impl FnOnce() + 'static) {
    world(|w| {
        w.later_count += 1;
        let key = (w.elapsed + after, w.later_count);
        w.later.insert(key, Box::new(what));
    });
}

pub(crate) fn inject(id: u32, event: Event) {
    world(|w| w.sockets.get_mut(&id).unwrap().events.push_back(event));
}

pub(crate) fn message(from: &str, data: &[u8]) -> Event {
    Event::Message(Datagram {
        data: data.to_vec(),
        remote: to_contract(from.parse().unwrap()),
    })
}

pub(crate) fn set_room(id: u32, datagrams: usize) {
    world(|w| w.sockets.get_mut(&id).unwrap().room = datagrams);
}

/// What waits in the provider for a socket.
pub(crate) fn events(id: u32) -> usize {
    world(|w| w.sockets[&id].events.len())
}

/// Takes them away before anybody sees them.
pub(crate) fn take_events(id: u32) {
    world(|w| w.sockets.get_mut(&id).unwrap().events.clear());
}

pub(crate) fn elapsed() -> Duration {
    world(|w| w.elapsed)
}

pub(crate) fn waits() -> usize {
    world(|w| w.waits)
}

/// Sockets that nobody has dropped yet.
pub(crate) fn open() -> usize {
    world(|w| w.sockets.len())
}

pub(crate) fn now() -> Instant {
    world(|w| *w.start.get_or_insert_with(Instant::now) + w.elapsed)
}

/// What the socket was created with, and whether it was bound exclusively.
pub(crate) fn sharing(id: u32) -> (CreateFlags, bool) {
    world(|w| (w.sockets[&id].flags, w.sockets[&id].exclusive))
}

pub(crate) fn create(family: Family, flags: CreateFlags) -> io::Result<Socket> {
    Ok(world(|w| {
        w.last_id += 1;
        let (events, local, peer) = (VecDeque::new(), None, None);
        w.sockets.insert(
            w.last_id,
            State {
                family,
                events,
                local,
                peer,
                room: usize::MAX,
                closed: false,
                options: BurstOptions::empty(),
                stop_within: None,
                flags,
                exclusive: false,
                buffers: (212_992, 212_992),
                multicast: multicast::Multicast::default(),
            },
        );
        Socket { id: w.last_id }
    }))
}

pub(crate) fn wait(on: &Interest, timeout: Option<Duration>) -> io::Result<Interest> {
    let end = timeout.map(|t| elapsed() + t);
    world(|w| w.waits += 1);
    loop {
        let ready = world(|w| w.ready(on)).map_err(|code| Error::new("wait", None, code))?;
        if !ready.receive.is_empty() || !ready.send.is_empty() {
            return Ok(ready);
        }
        let next = world(|w| w.later.first_key_value().map(|(key, _)| *key));
        match (next, end) {
            (Some(key), end) if end.is_none_or(|end| key.0 <= end) => {
                let what = world(|w| {
                    w.elapsed = key.0;
                    w.later.remove(&key)
                });
                what.unwrap()();
            }
            (_, Some(end)) => {
                world(|w| w.elapsed = end);
                return Ok(ready);
            }
            (_, None) => panic!("waits for ever"),
        }
    }
}

impl World {
    fn ready(&self, on: &Interest) -> Result<Interest, ErrorCode> {
        let is_ready = |id: &u32, sending: bool| {
            if let Some(answered) = self.names.answered(*id) {
                return if sending {
                    Err(ErrorCode::InvalidArgument)
                } else {
                    Ok(answered)
                };
            }
            let s = self.sockets.get(id).ok_or(ErrorCode::InvalidState)?;
            let own = s
                .events
                .iter()
                .any(|e| !matches!(e, Event::Message(_) | Event::Error(_)));
            Ok(own || if sending { s.room > 0 } else { !s.events.is_empty() })
        };
        let pick = |ids: &[u32], sending| {
            let ids = ids
                .iter()
                .copied()
                .map(|id| is_ready(&id, sending).map(|ready| (id, ready)));
            let ids: Vec<_> = ids.collect::<Result<_, ErrorCode>>()?;
            Ok(ids.into_iter().filter(|(_, ready)| *ready).map(|(id, _)| id).collect())
        };
        Ok(Interest {
            receive: pick(&on.receive, false)?,
            send: pick(&on.send, true)?,
        })
    }

    fn deliver(&mut self, from: SocketAddr, to: SocketAddr, data: &[u8]) {
        let wanted = |s: &&mut State| s.local == Some(to) && s.peer.is_none_or(|peer| peer == from);
        if let Some(s) = self.sockets.values_mut().find(wanted) {
            s.events.push_back(Event::Message(Datagram {
                data: data.to_vec(),
                remote: to_contract(from),
            }));
        }
    }
}

/// Named and shaped as the contract's.
#[derive(Debug)]
pub struct Socket {
    id: u32,
}

impl Socket {
    fn with<T>(&self, f: impl FnOnce(&mut State) -> Result<T, ErrorCode>) -> Result<T, ErrorCode> {
        world(|w| match w.sockets.get_mut(&self.id) {
            Some(s) if !s.closed => f(s),
            _ => Err(ErrorCode::InvalidState),
        })
    }

    pub fn id(&self) -> u32 {
        self.id
    }

    pub fn family(&self) -> Family {
        world(|w| w.sockets[&self.id].family)
    }

    pub fn bind(&self, local: Option<IpSocketAddress>, exclusive: bool) -> Result<IpSocketAddress, ErrorCode> {
        let any = if self.family() == Family::Ipv4 {
            "127.0.0.1:0"
        } else {
            "[::1]:0"
        };
        let any: SocketAddr = any.parse().unwrap();
        let mut local = local.map_or(any, from_contract);
        if local.ip().is_unspecified() {
            local.set_ip(any.ip());
        }
        if local.port() == 0 {
            local.set_port(50_000 + self.id as u16);
        }
        if world(|w| w.denied.contains(&local)) {
            return Err(ErrorCode::AccessDenied);
        }
        if world(|w| w.sockets.values().any(|s| s.local == Some(local))) {
            return Err(ErrorCode::AddressInUse);
        }
        self.with(|s| {
            if s.local.is_some() {
                return Err(ErrorCode::InvalidState);
            }
            s.local = Some(local);
            s.exclusive = exclusive;
            s.events.push_back(Event::Listening(to_contract(local)));
            Ok(to_contract(local))
        })
    }

    pub fn connect(&self, remote: IpSocketAddress) -> Result<IpSocketAddress, ErrorCode> {
        let peer = from_contract(remote);
        if world(|w| w.denied.contains(&peer)) {
            return Err(ErrorCode::AccessDenied);
        }
        if self.local_address().is_err() {
            self.bind(None, false)?;
        }
        self.with(|s| {
            if s.peer.replace(peer).is_some() {
                return Err(ErrorCode::InvalidState);
            }
            s.events
                .retain(|e| !matches!(e, Event::Message(d) if from_contract(d.remote) != peer));
            s.events.push_back(Event::Connect(remote));
            s.local.map(to_contract).ok_or(ErrorCode::InvalidState)
        })
    }

    pub fn disconnect(&self) -> Result<(), ErrorCode> {
        self.with(|s| s.peer.take().map(drop).ok_or(ErrorCode::InvalidState))
    }

    pub fn close(&self) {
        let _ = self.with(|s| {
            (s.closed, s.local) = (true, None);
            s.events.clear();
            s.events.push_back(Event::Close);
            Ok(())
        });
    }

    pub fn next_events(&self, max: u32) -> Vec<Event> {
        world(|w| {
            let events = &mut w.sockets.get_mut(&self.id).unwrap().events;
            let count = events.len().min(max as usize);
            events.drain(..count).collect()
        })
    }

    pub fn send(&self, data: &[u8], remote: Option<IpSocketAddress>) -> Result<(), ErrorCode> {
        let peer = self.with(|s| Ok(s.peer))?;
        let to = match (remote.map(from_contract), peer) {
            (Some(to), None) | (None, Some(to)) => to,
            _ => return Err(ErrorCode::InvalidState),
        };
        if world(|w| w.denied.contains(&to)) {
            return Err(ErrorCode::AccessDenied);
        }
        if self.local_address().is_err() {
            self.bind(None, false)?;
        }
        if data.len() > 65_507 {
            return Err(ErrorCode::DatagramTooLarge);
        }
        let from = self.with(|s| {
            s.room = s.room.checked_sub(1).ok_or(ErrorCode::WouldBlock)?;
            s.local.ok_or(ErrorCode::InvalidState)
        })?;
        world(|w| w.deliver(from, to, data));
        Ok(())
    }

    pub fn local_address(&self) -> Result<IpSocketAddress, ErrorCode> {
        self.with(|s| s.local.map(to_contract).ok_or(ErrorCode::InvalidState))
    }

    pub fn remote_address(&self) -> Result<IpSocketAddress, ErrorCode> {
        self.with(|s| s.peer.map(to_contract).ok_or(ErrorCode::InvalidState))
    }

    pub fn set_broadcast(&self, _: bool) -> Result<(), ErrorCode> {
        self.with(|_| Ok(()))
    }

    pub fn set_ttl(&self, _: u8) -> Result<(), ErrorCode> {
        self.with(|_| Ok(()))
    }

    pub fn receive_buffer_bytes(&self) -> Result<u32, ErrorCode> {
        self.with(|s| Ok(s.buffers.0))
    }

    pub fn set_receive_buffer_bytes(&self, bytes: u32) -> Result<(), ErrorCode> {
        self.with(|s| set_buffer(&mut s.buffers.0, bytes))
    }

    pub fn send_buffer_bytes(&self) -> Result<u32, ErrorCode> {
        self.with(|s| Ok(s.buffers.1))
    }

    pub fn set_send_buffer_bytes(&self, bytes: u32) -> Result<(), ErrorCode> {
        self.with(|s| set_buffer(&mut s.buffers.1, bytes))
    }
}

/// Doubles it, as Linux does.
fn set_buffer(buffer: &mut u32, bytes: u32) -> Result<(), ErrorCode> {
    if bytes == 0 {
        return Err(ErrorCode::InvalidArgument);
    }
    *buffer = 2 * bytes;
    Ok(())
}

impl Drop for Socket {
    fn drop(&mut self) {
        // The thread may be ending.
        let _ = WORLD.try_with(|w| w.borrow_mut().sockets.remove(&self.id));
    }
}
