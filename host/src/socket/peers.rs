//! Whom a socket has heard from, or has written to.

use super::flow::Amount;
use crate::grants::Endpoint;
use crate::limits::{Limit, Limits};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How long a reply is allowed after the last datagram received from a peer (grants, rule 3).
pub(super) const REPLY_TIME: Duration = Duration::from_secs(60);

/// A bounded table of peers with the time of the last datagram. It forgets the oldest first, in halves, so that a flood
/// of spoofed sources costs neither memory nor a search: as many of the last peers as a half holds are always known, which
/// covers the burst in the guest's hands.
#[derive(Debug)]
pub(super) struct Peers {
    half: usize,
    /// What may be answered to a datagram, and to a byte of it.
    replies: Option<u64>,
    reply_bytes: Option<u64>,
    /// Apart, because a run of datagrams of one peer is common, and then nothing needs to be looked up.
    last: Option<(Endpoint, Peer)>,
    recent: HashMap<Endpoint, Peer>,
    older: HashMap<Endpoint, Peer>,
}

#[derive(Copy, Clone, Debug)]
struct Peer {
    /// Of its last datagram, or of the last one to it.
    time: Instant,
    /// What may still be answered, where there is a budget.
    credit: Amount,
}

impl Peers {
    pub(super) fn new(limits: &Limits) -> Peers {
        Peers {
            half: limits.get(Limit::Peers).unwrap_or(u64::MAX).div_ceil(2) as usize,
            replies: limits.get(Limit::RepliesPerDatagram),
            reply_bytes: limits.get(Limit::ReplyBytesPerByte),
            last: None,
            recent: HashMap::new(),
            older: HashMap::new(),
        }
    }

    /// Somebody wrote so much, or was written to. How many were forgotten for it that could still have been answered.
    pub(super) fn note(&mut self, peer: Endpoint, received: Amount, now: Instant) -> u64 {
        let mut noted = Peer {
            time: now,
            credit: Amount::default(),
        };
        if self.has_budget() {
            noted.credit = self
                .known(&peer)
                .filter(|known| known.is_recent(now))
                .map_or(noted.credit, |known| known.credit);
            let earn = |credit: &mut u64, count: u64, each: Option<u64>| {
                *credit = credit.saturating_add(count.saturating_mul(each.unwrap_or(0)));
            };
            earn(&mut noted.credit.datagrams, received.datagrams, self.replies);
            earn(&mut noted.credit.bytes, received.bytes, self.reply_bytes);
        }
        match &mut self.last {
            Some((last, known)) if *last == peer => *known = noted,
            last => {
                if let Some((peer, known)) = last.replace((peer, noted)) {
                    return self.remember(peer, known, now);
                }
            }
        }
        0
    }

    fn remember(&mut self, peer: Endpoint, known: Peer, now: Instant) -> u64 {
        let mut forgotten = 0;
        if self.recent.len() == self.half && !self.recent.contains_key(&peer) {
            let oldest = std::mem::replace(&mut self.older, std::mem::take(&mut self.recent));
            let missed = oldest
                .iter()
                .filter(|(peer, known)| known.is_recent(now) && !self.older.contains_key(peer));
            forgotten = missed.count() as u64;
        }
        self.recent.insert(peer, known);
        forgotten
    }

    /// Forgets those that are no peers any more; each is asked about with the time of its last datagram.
    pub(super) fn retain(&mut self, stays: impl Fn(&Endpoint, Instant) -> bool) {
        self.last = self.last.take().filter(|(peer, known)| stays(peer, known.time));
        for table in [&mut self.recent, &mut self.older] {
            table.retain(|peer, known| stays(peer, known.time));
        }
    }

    pub(super) fn contains(&self, peer: &Endpoint) -> bool {
        self.known(peer).is_some()
    }

    pub(super) fn within_reply_time(&self, peer: &Endpoint, now: Instant) -> bool {
        self.known(peer).is_some_and(|known| known.is_recent(now))
    }

    /// The only one, if there never was another.
    pub(super) fn only(&self) -> Option<&Endpoint> {
        let alone = self.recent.is_empty() && self.older.is_empty();
        self.last.as_ref().filter(|_| alone).map(|(peer, _)| peer)
    }

    fn has_budget(&self) -> bool {
        self.replies.is_some() || self.reply_bytes.is_some()
    }

    /// Answers so much; or the limit that is in the way.
    pub(super) fn spend(&mut self, peer: &Endpoint, answer: Amount) -> Result<(), Limit> {
        if !self.has_budget() {
            return Ok(());
        }
        let (replies, reply_bytes) = (self.replies.is_some(), self.reply_bytes.is_some());
        let Some(known) = self.known_mut(peer) else {
            return Ok(());
        };
        if replies && known.credit.datagrams < answer.datagrams {
            return Err(Limit::RepliesPerDatagram);
        }
        if reply_bytes && known.credit.bytes < answer.bytes {
            return Err(Limit::ReplyBytesPerByte);
        }
        known.credit.datagrams = known.credit.datagrams.saturating_sub(answer.datagrams);
        known.credit.bytes = known.credit.bytes.saturating_sub(answer.bytes);
        Ok(())
    }

    /// What was spent, and did not go.
    pub(super) fn refund(&mut self, peer: &Endpoint, answer: Amount) {
        if self.has_budget()
            && let Some(known) = self.known_mut(peer)
        {
            known.credit.datagrams = known.credit.datagrams.saturating_add(answer.datagrams);
            known.credit.bytes = known.credit.bytes.saturating_add(answer.bytes);
        }
    }

