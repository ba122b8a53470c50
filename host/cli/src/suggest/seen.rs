//! What an audit has seen, added up.

use anyhow::{Context, Result};
use datagrant::grants::{Grants, Ground, Host, Operation, Pattern, Right};
use std::collections::BTreeMap;

/// A line about a decision, or about repeats of one.
pub struct Decision<'a> {
    pub time: &'a str,
    pub operation: &'a str,
    pub subject: &'a str,
    pub reason: &'a str,
    pub rules: &'a [&'a str],
    pub needs: &'a [&'a str],
    pub count: u64,
}

/// How often something was used, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Use {
    pub count: u64,
    pub first: String,
    pub last: String,
}

/// Patterns by their right and their text, each with its use.
pub type Patterns = BTreeMap<(Right, String), (Pattern, Use)>;

/// All of an audit file.
#[derive(Default)]
pub struct Seen {
    pub runs: u64,
    pub left_out: u64,
    /// Lines that end too early.
    pub cut: u64,
    /// When there was a decision.
    pub time: Use,
    /// How many the kernel refused.
    pub refused: u64,
    /// How much went when other grants took the place of these.
    pub withdrawn: u64,
    /// What was used.
    pub used: Patterns,
    /// What binds to groups had to be allowed to join.
    joins_of_binds: Patterns,
    /// What denied operations would have needed.
    pub denied: Patterns,
    /// What no grant would have allowed.
    pub hopeless: BTreeMap<String, Use>,
    /// What followed from other rights.
    pub replies: u64,
    pub client_sockets: u64,
    /// What was handed in, where it was bound.
    pub handed_in: BTreeMap<String, Use>,
}

impl Use {
    pub fn add(&mut self, count: u64, first: &str, last: &str) {
        self.count = self.count.saturating_add(count);
        // Of one length, and in UTC: they sort as they are.
        if self.first.is_empty() || first < self.first.as_str() {
            first.clone_into(&mut self.first);
        }
        if last > self.last.as_str() {
            last.clone_into(&mut self.last);
        }
    }
}

impl Decision<'_> {
    fn count(&self, usage: &mut Use) {
        usage.add(self.count, self.time, self.time);
    }

    fn add_to(&self, patterns: &mut Patterns, need: &str) -> Result<()> {
        let (right, pattern) = read(need).with_context(|| format!("{need:?} is no grant"))?;
        let entry = patterns.entry((right, pattern.to_string()));
        self.count(&mut entry.or_insert_with(|| (pattern, Use::default())).1);
        Ok(())
    }
}

impl Seen {
    pub fn allowed(&mut self, decision: &Decision<'_>) -> Result<()> {
        decision.count(&mut self.time);
        for need in decision.needs {
            let of_bind = decision.operation == Right::Bind.as_str() && need.starts_with(Right::Join.as_str());
            let patterns = if of_bind {
                &mut self.joins_of_binds
            } else {
                &mut self.used
            };
            decision.add_to(patterns, need)?;
        }
        // By the reply right alone, or by it as well.
        if decision.operation == Operation::Send.as_str() && decision.needs.is_empty() {
            self.replies = self.replies.saturating_add(decision.count);
        } else if decision.reason == Ground::ClientSocket.as_str() {
            self.client_sockets = self.client_sockets.saturating_add(decision.count);
        } else if decision.reason == Ground::HandedIn.as_str() {
            decision.count(self.handed_in.entry(decision.subject.to_owned()).or_default());
        }
        Ok(())
    }

    pub fn denied(&mut self, decision: &Decision<'_>) -> Result<()> {
        decision.count(&mut self.time);
        for need in decision.needs {
            decision.add_to(&mut self.denied, need)?;
        }
        if decision.needs.is_empty() {
            let Decision {
                operation,
                subject,
                reason,
                rules,
                ..
            } = decision;
            let what = match rules {
                [] => format!("{operation} {subject}: {reason}"),
                rules => format!("{operation} {subject}: {reason} ({})", rules.join(", ")),
            };
            decision.count(self.hopeless.entry(what).or_default());
        }
        Ok(())
    }

    pub fn refused(&mut self, decision: &Decision<'_>) {
        decision.count(&mut self.time);
        self.refused = self.refused.saturating_add(decision.count);
    }

    pub fn withdrawn(&mut self, decision: &Decision<'_>) {
        decision.count(&mut self.time);
        self.withdrawn = self.withdrawn.saturating_add(decision.count);
    }

    /// What is suggested: a bind to a group takes no join of its own where the group was joined.
    pub fn suggested(&self) -> Patterns {
        let mut patterns = self.used.clone();
        for (key, joined) in &self.joins_of_binds {
            let group = groups(&joined.0);
            if !self
                .used
                .values()
                .any(|(pattern, _)| groups(pattern) == group && pattern.ports().is_empty())
            {
                patterns.insert(key.clone(), joined.clone());
            }
        }
        patterns
    }
}

fn groups(pattern: &Pattern) -> Option<String> {
    match pattern.host() {
        Host::Groups { groups, .. } => Some(groups.to_string()),
        _ => None,
    }
}

/// A grant as an audit spells it: the right, then the pattern.
fn read(phrase: &str) -> Result<(Right, Pattern)> {
    let (right, pattern) = phrase.split_once(' ').context("it is a right and a pattern")?;
    let right: Right = right.parse()?;
    let mut grants = Grants::new();
    grants.allow(right, pattern)?;
    let pattern = grants.allowed(right).next().cloned();
    Ok((right, pattern.context("it has no pattern")?))
}
