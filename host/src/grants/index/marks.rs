//! Marks: what lists say of a port. Steps and lines: the marks of all ports of an address.

use std::ops::{BitOr, BitOrAssign, RangeInclusive};

use super::super::PortSet;

/// The lists that cover an address and a port, as a set of bits.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(in super::super) struct Marks(u8);

impl Marks {
    pub(in super::super) const NONE: Marks = Marks(0);
    /// An allowed pattern.
    pub(in super::super) const ALLOWED: Marks = Marks(1);
    /// A denied pattern.
    pub(in super::super) const DENIED: Marks = Marks(2);
    /// An allowed bind pattern with `shared`.
    pub(in super::super) const SHARED: Marks = Marks(4);
    /// An allowed broadcast pattern.
    pub(in super::super) const BROADCAST: Marks = Marks(8);
    /// A denied broadcast pattern.
    pub(in super::super) const BROADCAST_DENIED: Marks = Marks(16);

    /// Whether any of these is among them.
    #[inline]
    pub(in super::super) fn any(self, of: Marks) -> bool {
        self.0 & of.0 != 0
    }
}

impl BitOr for Marks {
    type Output = Marks;

    fn bitor(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }
}

impl BitOrAssign for Marks {
    fn bitor_assign(&mut self, other: Marks) {
        *self = *self | other;
    }
}

/// The marks of every port: the first port of each run of ports with the same marks. Sorted; the first one is 0.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Steps(Vec<(u16, Marks)>);

impl Steps {
    /// The ports of each pattern, with the marks of its list.
    pub(super) fn new(patterns: &[(&PortSet, Marks)]) -> Steps {
        // One set for each list first: there are few lists, and a list may name a host many times.
        let mut lists: Vec<(Marks, Vec<RangeInclusive<u16>>)> = Vec::new();
        for &(ports, marks) in patterns {
            match lists.iter_mut().find(|list| list.0 == marks) {
                Some(list) => list.1.extend(ports.ranges()),
                None => lists.push((marks, ports.ranges().collect())),
            }
        }
        let lists: Vec<Steps> = lists
            .into_iter()
            .map(|(marks, ranges)| Steps::one(&PortSet::from_ranges(ranges), marks))
            .collect();
        Steps::join(&lists.iter().collect::<Vec<_>>())
    }

    fn one(ports: &PortSet, marks: Marks) -> Steps {
        let mut steps = vec![(0, Marks::NONE)];
        for range in ports.ranges() {
            if *range.start() == 0 {
                steps.clear();
            }
            steps.push((*range.start(), marks));
            steps.extend(range.end().checked_add(1).map(|after| (after, Marks::NONE)));
        }
        Steps(steps)
    }

    /// The marks of several hosts together.
    pub(super) fn join(hosts: &[&Steps]) -> Steps {
        let mut firsts: Vec<u16> = hosts.iter().flat_map(|host| host.0.iter().map(|step| step.0)).collect();
        firsts.push(0);
        firsts.sort_unstable();
        firsts.dedup();
        let mut steps: Vec<(u16, Marks)> = Vec::with_capacity(firsts.len());
        for first in firsts {
            let marks = hosts.iter().fold(Marks::NONE, |marks, host| marks | host.at(first));
            if steps.last().is_none_or(|last| last.1 != marks) {
                steps.push((first, marks));
            }
        }
        Steps(steps)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn at(&self, port: u16) -> Marks {
        let after = self.0.partition_point(|&(first, _)| first <= port);
        self.0[after - 1].1
    }

    pub(super) fn ranges(&self, mark: Marks) -> impl Iterator<Item = RangeInclusive<u16>> {
        runs(self.0.iter().copied(), mark)
    }
}

/// How many steps a [`Line`] holds: seven ports and ranges without neighbours, or `*`.
pub(super) const STEPS: usize = 16;

/// Few steps, laid out so that a look at them does not branch.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Line {
    /// First ports, sorted. Those that are left over repeat the last marks from port 65535 on, where it makes no
    /// difference.
    firsts: [u16; STEPS],
    marks: [Marks; STEPS],
}

impl Line {
    /// The steps, if they are few enough.
    pub(super) fn new(steps: &Steps) -> Option<Line> {
        let last = steps.0.last().map_or(Marks::NONE, |step| step.1);
        let mut line = Line {
            firsts: [u16::MAX; STEPS],
            marks: [last; STEPS],
        };
        for (index, &(first, marks)) in steps.0.iter().enumerate() {
            *line.firsts.get_mut(index)? = first;
            line.marks[index] = marks;
        }
        Some(line)
    }

    #[inline]
    pub(super) fn at(&self, port: u16) -> Marks {
        // A search in two steps of three comparisons, without a branch.
        let passed = |at: usize| usize::from(self.firsts[at % STEPS] <= port);
        let at = 4 * (passed(4) + passed(8) + passed(12));
        let at = at + passed(at + 1) + passed(at + 2) + passed(at + 3);
        self.marks[at % STEPS]
    }

    pub(super) fn ranges(&self, mark: Marks) -> impl Iterator<Item = RangeInclusive<u16>> {
        runs(self.firsts.into_iter().zip(self.marks), mark)
    }
}

/// The ranges of ports that carry a mark; some may be empty.
fn runs(steps: impl Iterator<Item = (u16, Marks)> + Clone, mark: Marks) -> impl Iterator<Item = RangeInclusive<u16>> {
    let lasts = steps.clone().skip(1).map(|(next, _)| next - 1).chain([u16::MAX]);
    let marked = steps.zip(lasts).filter(move |((_, marks), _)| marks.any(mark));
    marked.map(|((first, _), last)| first..=last)
}
