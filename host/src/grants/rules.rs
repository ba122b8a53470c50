//! One list of patterns.

use std::collections::HashSet;

use super::pattern::{Family, List};
use super::{Endpoint, Pattern, PortSet};

/// The patterns of one list, in the order in which they were added.
///
/// Questions here are linear: they name the pattern in a denial. What decides is the [`Index`](super::index::Index).
#[derive(Clone, Debug, Default)]
pub(super) struct RuleSet {
    list: List,
    patterns: Vec<Pattern>,
    known: HashSet<Pattern>,
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

    /// The first pattern whose hosts overlap a bind to this address, and whose ports pass.
    pub(super) fn overlapping(&self, local: &Endpoint, ports: impl Fn(&PortSet) -> bool) -> Option<&Pattern> {
        self.patterns.iter().find(|pattern| {
            let hosts = if local.is_unspecified() {
                pattern.host.is_in(Family::of(local))
            } else {
                pattern.host.covers(local, self.list)
            };
            hosts && ports(&pattern.ports)
        })
    }

    /// The first pattern that covers the address and the port.
    pub(super) fn first_match(&self, endpoint: &Endpoint) -> Option<&Pattern> {
        self.patterns
            .iter()
            .find(|pattern| pattern.host.covers(endpoint, self.list) && pattern.ports.contains(endpoint.port()))
    }
}
