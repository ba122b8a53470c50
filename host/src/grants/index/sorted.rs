//! A sorted list of numbers, made quick to search.

use super::table::Key;

/// Sorted numbers, the first of which is 0.
///
/// A plain binary search waits for memory in each of its steps. Here the block of numbers that most of them are in is
/// cut into equal cells; a cell knows where the few numbers are that can be meant, and the search is among those. All
/// cells have the same count of them, so that the search takes the same steps for each question, which a processor can
/// predict. Where the numbers are not spread evenly, it takes as many steps as a plain one, at worst.
pub(super) struct Sorted<K> {
    numbers: Vec<K>,
    /// The first number of the block.
    base: K,
    /// The size of a cell, as a power of 2.
    shift: u32,
    /// Where the search begins, for each cell. Numbers below the block go to the first one, above to the last.
    cells: Vec<u32>,
    /// How many numbers are searched.
    window: usize,
}

/// Memory for speed: 4 KiB of cells, at most.
const MOST_CELLS: usize = 1024;

impl<K: Key> Sorted<K> {
    pub(super) fn new(numbers: Vec<K>) -> Sorted<K> {
        let count = numbers.len().next_power_of_two().min(MOST_CELLS);
        let middle = numbers[numbers.len() / 2];
        // Of all blocks of whole cells with the middle in them, the one that tells numbers apart best.
        let blocks = (0..=K::BITS - count.ilog2()).map(|shift| (middle.block(shift + count.ilog2()), shift));
        let cut = |(base, shift): (K, u32)| {
            // Where the numbers of each cell begin, and the end of the last.
            let mut firsts = vec![0; count + 1];
            for &number in &numbers {
                firsts[number.cell(base, shift, count) + 1] += 1;
            }
            (0..count).for_each(|cell| firsts[cell + 1] += firsts[cell]);
            let longest = firsts.windows(2).map(|cell| cell[1] - cell[0]).max().unwrap_or(0);
            (longest, base, shift, firsts)
        };
        let best = blocks.map(cut).min_by_key(|&(longest, ..)| longest);
        let (longest, base, shift, firsts) = best.unwrap_or((numbers.len(), K::FIRST, 0, vec![0; count + 1]));
        // The number before a cell's first one may be meant, too.
        let window = (longest + 1).min(numbers.len());
        let begin = |&first: &usize| first.saturating_sub(1).min(numbers.len() - window) as u32;
        Sorted {
            cells: firsts[..count].iter().map(begin).collect(),
            numbers,
            base,
            shift,
            window,
        }
    }

    /// The place of the last number that is not greater than this one.
    #[inline]
    pub(super) fn find(&self, number: K) -> usize {
        let begin = self.cells[number.cell(self.base, self.shift, self.cells.len())] as usize;
        // `partition_point` does not branch on what it compares.
        let window = &self.numbers[begin..begin + self.window];
        begin + window.partition_point(|&other| other <= number) - 1
    }

    pub(super) fn get(&self, place: usize) -> K {
        self.numbers[place]
    }
}
