//! Multicast groups: what is sent to them, joining them, and binding to them.
//!
//! Only patterns that name groups cover them, on the interfaces that they name; a denied CIDR covers the groups in it,
//! too. The lists of such patterns are short, and searched from the front.

use std::net::IpAddr;

use super::super::index::{Index, Marks};
use super::super::pattern::List;
use super::super::rules::RuleSet;
use super::super::set::Rules;
use super::super::{
    Basis, Bind, BindPermit, Denial, Endpoint, Grants, Host, Interface, Join, Operation, Pattern, PortSet, Ports,
    Reason, Right, Subject,
};
use super::bind::{choose, zero};

/// A group on an interface.
pub(super) struct Target {
    pub(super) operation: Operation,
    pub(super) group: Endpoint,
    pub(super) interface: Interface,
    source: Option<IpAddr>,
}

/// A send or connect to a group.
pub(super) fn send(
    grants: &Grants,
    operation: Operation,
    group: &Endpoint,
    interface: &Interface,
) -> Result<(), Denial> {
    let target = Target::sent_to(operation, group, interface);
    let Rules { allow, deny } = &*grants.send;
    target.undenied(grants.destinations(), deny, Right::Send)?;
    if allow.groups().any(|pattern| target.is_covered(pattern)) {
        return Ok(());
    }
    let fix = format_args!("{}:{}", target.host(), group.port()).to_string();
    Err(target.refuse(target.reason(allow)).fixed_by(Right::Send, fix))
}

/// Joining, by which nothing is bound and nothing may be sent.
pub(super) fn join(grants: &Grants, request: &Join) -> Result<(), Denial> {
    let target = Target::joined(request);
    if !target.group.is_multicast() {
        return Err(target.refuse(Reason::NotAGroup));
    }
    target.joinable(grants)?;
    let allow = &grants.join.allow;
    if allow.groups().any(|pattern| target.is_joined(pattern)) {
        return Ok(());
    }
    let denial = target.refuse(target.reason(allow));
    Err(denial.fixed_by(Right::Join, target.joining()))
}

/// A bind to a group gives what was joined of it, and nothing else: it takes both rights. IPv4 groups, and IPv6 groups of
/// wider scopes, know no interface here.
pub(super) fn bind(grants: &Grants, request: &Bind) -> Result<BindPermit, Denial> {
    let local = &request.local;
    let target = Target::bound_to(request);
    let patterns = BindPorts::of(grants, &target);
    target.joinable(grants)?;
    let reuse = request.reuse && local.port() != 0;
    let ports = match local.port() {
        0 => choose(&patterns.granted, &patterns.denied),
        port if patterns.denied.contains(port) => return Err(patterns.refusal(grants, &target)),
        port if reuse && !patterns.shared.contains(port) => None,
        port => patterns.granted.contains(port).then_some(Ports::Requested),
    };
    let granted = match local.port() {
        0 => !patterns.granted.is_empty(),
        port => patterns.granted.contains(port),
    };
    let joinable = grants.join.allow.groups().any(|pattern| target.may_be_joined(pattern));
    match (ports, joinable) {
        (Some(ports), true) => Ok(BindPermit {
            basis: Basis::Granted,
            ports,
            ipv6_only: local.is_ipv6() && !request.dual_stack,
            reuse,
        }),
        // Nor would `:0` help: no fix is told that does not work.
        (None, _) if local.port() == 0 && (granted || choose(&zero(), &patterns.denied).is_none()) => {
            Err(patterns.refusal(grants, &target))
        }
        (ports, _) => {
            let mut denial = target.refuse(match granted && ports.is_none() {
                true => Reason::NotShared,
                false => Reason::NotGranted,
            });
            if ports.is_none() {
                let suffix = if reuse { " shared" } else { "" };
                let pattern = format!("{}:{}{suffix}", target.bound(), local.port());
                denial = denial.fixed_by(Right::Bind, pattern);
            }
            if !joinable {
                denial = denial.fixed_by(Right::Join, target.joining());
            }
            Err(denial)
        }
    }
}

/// Whether no denied pattern is about a socket that is bound to this group and port.
pub(super) fn undenied(grants: &Grants, request: &Bind) -> Result<(), Denial> {
    let target = Target {
        operation: Operation::Bind,
        group: request.local,
        interface: request.interface.of(&request.local),
        source: None,
    };
    target.joinable(grants)?;
    let patterns = BindPorts::of(grants, &target);
    match patterns.denied.contains(request.local.port()) {
        true => Err(patterns.refusal(grants, &target)),
        false => Ok(()),
    }
}

/// The ports that bind patterns give to a group, and take from it.
#[derive(Default)]
struct BindPorts {
    granted: PortSet,
    shared: PortSet,
    denied: PortSet,
}

impl BindPorts {
    fn of(grants: &Grants, target: &Target) -> BindPorts {
        let mut ports = BindPorts::default();
        for pattern in grants.bind.allow.groups().filter(|pattern| target.is_on(pattern)) {
            ports.granted.extend(&pattern.ports);
            if pattern.shared {
                ports.shared.extend(&pattern.ports);
            }
        }
        for pattern in grants
            .bind
            .deny
            .patterns()
            .iter()
            .filter(|pattern| target.is_barred(pattern))
        {
            ports.denied.extend(&pattern.ports);
        }
        ports
    }

