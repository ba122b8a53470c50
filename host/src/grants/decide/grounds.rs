//! By which patterns something was permitted: linear searches, after the decision.

use std::hash::{Hash, Hasher};

use super::super::pattern::Family;
use super::super::{
    Basis, Bind, BindPermit, Connect, Endpoint, Grants, Ground, Grounds, HeldBy, Hold, Host, ImplicitBind, Interface,
    Join, MulticastInterface, Name, Operation, Pattern, Pin, PortSet, Ports, Resolve, Right, Send, SendPermit,
    ShowInterface, Via, Zone,
};
use super::Request;
use super::bind::zero;
use super::groups::Target;
use super::send::is_reply;

pub(super) fn bind(grants: &Grants, request: &Bind, permit: &BindPermit) -> Grounds {
    let local = &request.local;
    if permit.basis == Basis::Client {
        return Grounds::new(Operation::Bind, local, Ground::ClientSocket);
    }
    if local.is_multicast() {
        return Target::bound_to(request).bind_grounds(grants, permit);
    }
    let both = local.is_unspecified() && local.is_ipv6() && request.dual_stack && !permit.ipv6_only;
    let other = both.then_some(Family::V4);
    let mut grounds = Grounds::new(Operation::Bind, local, Ground::Granted);
    for family in [Some(Family::of(local)), other].into_iter().flatten() {
        for pattern in grants.covering(local, request.interface, permit.reuse, family) {
            let Some(ports) = given(&permit.ports, local.port(), &pattern.ports) else {
                continue;
            };
            let needed = Pattern {
                host: match local.is_unspecified() {
                    true => Host::Wildcard(family),
                    false => exactly(local),
                },
                ports,
                shared: permit.reuse,
                source: pattern.source,
            };
            grounds = grounds.by(Right::Bind, Some(pattern), needed);
        }
    }
    grounds
}

/// The ports that a pattern gives to a bind as permitted; none if it gives none.
pub(super) fn given(ports: &Ports, requested: u16, pattern: &PortSet) -> Option<PortSet> {
    let ports = match ports {
        Ports::Requested => PortSet::from_ranges([requested..=requested]),
        Ports::Kernel => zero(),
        // Left over of the kernel's own.
        Ports::Within(left) if pattern.contains(0) => return Some(left.clone()),
        Ports::Within(left) => left.clone(),
    };
    let given = ports.intersection(pattern);
    (!given.is_empty()).then_some(given)
}

pub(super) fn implicit(grants: &Grants, request: &ImplicitBind, permit: &BindPermit) -> Grounds {
    let explicit = Bind {
        local: Endpoint::unspecified(request.ipv6, 0),
        dual_stack: request.dual_stack,
        reuse: false,
        interface: Interface::UNKNOWN,
    };
    bind(grants, &explicit, permit)
}

/// By which pattern a bind may stay was told when it was bound.
pub(super) fn hold(_: &Grants, request: &Hold, (): &()) -> Grounds {
    let ground = match request.by {
        HeldBy::Name => Ground::HandedIn,
        HeldBy::Bind(Basis::Client) => Ground::ClientSocket,
        HeldBy::Bind(Basis::Granted) => Ground::Granted,
    };
    Grounds::new(Operation::Bind, request.subject(), ground)
}

pub(super) fn connect(grants: &Grants, request: &Connect<'_>, (): &()) -> Grounds {
    let Connect {
        remote,
        interface,
        names,
        ..
    } = request;
    destination(grants, Operation::Connect, remote, interface, names)
}

pub(super) fn send(grants: &Grants, request: &Send<'_>, permit: &SendPermit) -> Grounds {
    let Send {
        remote,
        interface,
        names,
        ..
    } = request;
    match permit.via {
        // The bind, which was needed anyway, is enough.
        Via::Grant if is_reply(grants, request) => {
            destination(grants, Operation::Send, remote, interface, names).needing_nothing()
        }
        Via::Grant => destination(grants, Operation::Send, remote, interface, names),
        Via::Reply => Grounds::new(Operation::Send, remote, Ground::Reply),
        Via::Broadcast => {
            let rule = grants.broadcast.allow.first_match(remote, &interface.of(remote));
            Grounds::new(Operation::Send, remote, Ground::Granted).by(Right::Broadcast, rule, remote)
        }
    }
}

fn destination(
    grants: &Grants,
    operation: Operation,
    remote: &Endpoint,
    interface: &Interface,
    names: &[Pin],
) -> Grounds {
    let interface = &interface.of(remote);
    let allow = &grants.send.allow;
    if remote.is_multicast() {
        return Target::sent_to(operation, remote, interface).send_grounds(grants);
    }
    let addresses = || [Some(*remote), remote.embedded()].into_iter().flatten();
    let granted = Grounds::new(operation, remote, Ground::Granted);
    if addresses().all(|address| allow.first_match(&address, interface).is_some()) {
        return addresses().fold(granted, |grounds, address| {
            grounds.by(Right::Send, allow.first_match(&address, interface), address)
        });
    }
    let port = remote.port();
    let mut pins = names.iter().filter(|pin| !pin.expired() && !pin.own_address());
    let rule = pins.find_map(|pin| Some((pin.name(), allow.first_of_name(pin.name(), Some(port))?)));
    match rule {
        Some((name, rule)) => {
            Grounds::new(operation, remote, Ground::Named).by(Right::Send, Some(rule), format_args!("{name}:{port}"))
        }
        None => granted,
    }
}

