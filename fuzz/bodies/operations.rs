//! A hostile guest: any operations in any order, and whether grants and limits hold whatever it does.

mod sockets;
mod traffic;

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use cap_std::ambient_authority;

use crate::ctx::DgramCtx;
use crate::limits::{Limit, Limits};
use crate::lookup::Lookup;
use crate::socket::{CreateFlags, ErrorCode, Event, Family, Socket};
use crate::wait::{Wanted, wait};

use super::bytes::Bytes;
use super::loopback::{Others, canonical};
use super::rules::{RULES, Rules};

const MAX_SOCKETS: usize = 4;
const MAX_LOOKUPS: usize = 2;
/// More than any input needs to find something.
const MAX_OPERATIONS: usize = 256;

thread_local! {
    static RUNTIME: tokio::runtime::Runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
}

/// Chooses grants, and takes the rest as what a guest does under them.
pub fn operations(data: &[u8]) {
    let mut bytes = Bytes(data);
    let choice = bytes.byte();
    let rules = &RULES[usize::from(choice) % RULES.len()];
    RUNTIME.with(|runtime| {
        let _inside = runtime.enter();
        Others::with(|others| {
            let before = descriptors();
            let mut guest = Guest::new(rules, limits(choice >> 3), others);
            for _ in 0..MAX_OPERATIONS {
                if bytes.is_empty() {
                    break;
                }
                guest.operates(&mut bytes, runtime);
            }
            // What was begun for it ends, too.
            let turns = if guest.looked_up { 64 } else { 0 };
            guest.ends();
            runtime.block_on(async {
                for _ in 0..turns {
                    tokio::task::yield_now().await;
                }
            });
            assert_eq!(descriptors(), before, "descriptors");
        });
    });
}

/// How many descriptors this process has open. Where other tests run beside this one, nobody can tell.
fn descriptors() -> usize {
    match cfg!(test) {
        true => 0,
        false => std::fs::read_dir("/proc/self/fd").expect("/proc").count(),
    }
}

/// A guest, and what is known of it from outside.
struct Guest<'o> {
    rules: &'static Rules,
    others: &'o Others,
    ctx: DgramCtx,
    sockets: Vec<Known>,
    lookups: Vec<Arc<Lookup>>,
    looked_up: bool,
    last_id: u32,
    /// Where datagrams have gone.
    reached: HashSet<SocketAddr>,
}

/// A socket of the guest.
struct Known {
    socket: Arc<Socket>,
    /// Bound by a bind grant, or handed in: it hears everybody, and answers.
    server: bool,
    handed_in: bool,
    peer: Option<SocketAddr>,
    broadcast: bool,
    heard: HashSet<SocketAddr>,
    sent: HashSet<SocketAddr>,
    closed: bool,
}

impl Known {
    fn new(socket: Arc<Socket>, handed_in: bool) -> Known {
        Known {
            socket,
            server: handed_in,
            handed_in,
            peer: None,
            broadcast: false,
            heard: HashSet::new(),
            sent: HashSet::new(),
            closed: false,
        }
    }
}

/// Few sockets and lookups, and what else a bit says.
fn limits(bits: u8) -> Limits {
    let mut limits = Limits::new();
    let all = [
        (true, Limit::Sockets, MAX_SOCKETS as u64),
        (true, Limit::Lookups, MAX_LOOKUPS as u64),
        (bits & 1 != 0, Limit::SentDatagramsPerSecond, 5),
        (bits & 1 != 0, Limit::ReceivedBytesPerSecond, 1000),
        (bits & 2 != 0, Limit::RepliesPerDatagram, 1),
        (bits & 2 != 0, Limit::ReplyBytesPerByte, 1),
        (bits & 4 != 0, Limit::SocketBufferBytes, 1 << 20),
        (bits & 4 != 0, Limit::Memberships, 1),
    ];
    for (_, limit, value) in all.into_iter().filter(|(set, ..)| *set) {
        limits.set(limit, value).expect("a limit");
    }
    limits
}

