//! The patterns of a list that name hosts by name.

use std::collections::HashMap;

use super::{Host, Name, Pattern, PortSet};

/// Name patterns, made quick to ask: one look for the name and one for each name that it is under.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    exact: HashMap<Name, PortSet>,
    /// `*.example.com`, under `example.com`.
    under: HashMap<Name, PortSet>,
    any: bool,
}

impl Names {
    /// Adds a pattern; one that names no names changes nothing.
    pub(super) fn add(&mut self, pattern: &Pattern) {
        let (map, name) = match &pattern.host {
            Host::Name(name) => (&mut self.exact, name),
            Host::NamesUnder(name) => (&mut self.under, name),
            Host::AnyName => return self.any = true,
            _ => return,
        };
        map.entry(name.clone()).or_default().extend(&pattern.ports);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.under.is_empty() && !self.any
    }

    /// Whether a pattern covers the name; where patterns have no ports.
    pub(super) fn cover(&self, name: &Name) -> bool {
        self.any || self.of(name).next().is_some()
    }

    /// Whether a pattern covers the name and the port.
    pub(super) fn cover_port(&self, name: &Name, port: u16) -> bool {
        self.of(name).any(|ports| ports.contains(port))
    }

    fn of(&self, name: &Name) -> impl Iterator<Item = &PortSet> {
        let under = name.parents().filter_map(|parent| self.under.get(parent));
        self.exact.get(name).into_iter().chain(under)
    }
}