pub(super) fn resolve(grants: &Grants, request: &Resolve<'_>, (): &()) -> Grounds {
    let name: &Name = request.name;
    let rule = grants.resolve.allow.first_of_name(name, None);
    Grounds::new(Operation::Resolve, name, Ground::Granted).by(Right::Resolve, rule, name)
}

pub(super) fn join(grants: &Grants, request: &Join, (): &()) -> Grounds {
    Target::joined(request).join_grounds(grants)
}

pub(super) fn choose(grants: &Grants, request: &MulticastInterface, (): &()) -> Grounds {
    let interface = &request.interface;
    let grounds = Grounds::new(Operation::MulticastInterface, interface, Ground::Granted);
    let is_on = |pattern: &&Pattern| pattern.host().zone().is_none_or(|zone| zone.is(interface));
    let rules = [(Right::Send, &grants.send), (Right::Join, &grants.join)];
    // Which group it is chosen for, nobody has said yet: nothing narrower is told.
    match rules
        .into_iter()
        .find_map(|(right, rules)| Some((right, rules.allow.groups().find(is_on)?)))
    {
        Some((right, rule)) => grounds.under(right, rule),
        None => grounds,
    }
}

pub(super) fn show(_: &Grants, request: &ShowInterface, (): &()) -> Grounds {
    Grounds::new(Operation::ShowInterface, &request.interface, Ground::Granted)
}

/// An address as a pattern names it, with its zone.
fn exactly(address: &Endpoint) -> Host {
    Host::Address {
        ip: address.ip(),
        zone: match address.scope_id() {
            0 => None,
            scope => Some(Zone::Index(scope)),
        },
    }
}

impl Target {
    fn send_grounds(&self, grants: &Grants) -> Grounds {
        let rule = grants.send.allow.groups().find(|pattern| self.is_covered(pattern));
        let needed = format!("{}:{}", self.host(), self.group.port());
        self.granted().by(Right::Send, rule, needed)
    }

    fn join_grounds(&self, grants: &Grants) -> Grounds {
        let rule = grants.join.allow.groups().find(|pattern| self.is_joined(pattern));
        self.granted().by(Right::Join, rule, self.joining())
    }

    /// A bind to a group takes both rights.
    fn bind_grounds(&self, grants: &Grants, permit: &BindPermit) -> Grounds {
        let mut grounds = self.granted();
        let binds = grants.bind.allow.groups();
        for rule in binds.filter(|rule| (rule.shared || !permit.reuse) && self.is_on(rule)) {
            let Some(ports) = given(&permit.ports, self.group.port(), &rule.ports) else {
                continue;
            };
            let needed = Pattern {
                host: self.bound(),
                ports,
                shared: permit.reuse,
                source: rule.source,
            };
            grounds = grounds.by(Right::Bind, Some(rule), needed);
        }
        let join = grants.join.allow.groups().find(|rule| self.may_be_joined(rule));
        let Some(rule) = join else { return grounds };
        let needed = Pattern {
            host: Host::Groups {
                groups: self.group.ip().into(),
                interface: rule.host.zone(),
            },
            ..rule.clone()
        };
        grounds.by(Right::Join, Some(rule), needed)
    }

    fn granted(&self) -> Grounds {
        Grounds::new(self.operation, self.subject(), Ground::Granted)
    }
}

/// Whatever tells a permitted request from another one, for whoever counts them.
pub(super) mod mark {
    use super::*;

    pub(in super::super) fn bind(request: &Bind, permit: &BindPermit, mut state: &mut dyn Hasher) {
        (Operation::Bind, request, permit.basis, permit.ipv6_only, permit.reuse).hash(&mut state);
    }

    pub(in super::super) fn implicit(request: &ImplicitBind, permit: &BindPermit, mut state: &mut dyn Hasher) {
        (Operation::Bind, request, permit.basis, permit.ipv6_only).hash(&mut state);
    }

    pub(in super::super) fn hold(request: &Hold, (): &(), mut state: &mut dyn Hasher) {
        (Operation::Bind, request).hash(&mut state);
    }

    pub(in super::super) fn connect(request: &Connect<'_>, (): &(), state: &mut dyn Hasher) {
        destination(
            Operation::Connect,
            &request.remote,
            &request.interface,
            request.names,
            state,
        );
    }

    pub(in super::super) fn send(request: &Send<'_>, permit: &SendPermit, mut state: &mut dyn Hasher) {
        (permit.via, request.socket.basis, request.socket.recent_peer).hash(&mut state);
        destination(
            Operation::Send,
            &request.remote,
            &request.interface,
            request.names,
            state,
        );
    }

    fn destination(
        operation: Operation,
        remote: &Endpoint,
        interface: &Interface,
        names: &[Pin],
        mut state: &mut dyn Hasher,
    ) {
        (operation, remote, interface).hash(&mut state);
        // Not until when: a name that is looked up again is the same.
        for pin in names.iter().filter(|pin| !pin.expired() && !pin.own_address()) {
            pin.name().hash(&mut state);
        }
    }

    pub(in super::super) fn resolve(request: &Resolve<'_>, (): &(), mut state: &mut dyn Hasher) {
        (Operation::Resolve, request.name).hash(&mut state);
    }

    pub(in super::super) fn join(request: &Join, (): &(), mut state: &mut dyn Hasher) {
        (Operation::Join, request).hash(&mut state);
    }

    pub(in super::super) fn choose(request: &MulticastInterface, (): &(), mut state: &mut dyn Hasher) {
        (Operation::MulticastInterface, request).hash(&mut state);
    }

    pub(in super::super) fn show(request: &ShowInterface, (): &(), mut state: &mut dyn Hasher) {
        (Operation::ShowInterface, request).hash(&mut state);
    }
}
