//! What a guest sends and receives.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::socket::Event;

use super::super::bytes::Bytes;
use super::super::loopback::{canonical, mapped};
use super::super::rules::BROADCAST;
use super::Guest;

impl Guest<'_> {
    /// By a grant.
    #[track_caller]
    pub(super) fn may_send(&self, remote: SocketAddr) {
        assert_ne!(remote.port(), 0);
        assert!((self.rules.send)(self.others, remote), "{remote} is not granted");
        assert!(!(self.rules.denied)(self.others, remote), "{remote} is denied");
    }

    /// A datagram has gone there from this socket.
    #[track_caller]
    pub(super) fn has_sent(&mut self, at: usize, remote: SocketAddr) {
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

    pub(super) fn sends(&mut self, at: usize, bytes: &mut Bytes<'_>) {
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

    pub(super) fn sends_a_burst(&mut self, at: usize, bytes: &mut Bytes<'_>) {
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
    pub(super) fn has_heard(&mut self, at: usize, source: SocketAddr) {
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

    pub(super) fn takes_events(&mut self, at: usize, max: usize) {
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

    pub(super) fn takes_a_burst(&mut self, at: usize, bytes: &mut Bytes<'_>) {
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
    pub(super) fn is_written_to(&mut self, at: usize, bytes: &mut Bytes<'_>) {
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
}
