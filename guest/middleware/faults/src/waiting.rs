//! Waiting: until something is there for the guest, or until something that is late has to go on.

use crate::bindings::wasi::clocks::monotonic_clock;
use crate::options;
use crate::socket::Faulty;
use datagrant_middleware::bindings::wasi::io::poll::Pollable;
use datagrant_middleware::inner::types::{Direction, DurationNs, ErrorCode, Interest};
use datagrant_middleware::inner::{poll, wait};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

thread_local! {
    /// The guest's sockets by their ids, for waits.
    static SOCKETS: RefCell<BTreeMap<u32, Weak<Faulty>>> = const { RefCell::new(BTreeMap::new()) };
}

pub fn register(socket: &Rc<Faulty>) {
    let id = socket.inner.id();
    SOCKETS.with_borrow_mut(|sockets| {
        sockets.retain(|_, socket| socket.strong_count() > 0);
        sockets.insert(id, Rc::downgrade(socket));
    });
}

fn all() -> Vec<Rc<Faulty>> {
    SOCKETS.with_borrow(|sockets| sockets.values().filter_map(Weak::upgrade).collect())
}

fn by_id(id: u32) -> Option<Rc<Faulty>> {
    SOCKETS.with_borrow(|sockets| sockets.get(&id)?.upgrade())
}

/// Sends what is due of any socket: a guest that waits for one of them has others.
pub fn flush_all(now: Instant) {
    if !options().send.none() {
        all().iter().for_each(|socket| socket.flush(now));
    }
}

/// When the next datagram of any socket is to be sent.
fn outgoing_due() -> Option<Instant> {
    all().iter().filter_map(|socket| socket.outgoing_due()).min()
}

/// `wait.wait`. What is lost or late ends no wait.
pub fn wait(on: Interest, timeout: Option<DurationNs>) -> Result<Interest, ErrorCode> {
    if on.receive.is_empty() && on.send.is_empty() && timeout.is_none() {
        return wait::wait(&on, timeout);
    }
    let until = timeout.and_then(|timeout| Instant::now().checked_add(Duration::from_nanos(timeout)));
    let sockets: Vec<Rc<Faulty>> = on.receive.iter().filter_map(|id| by_id(*id)).collect();
    loop {
        let now = Instant::now();
        flush_all(now);
        let mut ready = there(&on);
        // What is there already is told with what the inner provider finds beside it.
        let due = sockets.iter().filter_map(|socket| socket.incoming.borrow().line.due());
        let next = due.chain(outgoing_due()).chain(until).min();
        let limit = match ready.receive.is_empty() && ready.send.is_empty() {
            true => next.map(|next| next.saturating_duration_since(now)),
            false => Some(Duration::ZERO),
        };
        let limit = limit.map(|limit| u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX));
        let found = wait::wait(&on, limit)?;
        let of_inner = |id: &u32| options().receive.none() || by_id(*id).is_none();
        ready.receive.extend(found.receive.iter().filter(|id| of_inner(id)));
        for id in found.receive.iter().filter(|id| !of_inner(id)) {
            let Some(socket) = by_id(*id) else { continue };
            socket.incoming.borrow_mut().pull(&socket.inner);
        }
        ready.send.extend(&found.send);
        let pulled = there(&on);
        ready.receive.extend(pulled.receive);
        ready.send.extend(pulled.send);
        for ids in [&mut ready.receive, &mut ready.send] {
            ids.sort_unstable();
            ids.dedup();
        }
        let over = until.is_some_and(|until| Instant::now() >= until);
        if over || !ready.receive.is_empty() || !ready.send.is_empty() {
            return Ok(ready);
        }
    }
}

/// What is ready by what this middleware has taken from the inner provider.
fn there(on: &Interest) -> Interest {
    let ready = |id: &u32| {
        by_id(*id).map_or((false, false), |socket| {
            let mut incoming = socket.incoming.borrow_mut();
            incoming.take_due(Instant::now());
            incoming.is_ready()
        })
    };
    Interest {
        receive: on.receive.iter().copied().filter(|id| ready(id).0).collect(),
        send: on.send.iter().copied().filter(|id| ready(id).1).collect(),
    }
}

/// `poll.subscribe`.
pub fn subscribe(socket: &Rc<Faulty>, direction: Direction) -> Vec<Pollable> {
    let now = Instant::now();
    flush_all(now);
    let mut incoming = socket.incoming.borrow_mut();
    incoming.take_due(now);
    let (to_receive, to_send) = incoming.is_ready();
    if direction.contains(Direction::RECEIVE) && to_receive || direction.contains(Direction::SEND) && to_send {
        return vec![];
    }
    let mut pollables = poll::subscribe(&socket.inner, direction);
    let due = incoming.line.due().into_iter().chain(outgoing_due()).min();
    if let (false, Some(due)) = (pollables.is_empty(), due) {
        let left = due.saturating_duration_since(now).as_nanos();
        pollables.push(monotonic_clock::subscribe_duration(
            u64::try_from(left).unwrap_or(u64::MAX),
        ));
    }
    pollables
}
