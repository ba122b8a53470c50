//! A hostile guest: any operations in any order, and whether grants and limits hold whatever it does.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use cap_std::ambient_authority;

use crate::ctx::DgramCtx;
use crate::limits::{Limit, Limits};
use crate::lookup::Lookup;
use crate::socket::{CreateFlags, ErrorCode, Event, Family, InterfaceRef, Socket};
use crate::sys::BurstOptions;
use crate::wait::{Wanted, wait};

use super::bytes::Bytes;
use super::loopback::{Others, canonical, embedded, mapped};
use super::rules::{BROADCAST, GROUP, RULES, Rules};

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

    /// An address that a guest may think of, for a socket of this family.
    fn address(&self, bytes: &mut Bytes<'_>, family: Family) -> SocketAddr {
        let port = |address: SocketAddr| address.port();
        let others = &self.others.at;
        let a = others[0];
        let address = match bytes.below(16) {
            0..=4 => bytes.one_of(others),
            5 | 6 => {
                let of = bytes.below(self.sockets.len());
                let local = self.sockets[of].socket.local_address();
                let local = local.map_or(a, canonical);
                match (local.ip().is_unspecified(), local.is_ipv6()) {
                    (true, false) => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port(local)),
                    (true, true) => SocketAddr::new([0, 0, 0, 0, 0, 0, 0, 1].into(), port(local)),
                    (false, _) => local,
                }
            }
            7 => GROUP.parse().expect("an address"),
            8 => BROADCAST.parse().expect("an address"),
            9 => SocketAddr::new(embedded(Ipv4Addr::LOCALHOST, bytes.below(3)), port(a)),
            10 => SocketAddr::new(
                bytes.one_of(&[Ipv4Addr::UNSPECIFIED, Ipv4Addr::BROADCAST]).into(),
                port(a),
            ),
            11 => SocketAddr::new(IpAddr::from([0u16; 8]), port(a)),
            12 => SocketAddr::new(bytes.one_of(others).ip(), 0),
            // Test networks: where a mistake would go to, nobody is.
            13 => SocketAddr::new(Ipv4Addr::new(192, 0, 2, bytes.byte()).into(), bytes.u16()),
            14 => SocketAddr::new([0x2001, 0xdb8, 0, 0, 0, 0, 0, bytes.u16()].into(), bytes.u16()),
            _ => SocketAddr::new(Ipv4Addr::new(127, 0, 0, bytes.byte()).into(), bytes.u16()),
        };
        // Now and then one of the other family.
        match family {
            Family::Ipv6 if bytes.byte() != 0xff => mapped(address),
            _ => address,
        }
    }

    fn binds(&mut self, at: usize, bytes: &mut Bytes<'_>) {
        let family = self.sockets[at].socket.family();
        let (choice, exclusive) = (bytes.below(4), bytes.flag());
        let local = match choice {
            0 => None,
            1 => Some(SocketAddr::new(self.address(bytes, family).ip(), 0)),
            _ => Some(self.address(bytes, family)),
        };
        let Ok(bound) = self.sockets[at].socket.bind(local, exclusive) else {
            return;
        };
        let got = canonical(bound);
        let unspecified = got.ip().is_unspecified();
        assert_ne!(got.port(), 0);
        if let Some(asked) = local.map(canonical) {
            assert!(
                asked.ip() == got.ip() && (asked.port() == 0 || asked.port() == got.port()),
                "{asked}: {got}"
            );
        }
        match unspecified {
            true => assert!(
                self.rules.sends() && local.is_none_or(|local| local.port() == 0),
                "{local:?}"
            ),
            false => assert!((self.rules.bind)(got), "{got}"),
        }
        self.sockets[at].server = !unspecified;
    }

    fn connects(&mut self, at: usize, bytes: &mut Bytes<'_>) {
        let remote = self.address(bytes, self.sockets[at].socket.family());
        if self.sockets[at].socket.connect(remote).is_ok() {
            let remote = canonical(remote);
            self.may_send(remote);
            assert!(self.sockets[at].peer.replace(remote).is_none());
        }
    }

    /// By a grant.
    #[track_caller]
    fn may_send(&self, remote: SocketAddr) {
        assert_ne!(remote.port(), 0);
        assert!((self.rules.send)(self.others, remote), "{remote} is not granted");
        assert!(!(self.rules.denied)(self.others, remote), "{remote} is denied");
    }

    /// A datagram has gone there from this socket.
    #[track_caller]
    fn has_sent(&mut self, at: usize, remote: SocketAddr) {
        let known = &mut self.sockets[at];
        let reply = known.peer.is_none() && known.server && known.heard.contains(&remote);
        let broadcast = known.broadcast && remote.to_string() == BROADCAST && self.rules.broadcasts();
        known.sent.insert(remote);
        self.reached.insert(remote);
        assert!(!(self.rules.denied)(self.others, remote), "{remote} is denied");
        if !reply && !broadcast {
            self.may_send(remote);
        }
    }

    fn sends(&mut self, at: usize, bytes: &mut Bytes<'_>) {
        let remote = match bytes.flag() {
            true => Some(self.address(bytes, self.sockets[at].socket.family())),
            false => None,
        };
        let data = vec![0; usize::from(bytes.byte())];
        if self.sockets[at].socket.send(&data, remote).is_ok() {
            let remote = remote.map(canonical).or(self.sockets[at].peer);
            self.has_sent(at, remote.expect("one of both"));
        }
    }

    fn sends_a_burst(&mut self, at: usize, bytes: &mut Bytes<'_>) {
        let family = self.sockets[at].socket.family();
        let (mut headers, mut payload, mut remotes) = (vec![], 0, vec![]);
        for _ in 0..bytes.below(8) {
            let remote = match bytes.flag() {
                true => Some(self.address(bytes, family)),
                false => None,
            };
            let length = usize::from(bytes.byte());
            let address = remote.unwrap_or_else(|| SocketAddr::new(IpAddr::from([0u16; 8]), 0));
            let IpAddr::V6(ip) = mapped(address).ip() else { continue };
            let mut header = [0; 32];
            header[..4].copy_from_slice(&(length as u32).to_le_bytes());
            header[4..6].copy_from_slice(&u16::from(bytes.byte()).to_le_bytes());
            header[6..8].copy_from_slice(&address.port().to_le_bytes());
            header[8] = bytes.byte() & 3;
            header[16..].copy_from_slice(&ip.octets());
            headers.extend(header);
            payload += length;
            remotes.push(remote.filter(|remote| remote.port() != 0).map(canonical));
        }
        let report = self.sockets[at].socket.send_burst(32, &headers, &vec![0; payload]);
        let all = report.sent == remotes.len();
        assert!(report.sent <= remotes.len());
        assert!(
            all == report.stopped.is_none() || all && remotes.is_empty(),
            "{report:?}"
        );
        for remote in &remotes[..report.sent + usize::from(report.partial > 0)] {
            let remote = remote.or(self.sockets[at].peer);
            self.has_sent(at, remote.expect("one of both"));
        }
    }

    /// A datagram of this source is in the guest's hands.
    #[track_caller]
    fn has_heard(&mut self, at: usize, source: SocketAddr) {
        let known = &mut self.sockets[at];
        let source = canonical(source);
        assert!(!known.closed);
        assert!(known.peer.is_none_or(|peer| peer == source), "{source} is not the peer");
        match known.server {
            true => assert!(
                known.handed_in || (self.rules.from)(source),
                "{source} is outside of from"
            ),
            false => assert!(known.sent.contains(&source), "{source} was not asked"),
        }
        known.heard.insert(source);
    }

    fn takes_events(&mut self, at: usize, max: usize) {
        let events = self.sockets[at].socket.next_events(max);
        assert!(events.len() <= max.min(64));
        for event in events {
            match event {
                Event::Message { remote, .. } => self.has_heard(at, remote),
                Event::Close => assert!(self.sockets[at].closed || self.sockets[at].socket.local_address().is_err()),
                Event::Listening(_) | Event::Connect(_) | Event::Error(_) => {}
            }
        }
    }

    fn takes_a_burst(&mut self, at: usize, bytes: &mut Bytes<'_>) {
        let max = usize::from(bytes.byte());
        let most = bytes.one_of(&[65_535, 0, 1, 100, usize::MAX]);
        let Ok(burst) = self.sockets[at].socket.receive_burst(max, most) else {
            return;
        };
        let headers: Vec<&[u8]> = burst.headers.chunks_exact(burst.stride).collect();
        assert!(headers.len() <= max.min(64));
        let mut length = 0;
        for header in headers {
            let bytes = u32::from_le_bytes(header[..4].try_into().expect("4 bytes"));
            let port = u16::from_le_bytes(header[6..8].try_into().expect("2 bytes"));
            let ip: [u8; 16] = header[16..32].try_into().expect("16 bytes");
            length += bytes as usize;
            assert!(bytes as usize <= most);
            self.has_heard(at, SocketAddr::new(ip.into(), port));
        }
        assert_eq!(burst.payload.as_ref().len(), length);
    }

    /// One of the others sends to the socket, whoever it is.
    fn is_written_to(&mut self, at: usize, bytes: &mut Bytes<'_>) {
        let Ok(local) = self.sockets[at].socket.local_address() else {
            return;
        };
        let (other, length) = (bytes.below(self.others.at.len()), bytes.byte());
        let local = canonical(local);
        let ip = match (local.ip().is_unspecified(), self.others.at[other].ip()) {
            (true, IpAddr::V4(_)) => Ipv4Addr::LOCALHOST.into(),
            (true, ip) => ip,
            (false, _) => local.ip(),
        };
        // There may be no room.
        let _ = self
            .others
            .sends(other, SocketAddr::new(ip, local.port()), length.into());
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

    fn joins(&mut self, at: usize, bytes: &mut Bytes<'_>) {
        let groups: [IpAddr; 5] = ["239.1.1.1", "ff02::fb", "232.1.1.1", "224.0.0.251", "127.0.0.1"]
            .map(|ip| ip.parse().expect("an address"));
        let group = bytes.one_of(&groups);
        let interface = match bytes.below(5) {
            0 => InterfaceRef::Name("lo".to_owned()),
            1 => InterfaceRef::Index(1),
            2 => InterfaceRef::Default,
            3 => InterfaceRef::Address(Ipv4Addr::LOCALHOST.into()),
            _ => InterfaceRef::Name("none such".to_owned()),
        };
        let source = bytes.flag().then(|| bytes.one_of(&self.others.at).ip());
        let socket = &self.sockets[at].socket;
        match bytes.below(4) {
            0 => _ = socket.leave(group, &interface, source),
            1 => _ = socket.set_multicast_interface(&interface),
            _ => {
                if socket.join(group, &interface, source).is_ok() {
                    let [any, v6, one, ..] = groups;
                    let of_one = group == one && source == Some(Ipv4Addr::new(127, 0, 0, 2).into());
                    assert!(group == any || group == v6 || of_one, "{group}");
                    assert!(self.rules.joins());
                }
            }
        }
    }

    fn configures(&mut self, at: usize, bytes: &mut Bytes<'_>) {
        let (socket, bits) = (&self.sockets[at].socket, bytes.byte());
        let options = BurstOptions {
            packet_info: bits & 1 != 0,
            coalesce: bits & 2 != 0,
            ecn: bits & 4 != 0,
        };
        // None of these is about what may be reached; that they do not panic.
        let _ = socket.configure(options);
        let _ = socket.set_ttl(bits);
        let _ = socket.set_multicast_ttl(bits);
        let _ = socket.set_receive_buffer_bytes(u32::from(bits) << 12);
        let _ = socket.set_send_buffer_bytes(u32::from(bits) << 12);
        let _ = (socket.receive_buffer_bytes(), socket.send_buffer_bytes());
        let _ = (socket.local_address(), socket.remote_address());
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
