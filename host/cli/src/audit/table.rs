//! The decisions of a worker that have a line already, and how many more of each there were.

use super::line::{Decision, Kind, Line};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use std::collections::HashMap;
use std::num::NonZeroU32;

/// How many different decisions are remembered.
pub const MAX_KNOWN: usize = 2048;
/// The most new lines of one kind at once, and in a second: a guest that does ever new things must not fill the disk, nor
/// hide what is of another kind.
const BURST: NonZeroU32 = NonZeroU32::new(1000).unwrap();
const A_SECOND: NonZeroU32 = NonZeroU32::new(100).unwrap();

/// Decisions, by a mark that repeats have in common.
#[derive(Default)]
pub struct Table {
    worker: usize,
    known: HashMap<u64, Known>,
    kinds: HashMap<Kind, Rate>,
    /// To be written; few, since each took its place in the rate.
    lines: Vec<String>,
}

struct Known {
    line: Line,
    /// How often it happened again since its last line.
    again: u64,
}

/// The lines of a kind.
struct Rate {
    limit: DefaultDirectRateLimiter,
    left_out: u64,
}

impl Table {
    pub fn new(worker: usize) -> Table {
        Table {
            worker,
            ..Table::default()
        }
    }

    /// Counts a decision, or describes it where it is new. Whether there is something to write.
    pub fn note(&mut self, mark: u64, describe: impl FnOnce() -> Decision) -> bool {
        if let Some(known) = self.known.get_mut(&mark) {
            known.again += 1;
            return false;
        }
        let Decision { kind, line } = describe();
        let rate = self.kinds.entry(kind).or_insert_with(|| Rate {
            limit: RateLimiter::direct(Quota::per_second(A_SECOND).allow_burst(BURST)),
            left_out: 0,
        });
        if rate.limit.check().is_err() {
            rate.left_out += 1;
            return false;
        }
        if self.known.len() >= MAX_KNOWN {
            self.count();
            self.known.clear();
        }
        self.lines.push(line.clone().number("count", 1).finish());
        self.known.insert(mark, Known { line, again: 0 });
        true
    }

    /// Makes lines of what was counted.
    pub fn count(&mut self) {
        for known in self.known.values_mut().filter(|known| known.again > 0) {
            let again = std::mem::take(&mut known.again);
            self.lines.push(known.line.clone().number("count", again).finish());
        }
        for (kind, rate) in self.kinds.iter_mut().filter(|(_, rate)| rate.left_out > 0) {
            let count = std::mem::take(&mut rate.left_out);
            self.lines.push(Line::left_out(self.worker, kind, count).finish());
        }
    }

    /// What is to be written.
    pub fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datagrant::Refusal;
    use datagrant::grants::{Connect, Endpoint, Grants, decide};

    fn denied(port: u16) -> Decision {
        let remote = Endpoint::new(([192, 0, 2, 1], port).into()).unwrap();
        let denial = decide(&Grants::new(), &Connect::to(remote)).unwrap_err();
        Decision::refused(1, &Refusal::Grants(denial))
    }

    fn counts(lines: &[String]) -> Vec<(String, u64)> {
        let read = |line: &String| {
            let read: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| read[key].as_str().unwrap_or_default().to_owned();
            (text("event") + " " + &text("subject"), read["count"].as_u64().unwrap())
        };
        lines.iter().map(read).collect()
    }

    #[test]
    fn the_first_of_each_is_written_and_the_others_are_counted() {
        let mut table = Table::new(1);
        for mark in [7, 7, 9, 7, 9, 7] {
            table.note(mark, || denied(mark as u16));
        }
        let of = |port: u16| format!("decision 192.0.2.1:{port}");
        assert_eq!(counts(&table.take()), [(of(7), 1), (of(9), 1)]);
        table.count();
        let mut again = counts(&table.take());
        again.sort();
        assert_eq!(again, [(of(7), 3), (of(9), 1)]);
        table.count();
        assert_eq!(table.take(), [""; 0]);
    }

    #[test]
    fn whatever_a_guest_does_lines_and_memory_are_bounded_and_nothing_is_uncounted() {
        let mut table = Table::new(1);
        let (mut all, mut most) = (0, 0);
        let one = denied(9);
        for mark in 0..200_000_u64 {
            table.note(mark, || one.clone());
            all += 1;
            most = most.max(table.known.len());
        }
        assert!(most <= MAX_KNOWN);
        table.count();
        let lines = counts(&table.take());
        assert_eq!(lines.iter().map(|(_, count)| count).sum::<u64>(), all);
        let left_out = lines.iter().filter(|(event, _)| event.starts_with("left-out"));
        let left_out: u64 = left_out.map(|(_, count)| count).sum();
        assert!(left_out > all / 2, "{left_out}");
        assert!(lines.len() >= BURST.get() as usize && lines.len() < all as usize / 2);
    }

    #[test]
    fn a_flood_of_one_kind_hides_no_other() {
        let mut table = Table::new(1);
        for mark in 0..10_000 {
            table.note(mark, || denied(mark as u16 + 1));
        }
        table.take();
        table.note(1 << 32, || denied(0));
        let lines = counts(&table.take());
        assert_eq!(lines, [("decision 192.0.2.1:0".to_owned(), 1)]);
    }
}
