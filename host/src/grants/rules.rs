//! One list of patterns.

use std::collections::HashSet;

use super::names::Names;
use super::pattern::{Family, List};
use super::{Endpoint, Host, Interface, Name, Pattern, PortSet};

/// The patterns of one list, in the order in which they were added.
///
/// Questions here are linear: they name the pattern in a denial. What decides is the [`Index`](super::index::Index).
#[derive(Clone, Debug, Default)]
pub(super) struct RuleSet {
    list: List,
    patterns: Vec<Pattern>,
    /// Which of them are for multicast groups: the index has no ranges of those.
    groups: Vec<usize>,
    known: HashSet<Pattern>,
    /// Those of them that name hosts by name: the index has no ranges of these.
    names: Names,
}

impl RuleSet {
    pub(super) fn new(list: List) -> RuleSet {
        RuleSet {
            list,
            ..RuleSet::default()
        }
    }

    /// Adds a pattern; the same one twice changes nothing.
    pub(super) fn add(&mut self, pattern: Pattern) {
        if self.known.insert(pattern.clone()) {
            self.names.add(&pattern);
            if matches!(pattern.host, Host::Groups { .. }) {
                self.groups.push(self.patterns.len());
            }
            self.patterns.push(pattern);
        }
    }

    pub(super) fn list(&self) -> List {
        self.list
    }

    pub(super) fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// The patterns that name hosts by name.
    pub(super) fn names(&self) -> &Names {
        &self.names
    }

    /// The first pattern that covers the name and, if there is one, the port.
    pub(super) fn first_of_name(&self, name: &Name, port: Option<u16>) -> Option<&Pattern> {
        self.patterns
            .iter()
            .find(|pattern| pattern.host.covers_name(name) && port.is_none_or(|port| pattern.ports.contains(port)))
    }

    /// The patterns for multicast groups.
    pub(super) fn groups(&self) -> impl Iterator<Item = &Pattern> {
        self.groups.iter().map(|&at| &self.patterns[at])
    }

    /// The first pattern whose hosts overlap a bind to this address, and whose ports pass.
    pub(super) fn overlapping(
        &self,
        local: &Endpoint,
        interface: &Interface,
        ports: impl Fn(&PortSet) -> bool,
    ) -> Option<&Pattern> {
        self.patterns.iter().find(|pattern| {
            let hosts = if local.is_unspecified() {
                pattern.host.is_in(Family::of(local))
            } else {
                pattern.host.covers(local, interface, self.list)
            };
            hosts && ports(&pattern.ports)
        })
    }

    /// The first pattern that covers the address and the port.
    pub(super) fn first_match(&self, endpoint: &Endpoint, interface: &Interface) -> Option<&Pattern> {
        self.patterns.iter().find(|pattern| {
            pattern.host.covers(endpoint, interface, self.list) && pattern.ports.contains(endpoint.port())
        })
    }
}
