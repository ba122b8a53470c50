//! The grants of one instance.

use std::sync::{Arc, LazyLock, OnceLock};

use super::index::{Builder, Index, Marks};
use super::parse::parse;
use super::pattern::List;
use super::rules::RuleSet;
use super::{Pattern, PatternError, Right, Zone};

/// What an instance may do: for each right a list of allowed and one of denied patterns.
///
/// Empty lists allow nothing. A denied pattern wins over every allowed one, whatever the order. A clone shares its lists
/// until one of the two changes: a copy for each of many instances costs next to nothing.
///
/// ```
/// use datagrant::grants::{Connect, Endpoint, Grants, Interface, Right, decide};
///
/// let mut grants = Grants::new();
/// grants.allow(Right::Bind, "127.0.0.1:41234")?.allow(Right::Send, "@private:53")?;
/// grants.deny(Right::Send, "10.0.0.0/8:*")?;
///
/// let remote = Endpoint::new("10.0.0.7:53".parse()?)?;
/// let denial = decide(&grants, &Connect::to(remote)).unwrap_err();
/// assert_eq!(denial.to_string(), "connect 10.0.0.7:53: denied (deny send 10.0.0.0/8:*)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Grants {
    pub(super) bind: Arc<Rules>,
    pub(super) send: Arc<Rules>,
    pub(super) broadcast: Arc<Rules>,
    pub(super) resolve: Arc<Rules>,
    pub(super) join: Arc<Rules>,
    /// Flattened `bind`; emptied when it changes, and built when it is asked. Clones share it.
    binds: OnceLock<Arc<Index>>,
    /// Flattened `send` and `broadcast`, as `binds`.
    destinations: OnceLock<Arc<Index>>,
}

/// The two lists of a right.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) allow: RuleSet,
    pub(super) deny: RuleSet,
}

impl Rules {
    fn new() -> Rules {
        Rules {
            allow: RuleSet::new(List::Allow),
            deny: RuleSet::new(List::Deny),
        }
    }
}

impl Default for Grants {
    fn default() -> Grants {
        Grants::new()
    }
}

impl Grants {
    /// Grants that deny everything.
    pub fn new() -> Grants {
        // Most rights of most grants are never written to: they share one.
        static NONE: LazyLock<Arc<Rules>> = LazyLock::new(|| Arc::new(Rules::new()));
        let none = &*NONE;
        Grants {
            bind: none.clone(),
            send: none.clone(),
            broadcast: none.clone(),
            resolve: none.clone(),
            join: none.clone(),
            binds: OnceLock::new(),
            destinations: OnceLock::new(),
        }
    }

    /// Allows what a pattern covers. Adding the same pattern again changes nothing.
    ///
    /// # Errors
    ///
    /// [`PatternError`] for a pattern that does not follow the grammar, or that this right does not take; the grants
    /// are then as before.
    pub fn allow(&mut self, right: Right, pattern: &str) -> Result<&mut Grants, PatternError> {
        let pattern = parse(pattern, right, List::Allow)?;
        self.rules_mut(right).allow.add(pattern);
        Ok(self)
    }

    /// Denies what a pattern covers, whatever is allowed.
    ///
    /// A denied CIDR covers every address in it, broadcast included; a denied wildcard (`0.0.0.0`, `[::]`) covers
    /// every bind of its family; any denied bind address of a family also denies the wildcard bind of that family on
    /// its ports. A denied broadcast pattern denies every send and connect to its address and port.
    /// A denied join pattern without an interface denies binds to its groups, too.
    ///
    /// # Errors
    ///
    /// [`PatternError`] as for [`Grants::allow`]; a suffix is an error here.
    pub fn deny(&mut self, right: Right, pattern: &str) -> Result<&mut Grants, PatternError> {
        let pattern = parse(pattern, right, List::Deny)?;
        self.rules_mut(right).deny.add(pattern);
        Ok(self)
    }