impl<'o> Guest<'o> {
    fn new(rules: &'static Rules, limits: Limits, others: &'o Others) -> Guest<'o> {
        let handed_in = std::net::UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let ctx = DgramCtx::builder()
            .grants(rules.grants(others), ambient_authority())
            .limits(limits)
            .name_servers([others.name_server], ambient_authority())
            .socket("in", cap_std::net::UdpSocket::from_std(handed_in))
            .expect("a socket");
        Guest {
            rules,
            others,
            ctx: ctx.build(),
            sockets: vec![],
            lookups: vec![],
            looked_up: false,
            last_id: 0,
            reached: HashSet::new(),
        }
    }

    fn operates(&mut self, bytes: &mut Bytes<'_>, runtime: &tokio::runtime::Runtime) {
        let operation = bytes.below(32);
        match operation {
            0 | 1 => return self.creates(bytes),
            2 => return self.takes(bytes),
            3 => return self.looks_up(bytes),
            _ => {}
        }
        if self.sockets.is_empty() {
            return;
        }
        let at = bytes.below(self.sockets.len());
        match operation {
            4..=6 => self.binds(at, bytes),
            7 | 8 => self.connects(at, bytes),
            9 => {
                if self.sockets[at].socket.disconnect().is_ok() {
                    assert!(self.sockets[at].peer.take().is_some());
                }
            }
            10..=13 => self.sends(at, bytes),
            14..=16 => self.sends_a_burst(at, bytes),
            17..=19 => self.takes_events(at, bytes.byte().into()),
            20..=21 => self.takes_a_burst(at, bytes),
            22..=25 => self.is_written_to(at, bytes),
            26 => self.joins(at, bytes),
            27 => self.configures(at, bytes),
            28 => {
                let on = bytes.flag();
                self.sockets[at].broadcast = self.sockets[at].socket.set_broadcast(on).is_ok() && on;
            }
            29 => {
                self.sockets[at].socket.close();
                self.sockets[at].closed = true;
            }
            30 => {
                let known = self.sockets.swap_remove(at);
                self.ctx.forget(known.socket.id());
                known.socket.close();
            }
            _ if bytes.flag() => self.is_given(&RULES[bytes.below(RULES.len())]),
            _ => {
                let wanted: Vec<Wanted> = self.sockets.iter().map(|s| Wanted::Event(s.socket.clone())).collect();
                let ready = runtime
                    .block_on(wait(&wanted, Some(Duration::ZERO)))
                    .expect("descriptors");
                assert_eq!(ready.len(), wanted.len());
            }
        }
    }

    fn has_new(&mut self, id: u32) {
        assert!(id > self.last_id, "an id was used again");
        self.last_id = id;
    }

    fn creates(&mut self, bytes: &mut Bytes<'_>) {
        let family = if bytes.flag() { Family::Ipv6 } else { Family::Ipv4 };
        let flags = bytes.byte();
        let flags = CreateFlags {
            reuse_address: flags & 1 != 0,
            reuse_port: flags & 2 != 0,
            ipv6_only: flags & 4 != 0,
            ..CreateFlags::default()
        };
        let own = self.sockets.iter().filter(|socket| !socket.handed_in).count();
        match self.ctx.create(family, flags) {
            Ok(socket) => {
                assert!(own < MAX_SOCKETS);
                self.has_new(socket.id());
                self.sockets.push(Known::new(socket, false));
            }
            // Of sockets, or of their buffers.
            Err(code) => assert_eq!(code, ErrorCode::QuotaExceeded),
        }
    }

    fn takes(&mut self, bytes: &mut Bytes<'_>) {
        let name = bytes.one_of(&["in", "other", ""]);
        if let Ok(socket) = self.ctx.take(name) {
            assert_eq!(name, "in");
            self.has_new(socket.id());
            self.sockets.push(Known::new(socket, true));
        }
    }

    fn looks_up(&mut self, bytes: &mut Bytes<'_>) {
        if bytes.flag() {
            if let Some(lookup) = self.lookups.pop() {
                let _ = lookup.answer(); // that it does not panic
                self.ctx.forget(lookup.id());
                lookup.cancel();
            }
            return;
        }
        let name = bytes.one_of(&[
            "a.test",
            "b.test",
            "c.test",
            "localhost",
            "127.1",
            "",
            ".",
            "a.test.",
            "x",
        ]);
        let family = bytes.one_of(&[None, Some(Family::Ipv4), Some(Family::Ipv6)]);
        if let Ok(lookup) = self.ctx.look_up(name, family) {
            assert!(self.rules.resolves(name), "{name}");
            self.has_new(lookup.id());
            self.lookups.push(lookup);
            self.looked_up = true;
            assert!(self.lookups.len() <= MAX_LOOKUPS);
        }
    }

    /// Other grants, from now on. What no longer fits is gone, and does not come back with a grant.
    fn is_given(&mut self, rules: &'static Rules) {
        let handle = self.ctx.grants_handle();
        handle.replace(rules.grants(self.others), ambient_authority());
        self.rules = rules;
        let may_send = |to: &SocketAddr| (rules.send)(self.others, *to) && !(rules.denied)(self.others, *to);
        for known in &mut self.sockets {
            known.heard.retain(|source| known.handed_in || (rules.from)(*source));
            known.sent.retain(may_send);
            let Ok(local) = known.socket.local_address() else {
                continue;
            };
            let bound = match known.server {
                true => known.handed_in || (rules.bind)(canonical(local)),
                false => rules.sends(),
            };
            assert!(bound, "{local} is still bound");
            assert!(
                known.peer.as_ref().is_none_or(may_send),
                "{:?} is still the peer",
                known.peer
            );
        }
    }

    /// The guest has gone. Nothing is left of it, and nobody else has heard of it.
    fn ends(mut self) {
        for at in 0..self.sockets.len() {
            self.sockets[at].socket.close();
            self.sockets[at].closed = true;
            let last: Vec<Event> = (0..4).flat_map(|_| self.sockets[at].socket.next_events(64)).collect();
            assert!(last.len() <= 65, "{} events were kept", last.len());
            assert!(
                !last.iter().any(|event| matches!(event, Event::Message { .. })),
                "after close"
            );
        }
        for other in 0..self.others.at.len() {
            let to = self.others.at[other];
            while let Some(from) = self.others.hears(other) {
                assert!(self.reached.contains(&to), "{from} wrote to {to}");
            }
        }
    }
}