    fn known(&self, peer: &Endpoint) -> Option<&Peer> {
        match &self.last {
            Some((last, known)) if last == peer => Some(known),
            _ => self.recent.get(peer).or_else(|| self.older.get(peer)),
        }
    }

    fn known_mut(&mut self, peer: &Endpoint) -> Option<&mut Peer> {
        match &mut self.last {
            Some((last, known)) if last == peer => Some(known),
            _ => self.recent.get_mut(peer).or_else(|| self.older.get_mut(peer)),
        }
    }
}

impl Peer {
    fn is_recent(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.time) <= REPLY_TIME
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Amount = Amount {
        datagrams: 1,
        bytes: 10,
    };

    fn peer(n: u32) -> Endpoint {
        let ip = std::net::Ipv4Addr::from(0x0a00_0000 + n);
        Endpoint::new((ip, 7).into()).unwrap()
    }

    fn peers(limits: &[(Limit, u64)]) -> Peers {
        let mut all = Limits::new();
        for (limit, value) in limits {
            all.set(*limit, *value).unwrap();
        }
        Peers::new(&all)
    }

    #[test]
    fn a_flood_of_sources_keeps_the_table_bounded_and_the_last_ones_known() {
        for limit in [128, 1_024] {
            let (mut peers, now) = (peers(&[(Limit::Peers, limit)]), Instant::now());
            let mut forgotten = 0;
            for n in 0..100_000 {
                forgotten += peers.note(peer(n), ONE, now);
                assert!(peers.recent.len() + peers.older.len() <= limit as usize);
            }
            let known = (0..100_000).filter(|n| peers.contains(&peer(*n))).count();
            assert_eq!(known as u64 + forgotten, 100_000);
            let half = limit as u32 / 2;
            assert!((100_000 - half..100_000).all(|n| peers.contains(&peer(n))));
            assert!(!peers.contains(&peer(1)));
        }
    }

    #[test]
    fn a_peer_that_keeps_writing_outlives_a_flood() {
        let (mut peers, now) = (peers(&[]), Instant::now());
        for n in 0..10_000 {
            peers.note(peer(n), ONE, now);
            peers.note(peer(u32::MAX >> 8), ONE, now);
        }
        assert!(peers.contains(&peer(u32::MAX >> 8)));
    }

    #[test]
    fn whoever_could_not_be_answered_any_more_is_not_counted_when_it_is_forgotten() {
        let (mut peers, start) = (peers(&[(Limit::Peers, 128)]), Instant::now());
        for n in 0..1_000 {
            assert_eq!(peers.note(peer(n), ONE, start + Duration::from_secs(n.into())), 0);
        }
    }

    #[test]
    fn the_reply_right_ends_sixty_seconds_after_the_last_datagram() {
        let (mut peers, start) = (peers(&[]), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        peers.note(peer(1), ONE, at(0));
        assert!(peers.within_reply_time(&peer(1), at(60)));
        assert!(!peers.within_reply_time(&peer(1), at(61)));
        peers.note(peer(1), ONE, at(50));
        assert!(peers.within_reply_time(&peer(1), at(110)));
        assert!(!peers.within_reply_time(&peer(2), at(0)));
    }

    #[test]
    fn a_budget_grows_with_what_a_peer_sends_and_ends_with_its_time() {
        let mut peers = peers(&[(Limit::RepliesPerDatagram, 2), (Limit::ReplyBytesPerByte, 3)]);
        let start = Instant::now();
        let answer = |datagrams, bytes| Amount { datagrams, bytes };
        peers.note(peer(1), ONE, start);
        assert_eq!(peers.spend(&peer(1), answer(1, 31)), Err(Limit::ReplyBytesPerByte));
        assert_eq!(peers.spend(&peer(1), answer(2, 30)), Ok(()));
        assert_eq!(peers.spend(&peer(1), answer(1, 0)), Err(Limit::RepliesPerDatagram));
        peers.refund(&peer(1), answer(1, 10));
        assert_eq!(peers.spend(&peer(1), answer(1, 10)), Ok(()));
        // Also while others write, and from wherever it is known.
        for n in 2..2_000 {
            peers.note(peer(n), ONE, start);
            peers.note(peer(1), ONE, start);
        }
        assert_eq!(peers.spend(&peer(1), answer(2 * 1_998, 0)), Ok(()));
        assert_eq!(peers.spend(&peer(1), answer(1, 0)), Err(Limit::RepliesPerDatagram));
        peers.note(peer(3_000), ONE, start + REPLY_TIME);
        peers.note(peer(1), ONE, start + REPLY_TIME * 2);
        assert_eq!(peers.spend(&peer(1), answer(2, 30)), Ok(()));
        assert_eq!(peers.spend(&peer(1), answer(0, 1)), Err(Limit::ReplyBytesPerByte));
    }

    #[test]
    fn without_a_budget_nothing_is_spent() {
        let (mut peers, now) = (peers(&[]), Instant::now());
        peers.note(peer(1), ONE, now);
        let much = Amount {
            datagrams: u64::MAX,
            bytes: u64::MAX,
        };
        assert_eq!(peers.spend(&peer(1), much), Ok(()));
        assert_eq!(peers.spend(&peer(1), much), Ok(()));
    }

    #[test]
    fn the_only_one_is_told_until_there_is_another() {
        let (mut peers, now) = (peers(&[]), Instant::now());
        assert_eq!(peers.only(), None);
        peers.note(peer(1), ONE, now);
        peers.note(peer(1), ONE, now);
        assert_eq!(peers.only(), Some(&peer(1)));
        peers.note(peer(2), ONE, now);
        peers.note(peer(1), ONE, now);
        assert_eq!(peers.only(), None);
    }
}