    /// Names a denied pattern.
    fn refusal(&self, grants: &Grants, target: &Target) -> Denial {
        let port = target.group.port();
        let mut rules = grants
            .bind
            .deny
            .patterns()
            .iter()
            .filter(|pattern| target.is_barred(pattern));
        target.denied(Right::Bind, rules.find(|rule| port == 0 || rule.ports.contains(port)))
    }
}

impl Target {
    pub(super) fn sent_to(operation: Operation, group: &Endpoint, interface: &Interface) -> Target {
        Target {
            operation,
            group: *group,
            interface: *interface,
            source: None,
        }
    }

    pub(super) fn joined(request: &Join) -> Target {
        Target {
            operation: Operation::Join,
            group: Endpoint::bare(request.group),
            interface: request.interface,
            source: request.source,
        }
    }

    pub(super) fn bound_to(request: &Bind) -> Target {
        Target {
            operation: Operation::Bind,
            group: request.local,
            interface: request.interface.of(&request.local),
            source: None,
        }
    }

    /// Whether a pattern covers group and interface.
    pub(super) fn is_on(&self, pattern: &Pattern) -> bool {
        pattern.host.covers(&self.group, &self.interface, List::Allow)
    }

    /// Whether it covers the port too, where there are ports.
    pub(super) fn is_covered(&self, pattern: &Pattern) -> bool {
        has_port(pattern, self.group.port()) && self.is_on(pattern)
    }

    /// Whether an allowed join pattern covers group, interface and source.
    pub(super) fn is_joined(&self, pattern: &Pattern) -> bool {
        let source = pattern.source();
        let from = source.is_none_or(|source| self.source.is_some_and(|ip| source.contains(&ip)));
        from && self.is_covered(pattern)
    }

    /// Whether an allowed join pattern is for the group that is bound to, and for its interface if that is known here.
    pub(super) fn may_be_joined(&self, pattern: &Pattern) -> bool {
        match pattern.host() {
            Host::Groups { groups, interface } => {
                let here = self.group.scope_id() == 0 || interface.is_none_or(|zone| zone.is(&self.interface));
                here && groups.contains(&self.group.ip())
            }
            _ => false,
        }
    }

    /// Whether a denied bind pattern is for the group: by itself, by a CIDR, or by the wildcard, which is every bind of its
    /// family.
    fn is_barred(&self, pattern: &Pattern) -> bool {
        let wildcard = Endpoint::unspecified(self.group.is_ipv6(), 0);
        let covers = |address| pattern.host.covers(address, &self.interface, List::Deny);
        covers(&self.group) || covers(&wildcard)
    }

    /// "deny: any right; always wins". `index` knows the CIDRs of the list.
    fn undenied(&self, index: &Index, deny: &RuleSet, right: Right) -> Result<(), Denial> {
        let by_net = index.marks(&self.group, &self.interface).any(Marks::DENIED);
        if by_net || deny.groups().any(|pattern| self.is_covered(pattern)) {
            return Err(self.denied(right, deny.first_match(&self.group, &self.interface)));
        }
        Ok(())
    }

    /// Whether no denied join pattern covers it.
    fn joinable(&self, grants: &Grants) -> Result<(), Denial> {
        match grants.join.deny.groups().find(|pattern| self.is_covered(pattern)) {
            Some(rule) => Err(self.denied(Right::Join, Some(rule))),
            None => Ok(()),
        }
    }

    /// Why it is not granted: another interface or source may be.
    fn reason(&self, allow: &RuleSet) -> Reason {
        let group = |pattern: &&Pattern| match pattern.host() {
            Host::Groups { groups, .. } => has_port(pattern, self.group.port()) && groups.contains(&self.group.ip()),
            _ => false,
        };
        let near: Vec<&Pattern> = allow.groups().filter(group).collect();
        if near.is_empty() {
            Reason::NotGranted
        } else if near.iter().any(|pattern| self.is_on(pattern)) {
            Reason::OtherSource
        } else {
            Reason::OtherInterface
        }
    }

    pub(super) fn subject(&self) -> Subject {
        let port = (self.operation != Operation::Join).then_some(self.group.port());
        Subject::group(self.group.ip(), self.interface, port, self.source)
    }

    fn refuse(&self, reason: Reason) -> Denial {
        Denial::new(self.operation, self.subject(), reason)
    }

    fn denied(&self, right: Right, rule: Option<&Pattern>) -> Denial {
        self.refuse(Reason::Denied).by(right, rule)
    }

    /// The group as a pattern names it.
    pub(super) fn host(&self) -> Host {
        Host::Groups {
            groups: self.group.ip().into(),
            interface: self.interface.zone(),
        }
    }

    /// As [`Target::host`], in a bind: it has an interface where the address has one.
    pub(super) fn bound(&self) -> Host {
        match self.group.scope_id() {
            0 => Host::Groups {
                groups: self.group.ip().into(),
                interface: None,
            },
            _ => self.host(),
        }
    }

    /// As a join pattern names it, with its source.
    pub(super) fn joining(&self) -> Pattern {
        Pattern {
            host: self.host(),
            ports: PortSet::new(),
            shared: false,
            source: self.source.map(Into::into),
        }
    }
}

/// Whether a pattern has the port; those that join have none.
fn has_port(pattern: &Pattern, port: u16) -> bool {
    pattern.ports.is_empty() || pattern.ports.contains(port)
}
