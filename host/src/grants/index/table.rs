//! Sorted tables of disjoint ranges.

use super::Place;
use super::sorted::Sorted;

/// An address, or half of one, as a number.
pub(super) trait Key: Copy + Ord {
    const FIRST: Self;
    const BITS: u32;

    /// The next address, unless this is the last one.
    fn after(self) -> Option<Self>;

    /// The address before; the first one has none.
    fn before(self) -> Self;

    /// The first number of the block of 2^`bits` numbers that this one is in.
    fn block(self, bits: u32) -> Self;

    /// Which of `count` cells of 2^`shift` numbers it is in, from `base` on; the nearest of them if in none.
    fn cell(self, base: Self, shift: u32, count: usize) -> usize;
}

macro_rules! key {
    ($($number:ty)+) => {$(
        impl Key for $number {
            const FIRST: $number = 0;
            const BITS: u32 = <$number>::BITS;

            fn after(self) -> Option<$number> {
                self.checked_add(1)
            }

            fn before(self) -> $number {
                self - 1
            }

            fn block(self, bits: u32) -> $number {
                self & <$number>::MAX.checked_shl(bits).unwrap_or(0)
            }

            #[inline]
            fn cell(self, base: $number, shift: u32, count: usize) -> usize {
                (self.saturating_sub(base) >> (shift % Self::BITS)).min(count as $number - 1) as usize
            }
        }
    )+};
}

key!(u32 u64 u128);

/// All IPv4 addresses, cut into ranges: where each one starts, and where its marks are.
pub(super) struct TableV4 {
    starts: Sorted<u32>,
    places: Vec<Place>,
}

impl TableV4 {
    pub(super) fn new(flat: Flat<u32>) -> TableV4 {
        let (starts, places) = flat.into_iter().unzip();
        TableV4 {
            starts: Sorted::new(starts),
            places,
        }
    }

    /// Where the marks of an address are.
    #[inline]
    pub(super) fn find(&self, ip: u32) -> Place {
        self.places[self.starts.find(ip)]
    }
}

/// All IPv6 addresses, cut into ranges. Their starts are searched by halves: first the upper one, then, among the few
/// that share it, the lower one. A search by u128 branches on each comparison, and took thrice the time.
pub(super) struct TableV6 {
    /// The upper halves of starts, each once.
    highs: Sorted<u64>,
    /// For each upper half where its first start is in `lows`, and where all of them end.
    firsts: Vec<u32>,
    /// With `FEW` more at the end, so that as many can be read anywhere.
    lows: Vec<u64>,
    /// For each upper half with more than `FEW` starts which of `crowds` has their lower halves.
    crowd: Vec<u32>,
    /// After a 0 of its own, so that a place is the count of starts up to it.
    crowds: Vec<Sorted<u64>>,
    places: Vec<Place>,
}

/// How many starts share an upper half, mostly.
const FEW: usize = 4;

impl TableV6 {
    pub(super) fn new(flat: Flat<u128>) -> TableV6 {
        let (mut highs, mut firsts, mut lows) = (Vec::new(), Vec::new(), Vec::new());
        for &(start, _) in &flat {
            let (high, low) = halves(start);
            if highs.last() != Some(&high) {
                highs.push(high);
                firsts.push(lows.len() as u32);
            }
            lows.push(low);
        }
        firsts.push(lows.len() as u32);
        let (mut crowd, mut crowds) = (Vec::new(), Vec::new());
        for ends in firsts.windows(2) {
            crowd.push(crowds.len() as u32);
            let starts = &lows[ends[0] as usize..ends[1] as usize];
            if starts.len() > FEW {
                crowds.push(Sorted::new([&[0], starts].concat()));
            }
        }
        lows.extend([u64::MAX; FEW]);
        TableV6 {
            highs: Sorted::new(highs),
            firsts,
            lows,
            crowd,
            crowds,
            places: flat.into_iter().map(|(_, place)| place).collect(),
        }
    }

    /// See [`TableV4::find`].
    #[inline]
    pub(super) fn find(&self, ip: u128) -> Place {
        let (high, low) = halves(ip);
        let at = self.highs.find(high);
        let (first, end) = (self.firsts[at] as usize, self.firsts[at + 1] as usize);
        // Past all starts of an upper half that is not the address's own.
        let low = if self.highs.get(at) == high { low } else { u64::MAX };
        let within = match end - first {
            // Mostly there are few, and how many changes from datagram to datagram: counted without a branch.
            count @ 0..=FEW => {
                let starts = self.lows[first..first + FEW].iter().zip(0..);
                starts
                    .map(|(&start, at)| usize::from((start <= low) & (at < count)))
                    .sum()
            }
            _ => self.crowds[self.crowd[at] as usize].find(low),
        };
        // Before the first of them: the range that started under the upper half before.
        self.places[first + within - 1]
    }
}

fn halves(ip: u128) -> (u64, u64) {
    ((ip >> 64) as u64, ip as u64)
}

/// The start of each range and where its marks are: sorted, from the first address on.
pub(super) type Flat<K> = Vec<(K, Place)>;

/// Makes disjoint ranges of ranges that may overlap, each with its host. `place` tells where the marks of the hosts that
/// cover a range together are; the hosts are sorted.
pub(super) fn flatten<K: Key>(ranges: &[(K, K, u32)], mut place: impl FnMut(&[u32]) -> Place) -> Flat<K> {
    let opened = ranges.iter().map(|&(first, _, host)| (first, host));
    let closed = ranges.iter().filter_map(|&(_, last, host)| Some((last.after()?, host)));
    let mut edges: Vec<(K, u32)> = opened.chain(closed).collect();
    edges.sort_unstable();

    let mut flat = vec![(K::FIRST, place(&[]))];
    let mut open: Vec<u32> = Vec::new();
    for here in edges.chunk_by(|one, other| one.0 == other.0) {
        for (_, host) in here {
            // The ranges of one host do not overlap: an edge of a host that is open closes it. Where one of its ranges
            // follows on another, it has two edges here, and stays open.
            match open.binary_search(host) {
                Ok(at) => _ = open.remove(at),
                Err(at) => open.insert(at, *host),
            }
        }
        let start = here[0].0;
        flat.pop_if(|last| last.0 == start);
        let place = place(&open);
        if flat.last().is_none_or(|last| last.1 != place) {
            flat.push((start, place));
        }
    }
    flat
}
