//! What was counted since the last flush. Pure: time is given to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write};
use std::time::Duration;

use crate::metric::{Metric, Value, parse};

/// Names that are kept, of all kinds together: whoever may send could invent more.
const MOST_NAMES: usize = 10_000;
/// Times and members of sets that are kept from one flush to the next.
const MOST_VALUES: usize = 200_000;
/// In percent.
const PERCENTILES: [usize; 3] = [50, 90, 99];

#[derive(Debug, Default)]
pub struct Aggregate {
    counters: BTreeMap<String, f64>,
    timers: BTreeMap<String, Timer>,
    sets: BTreeMap<String, BTreeSet<String>>,
    /// They stay as they are over a flush.
    gauges: BTreeMap<String, f64>,
    /// Of `timers` and `sets`.
    values: usize,
    seen: u64,
    malformed: u64,
    /// Beyond the limits above.
    dropped: u64,
}

#[derive(Debug, Default)]
struct Timer {
    milliseconds: Vec<f64>,
    stands_for: f64,
}

impl Aggregate {
    /// Adds what a datagram says: a metric on each line.
    pub fn add(&mut self, datagram: &[u8]) {
        let lines = datagram.split(|&byte| byte == b'\n');
        for line in lines.filter(|line| !line.is_empty()) {
            match parse(line) {
                None => self.malformed += 1,
                Some(metric) if self.note(metric) => self.seen += 1,
                Some(_) => self.dropped += 1,
            }
        }
    }

    /// Whether there was room for it.
    fn note(&mut self, Metric { name, value }: Metric<'_>) -> bool {
        let names = self.counters.len() + self.timers.len() + self.sets.len() + self.gauges.len();
        let more = names < MOST_NAMES;
        match value {
            Value::Count(count) => slot(&mut self.counters, name, more).map(|sum| *sum += count),
            Value::Gauge(is) => slot(&mut self.gauges, name, more).map(|gauge| *gauge = is),
            Value::GaugeBy(by) => slot(&mut self.gauges, name, more).map(|gauge| *gauge += by),
            Value::Time { .. } | Value::Member(_) if self.values >= MOST_VALUES => None,
            Value::Time {
                milliseconds,
                stands_for,
            } => slot(&mut self.timers, name, more).map(|timer| {
                timer.milliseconds.push(milliseconds);
                timer.stands_for += stands_for;
                self.values += 1;
            }),
            Value::Member(member) => slot(&mut self.sets, name, more).map(|set| {
                if !set.contains(member) {
                    set.insert(member.to_owned());
                    self.values += 1;
                }
            }),
        }
        .is_some()
    }

    /// What was counted in `interval`, in the text form of Graphite; then all but gauges begins again. `now` is in
    /// seconds since 1970.
    pub fn flush(&mut self, interval: Duration, now: u64) -> String {
        let mut text = String::new();
        let mut tell = |name: &dyn Display, value: f64| {
            writeln!(text, "{name} {value} {now}").expect("a String takes it");
        };
        for (name, &count) in &self.counters {
            tell(&format_args!("counters.{name}.count"), count);
            tell(&format_args!("counters.{name}.rate"), count / interval.as_secs_f64());
        }
        for (name, timer) in &mut self.timers {
            let times = &mut timer.milliseconds;
            times.sort_by(f64::total_cmp);
            let (Some(&least), Some(&most)) = (times.first(), times.last()) else {
                continue;
            };
            let mean = times.iter().sum::<f64>() / times.len() as f64;
            tell(&format_args!("timers.{name}.count"), timer.stands_for);
            tell(&format_args!("timers.{name}.lower"), least);
            tell(&format_args!("timers.{name}.upper"), most);
            tell(&format_args!("timers.{name}.mean"), mean);
            for percent in PERCENTILES {
                tell(&format_args!("timers.{name}.p{percent}"), percentile(times, percent));
            }
        }
        for (name, set) in &self.sets {
            tell(&format_args!("sets.{name}.count"), set.len() as f64);
        }
        for (name, &gauge) in &self.gauges {
            tell(&format_args!("gauges.{name}"), gauge);
        }
        tell(&"statsd.metrics", self.seen as f64);
        tell(&"statsd.malformed", self.malformed as f64);
        tell(&"statsd.dropped", self.dropped as f64);

        let gauges = std::mem::take(&mut self.gauges);
        *self = Aggregate {
            gauges,
            ..Aggregate::default()
        };
        text
    }
}

/// The value of `name`, a new one only if there may be `more`.
fn slot<'a, T: Default>(map: &'a mut BTreeMap<String, T>, name: &str, more: bool) -> Option<&'a mut T> {
    if more && !map.contains_key(name) {
        map.insert(name.to_owned(), T::default());
    }
    map.get_mut(name)
}

/// By the nearest rank: the least of the values that `percent` of all do not exceed. Of one value at least, sorted.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    sorted[(sorted.len() * percent).div_ceil(100) - 1]
}

#[cfg(test)]
#[path = "tests/aggregate.rs"]
mod tests;
