//! A line: what a socket's datagrams pass through in one direction, and where they are kept while they are late.

use crate::fate::{Fate, Fates};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What is kept of a line, at most: what comes then is dropped, and counted.
pub const MOST_DATAGRAMS: usize = 1024;
pub const MOST_BYTES: usize = 4 << 20;

/// How long a datagram lets the next one go first, if none comes.
const PATIENCE: Duration = Duration::from_millis(20);

/// A datagram: what its line has to know.
pub trait Datagram: Clone {
    /// Its payload's bytes.
    fn bytes(&self) -> usize;
}

pub struct Line<D> {
    pub fates: Fates,
    /// By when they go, and in which order those of one moment do.
    late: BTreeMap<(Instant, u64), D>,
    order: u64,
    bytes: usize,
    overtaken: Option<Overtaken<D>>,
    dropped: u64,
}

/// A datagram that lets the next one go first.
struct Overtaken<D> {
    copies: Vec<(Instant, D)>,
    /// If none comes.
    until: Instant,
}

impl<D: Datagram> Line<D> {
    pub fn new(fates: Fates) -> Line<D> {
        Line {
            fates,
            late: BTreeMap::new(),
            order: 0,
            bytes: 0,
            overtaken: None,
            dropped: 0,
        }
    }

    /// Whether a datagram with this fate goes on without any delay.
    pub fn goes_at_once(&self, fate: &Fate) -> bool {
        let waits = fate.overtaken && self.overtaken.is_none();
        !fate.lost && !waits && fate.delays[0].is_zero()
    }

    /// Takes the next datagram, whose fate is used up by that. `gone`: its first copy has gone on already.
    pub fn enter(&mut self, datagram: D, gone: bool, now: Instant) {
        let fate = self.fates.next();
        self.fates.used();
        if fate.lost {
            return;
        }
        let delays = &fate.delays[usize::from(gone)..1 + usize::from(fate.twice)];
        let copies: Vec<_> = delays.iter().map(|delay| (now + *delay, datagram.clone())).collect();
        if fate.overtaken && self.overtaken.is_none() && !gone {
            if self.has_room(&datagram, copies.len()) {
                self.bytes += datagram.bytes() * copies.len();
                let until = now + PATIENCE;
                self.overtaken = Some(Overtaken { copies, until });
            }
            return;
        }
        let after = if gone { now } else { copies[0].0 };
        for (due, datagram) in copies {
            if self.has_room(&datagram, 1) {
                self.bytes += datagram.bytes();
                self.keep(due, datagram);
            }
        }
        self.let_go(after);
    }

    /// When the next one goes.
    pub fn due(&self) -> Option<Instant> {
        let late = self.late.keys().next().map(|(due, _)| *due);
        let overtaken = self.overtaken.as_ref().map(|overtaken| overtaken.until);
        late.into_iter().chain(overtaken).min()
    }

    /// The next one that goes now; it goes on by [`pop`](Self::pop).
    pub fn peek(&mut self, now: Instant) -> Option<&D> {
        if self.overtaken.as_ref().is_some_and(|overtaken| overtaken.until <= now) {
            self.let_go(now);
        }
        let ((due, _), datagram) = self.late.first_key_value()?;
        (*due <= now).then_some(datagram)
    }

    /// The next one, whenever it would go.
    pub fn pop(&mut self) -> Option<D> {
        if let (true, Some(Overtaken { until, .. })) = (self.late.is_empty(), &self.overtaken) {
            let until = *until;
            self.let_go(until);
        }
        let (_, datagram) = self.late.pop_first()?;
        self.bytes -= datagram.bytes();
        Some(datagram)
    }

    /// Leaves those that fit.
    pub fn retain(&mut self, fits: impl Fn(&D) -> bool) {
        self.late.retain(|_, datagram| fits(datagram));
        if let Some(overtaken) = &mut self.overtaken {
            overtaken.copies.retain(|(_, datagram)| fits(datagram));
        }
        let overtaken = self.overtaken.iter().flat_map(|overtaken| &overtaken.copies);
        let kept = self.late.values().chain(overtaken.map(|(_, datagram)| datagram));
        self.bytes = kept.map(Datagram::bytes).sum();
    }

    /// How many were dropped because there was no room for them.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    fn keep(&mut self, due: Instant, datagram: D) {
        self.order += 1;
        self.late.insert((due, self.order), datagram);
    }

    /// The one that was overtaken goes, and not before this time.
    fn let_go(&mut self, after: Instant) {
        let copies = self.overtaken.take().map_or(vec![], |overtaken| overtaken.copies);
        for (due, datagram) in copies {
            self.keep(due.max(after), datagram);
        }
    }

    fn has_room(&mut self, datagram: &D, copies: usize) -> bool {
        let overtaken = self.overtaken.as_ref().map_or(0, |overtaken| overtaken.copies.len());
        let room = self.late.len() + overtaken + copies <= MOST_DATAGRAMS
            && self.bytes + datagram.bytes() * copies <= MOST_BYTES;
        if !room {
            self.dropped += copies as u64;
        }
        room
    }
}

#[cfg(test)]
#[path = "tests/line.rs"]
mod tests;