    /// Adds what others allow and deny: the union of both lists.
    pub fn extend(&mut self, others: &Grants) -> &mut Grants {
        for right in Right::ALL {
            let others = others.rules(right);
            let own = self.rules_mut(right);
            others
                .allow
                .patterns()
                .iter()
                .for_each(|pattern| own.allow.add(pattern.clone()));
            others
                .deny
                .patterns()
                .iter()
                .for_each(|pattern| own.deny.add(pattern.clone()));
        }
        self
    }

    /// Whether nothing is allowed, whatever is denied.
    pub fn is_empty(&self) -> bool {
        Right::ALL.into_iter().all(|right| self.rules(right).allow.is_empty())
    }

    /// Whether a pattern, allowed or denied, names an interface by its name: only then it matters for unicast what the
    /// interface of a link-local address is called.
    pub fn names_interfaces(&self) -> bool {
        let all = Right::ALL.into_iter().map(|right| self.rules(right));
        all.flat_map(|rules| rules.allow.patterns().iter().chain(rules.deny.patterns()))
            .any(|pattern| matches!(pattern.host().zone(), Some(Zone::Name(_))))
    }

    /// The allowed patterns of a right, in the order in which they were added.
    pub fn allowed(&self, right: Right) -> impl ExactSizeIterator<Item = &Pattern> {
        self.rules(right).allow.patterns().iter()
    }

    /// The denied patterns of a right, in the order in which they were added.
    pub fn denied(&self, right: Right) -> impl ExactSizeIterator<Item = &Pattern> {
        self.rules(right).deny.patterns().iter()
    }

    pub(super) fn rules(&self, right: Right) -> &Rules {
        match right {
            Right::Bind => &self.bind,
            Right::Send => &self.send,
            Right::Broadcast => &self.broadcast,
            Right::Resolve => &self.resolve,
            Right::Join => &self.join,
        }
    }

    /// Whether send patterns name hosts by name: only then it matters what a destination's [`Pin`](super::Pin)s are.
    pub fn sends_by_name(&self) -> bool {
        !self.send.allow.names().is_empty() || !self.send.deny.names().is_empty()
    }

    /// Gets the lists ready to be asked, which the first decision does otherwise: a millisecond for a thousand patterns.
    /// Clones of grants that are ready share what it made.
    pub fn prepare(&self) {
        self.binds();
        self.destinations();
    }

    /// What the bind lists say of a local address: [`Marks::ALLOWED`], [`Marks::SHARED`], [`Marks::DENIED`].
    pub(super) fn binds(&self) -> &Index {
        self.binds.get_or_init(|| {
            let Rules { allow, deny } = &*self.bind;
            let lists = Builder::default().add(allow, Marks::ALLOWED).add(deny, Marks::DENIED);
            Arc::new(lists.build())
        })
    }

    /// What the send and broadcast lists say of a destination: all but [`Marks::SHARED`].
    pub(super) fn destinations(&self) -> &Index {
        self.destinations.get_or_init(|| {
            let Rules { allow, deny } = &*self.send;
            let send = Builder::default().add(allow, Marks::ALLOWED).add(deny, Marks::DENIED);
            let Rules { allow, deny } = &*self.broadcast;
            let all = send.add(allow, Marks::BROADCAST).add(deny, Marks::BROADCAST_DENIED);
            Arc::new(all.build())
        })
    }

    fn rules_mut(&mut self, right: Right) -> &mut Rules {
        match right {
            Right::Bind => self.binds.take(),
            Right::Send | Right::Broadcast => self.destinations.take(),
            // Searched as they are.
            Right::Resolve | Right::Join => None,
        };
        Arc::make_mut(match right {
            Right::Bind => &mut self.bind,
            Right::Send => &mut self.send,
            Right::Broadcast => &mut self.broadcast,
            Right::Resolve => &mut self.resolve,
            Right::Join => &mut self.join,
        })
    }
}
