//! From patterns to an index.

use std::collections::HashMap;

use super::super::pattern::{Family, List};
use super::super::rules::RuleSet;
use super::super::{Host, PortSet};
use super::marks::{Line, Marks, STEPS, Steps};
use super::ranges::Ranges;
use super::table::{TableV4, TableV6, flatten};
use super::{Index, Place};

/// Collects lists; [`Builder::build`] flattens them in time that grows as a sort of the patterns does.
#[derive(Default)]
pub(in super::super) struct Builder<'a> {
    hosts: HashMap<(&'a Host, List), Vec<(&'a PortSet, Marks)>>,
    denied: [Vec<&'a PortSet>; 2],
}

impl<'a> Builder<'a> {
    /// Adds a list, with the marks of its patterns.
    pub(in super::super) fn add(mut self, rules: &'a RuleSet, marks: Marks) -> Builder<'a> {
        for pattern in rules.patterns() {
            let marks = match pattern.shared {
                true => marks | Marks::SHARED,
                false => marks,
            };
            // Names and groups have no ranges: rules know them.
            if !matches!(
                pattern.host,
                Host::Name(_) | Host::NamesUnder(_) | Host::AnyName | Host::Groups { .. }
            ) {
                let host = self.hosts.entry((&pattern.host, rules.list())).or_default();
                host.push((&pattern.ports, marks));
            }
            for family in [Family::V4, Family::V6] {
                if rules.list() == List::Deny && pattern.host.is_in(family) {
                    self.denied[family as usize].push(&pattern.ports);
                }
            }
        }
        self
    }

    pub(in super::super) fn build(self) -> Index {
        let mut places = Places::default();
        let (mut v4, mut v6, mut zones) = (Vec::new(), Vec::new(), Vec::new());
        for ((host, list), patterns) in self.hosts {
            let number = places.hosts.len() as u32;
            places.hosts.push(Steps::new(&patterns));
            let ranges = Ranges::of(host, list);
            v4.extend(ranges.v4.into_iter().map(|(first, last)| (first, last, number)));
            v6.extend(ranges.v6.into_iter().map(|(first, last)| (first, last, number)));
            zones.extend(ranges.zoned.map(|address| (address, number)));
        }
        zones.sort_unstable();
        let zones = zones.chunk_by(|one, other| one.0 == other.0);
        Index {
            zoned: zones
                .map(|here| {
                    let hosts: Vec<u32> = here.iter().map(|&(_, host)| host).collect();
                    (here[0].0, places.of(&hosts))
                })
                .collect(),
            v4: TableV4::new(flatten(&v4, |hosts| places.of(hosts))),
            v6: TableV6::new(flatten(&v6, |hosts| places.of(hosts))),
            denied: self
                .denied
                .map(|sets| PortSet::from_ranges(sets.into_iter().flat_map(PortSet::ranges))),
            lines: places.lines,
            joined: places.joined,
            hosts: places.hosts,
        }
    }
}

/// Gives equal marks the same place.
#[derive(Default)]
struct Places {
    hosts: Vec<Steps>,
    lines: Vec<Line>,
    joined: Vec<Box<[u32]>>,
    by_hosts: HashMap<Box<[u32]>, Place>,
    by_line: HashMap<Line, Place>,
}

impl Places {
    /// The place of the marks of these hosts together.
    fn of(&mut self, hosts: &[u32]) -> Place {
        if let Some(place) = self.by_hosts.get(hosts) {
            return *place;
        }
        let place = match self.line(hosts) {
            Some(line) => *self.by_line.entry(line).or_insert_with(|| {
                self.lines.push(line);
                self.lines.len() as Place - 1
            }),
            None => {
                self.joined.push(hosts.into());
                Place::MAX - (self.joined.len() as Place - 1)
            }
        };
        self.by_hosts.insert(hosts.into(), place);
        place
    }

    /// The marks as a line. Long ones are not joined, or a host with many ports would be copied into each range in it.
    fn line(&self, hosts: &[u32]) -> Option<Line> {
        let hosts: Vec<&Steps> = hosts.iter().map(|&host| &self.hosts[host as usize]).collect();
        let steps: usize = hosts.iter().map(|host| host.len()).sum();
        match steps <= STEPS * STEPS {
            true => Line::new(&Steps::join(&hosts)),
            false => None,
        }
    }
}
