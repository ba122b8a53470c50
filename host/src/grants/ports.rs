//! Sets of ports.

use std::fmt;
use std::ops::RangeInclusive;

/// A set of UDP ports, 0 to 65535.
///
/// It prints as patterns spell it (`80,443,1000-2000`, `*` for 1 to 65535), sorted and with neighbours joined; port 0
/// stands by itself (`0,1-5`). An empty set prints as nothing, and no pattern has one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PortSet {
    /// First and last port of each range: sorted, disjoint, never adjacent.
    ranges: Vec<(u16, u16)>,
}

impl PortSet {
    /// The empty set.
    pub const fn new() -> PortSet {
        PortSet { ranges: Vec::new() }
    }

    /// A set of these ranges, which may overlap; reversed ones are empty.
    pub fn from_ranges(ranges: impl IntoIterator<Item = RangeInclusive<u16>>) -> PortSet {
        let ranges = ranges.into_iter().filter(|range| !range.is_empty());
        let mut set = PortSet {
            ranges: ranges.map(RangeInclusive::into_inner).collect(),
        };
        set.normalize();
        set
    }

    /// Whether a port is in the set.
    pub fn contains(&self, port: u16) -> bool {
        let after = self.ranges.partition_point(|&(first, _)| first <= port);
        after > 0 && port <= self.ranges[after - 1].1
    }

    /// Whether there is no port in the set.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// How many ports there are, up to 65,536.
    pub fn len(&self) -> usize {
        self.ranges().map(|range| range.len()).sum()
    }

    /// Whether every port from 1 to 65535 is in the set.
    pub fn is_all(&self) -> bool {
        matches!(self.ranges[..], [(0 | 1, u16::MAX)])
    }

    /// The ranges, sorted, with a gap between each two.
    pub fn ranges(&self) -> impl Iterator<Item = RangeInclusive<u16>> + '_ {
        self.ranges.iter().map(|&(first, last)| first..=last)
    }

    /// The ports, sorted.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        self.ranges().flatten()
    }

    /// Adds the ports of another set.
    pub fn extend(&mut self, other: &PortSet) {
        self.ranges.extend_from_slice(&other.ranges);
        self.normalize();
    }

    /// The ports of this set that are not in the other.
    #[must_use]
    pub fn without(&self, other: &PortSet) -> PortSet {
        let mut left = Vec::new();
        for &(first, last) in &self.ranges {
            let mut next = u32::from(first);
            for &(from, to) in &other.ranges {
                if u32::from(to) < next || from > last {
                    continue;
                }
                if u32::from(from) > next {
                    left.push((next as u16, from - 1));
                }
                next = u32::from(to) + 1;
            }
            if next <= u32::from(last) {
                left.push((next as u16, last));
            }
        }
        PortSet { ranges: left }
    }

    /// The ports that are in both sets.
    #[must_use]
    pub fn intersection(&self, other: &PortSet) -> PortSet {
        self.without(&self.without(other))
    }

    fn normalize(&mut self) {
        self.ranges.sort_unstable();
        self.ranges.dedup_by(|next, kept| {
            let joined = u32::from(next.0) <= u32::from(kept.1) + 1;
            if joined {
                kept.1 = kept.1.max(next.1);
            }
            joined
        });
    }
}

impl fmt::Display for PortSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zero = self.contains(0).then_some((0, 0));
        let rest = self.ranges.iter().filter_map(|&(first, last)| {
            let first = first.max(1);
            (first <= last).then_some((first, last))
        });
        for (index, range) in zero.into_iter().chain(rest).enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            match range {
                (1, u16::MAX) if zero.is_none() => f.write_str("*")?,
                (first, last) if first == last => write!(f, "{first}")?,
                (first, last) => write!(f, "{first}-{last}")?,
            }
        }
        Ok(())
    }
}
