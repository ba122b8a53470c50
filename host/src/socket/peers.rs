//! Whom a socket has heard from, or has written to.

use crate::grants::Endpoint;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How long a reply is allowed after the last datagram received from a peer (grants, rule 3).
pub(super) const REPLY_TIME: Duration = Duration::from_secs(60);

/// A bounded table of peers with the time of the last datagram. It forgets the oldest first, in halves, so that a flood
/// of spoofed sources costs neither memory nor a search: the last [`HALF`](Self::HALF) peers are always known, which
/// covers the burst in the guest's hands several times over.
#[derive(Debug, Default)]
pub(super) struct Peers {
    /// Apart, because a run of datagrams of one peer is common, and then nothing needs to be looked up.
    last: Option<(Endpoint, Instant)>,
    recent: HashMap<Endpoint, Instant>,
    older: HashMap<Endpoint, Instant>,
}

impl Peers {
    const HALF: usize = 512;

    pub(super) fn note(&mut self, peer: Endpoint, now: Instant) {
        match &mut self.last {
            Some((last, time)) if *last == peer => *time = now,
            last => {
                if let Some((peer, time)) = last.replace((peer, now)) {
                    self.remember(peer, time);
                }
            }
        }
    }

    fn remember(&mut self, peer: Endpoint, time: Instant) {
        if self.recent.len() == Self::HALF && !self.recent.contains_key(&peer) {
            self.older = std::mem::take(&mut self.recent);
        }
        self.recent.insert(peer, time);
    }

    /// Forgets those that are no peers any more; each is asked about with the time of its last datagram.
    pub(super) fn retain(&mut self, stays: impl Fn(&Endpoint, Instant) -> bool) {
        self.last = self.last.take().filter(|(peer, time)| stays(peer, *time));
        for table in [&mut self.recent, &mut self.older] {
            table.retain(|peer, time| stays(peer, *time));
        }
    }

    pub(super) fn contains(&self, peer: &Endpoint) -> bool {
        self.time(peer).is_some()
    }

    pub(super) fn within_reply_time(&self, peer: &Endpoint, now: Instant) -> bool {
        self.time(peer)
            .is_some_and(|time| now.duration_since(time) <= REPLY_TIME)
    }

    fn time(&self, peer: &Endpoint) -> Option<Instant> {
        if let Some((last, time)) = &self.last
            && last == peer
        {
            return Some(*time);
        }
        self.recent.get(peer).or_else(|| self.older.get(peer)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(n: u32) -> Endpoint {
        let ip = std::net::Ipv4Addr::from(0x0a00_0000 + n);
        Endpoint::new((ip, 7).into()).unwrap()
    }

    #[test]
    fn a_flood_of_sources_keeps_the_table_bounded_and_the_last_ones_known() {
        let (mut peers, now) = (Peers::default(), Instant::now());
        for n in 0..100_000 {
            peers.note(peer(n), now);
            assert!(peers.recent.len() + peers.older.len() <= 2 * Peers::HALF);
        }
        for n in 100_000 - Peers::HALF as u32..100_000 {
            assert!(peers.contains(&peer(n)));
        }
        assert!(!peers.contains(&peer(1)));
    }

    #[test]
    fn a_peer_that_keeps_writing_outlives_a_flood() {
        let (mut peers, now) = (Peers::default(), Instant::now());
        for n in 0..10_000 {
            peers.note(peer(n), now);
            peers.note(peer(u32::MAX >> 8), now);
        }
        assert!(peers.contains(&peer(u32::MAX >> 8)));
    }

    #[test]
    fn the_reply_right_ends_sixty_seconds_after_the_last_datagram() {
        let (mut peers, start) = (Peers::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        peers.note(peer(1), at(0));
        assert!(peers.within_reply_time(&peer(1), at(60)));
        assert!(!peers.within_reply_time(&peer(1), at(61)));
        peers.note(peer(1), at(50));
        assert!(peers.within_reply_time(&peer(1), at(110)));
        assert!(!peers.within_reply_time(&peer(2), at(0)));
    }
}
