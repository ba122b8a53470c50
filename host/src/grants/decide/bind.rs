//! Binds, explicit and implied.

use super::super::index::Marks;
use super::super::pattern::{Family, List};
use super::super::{
    Basis, Bind, BindPermit, Denial, Endpoint, Grants, ImplicitBind, Interface, Operation, Pattern, PortSet, Ports,
    Reason, Right,
};

/// Where the host picks when a pattern grants `:0` but some ports are denied: the kernel's own default range (Linux,
/// `net.ipv4.ip_local_port_range`).
const KERNEL_PORTS: std::ops::RangeInclusive<u16> = 32768..=60999;

pub(super) fn bind(grants: &Grants, request: &Bind) -> Result<BindPermit, Denial> {
    let local = &request.local;
    if local.is_multicast() {
        return super::groups::bind(grants, request);
    }
    if local.is_limited_broadcast() {
        return Err(refuse(local, Reason::BroadcastBind));
    }
    if local.port() != 0 {
        return fixed_port(grants, request);
    }
    let granted = grants
        .binds()
        .ports(local, &request.interface.of(local), Marks::ALLOWED);
    if !granted.is_empty() {
        return any_port(grants, request, &granted);
    }
    if local.is_unspecified() && sends(grants) {
        return client(grants, local, request.dual_stack);
    }
    // What `:0` would give, so that the denial tells a fix only where it works.
    any_port(grants, request, &zero())?;
    Err(refuse(local, Reason::NotGranted).fixed_by(Right::Bind, local))
}

/// A client socket, unless bind grants say `:0` for the whole of it. A narrower one (IPv6 alone, certain ports) does not
/// count: what the socket is about to send was judged already and must still go out, and a server's port is not for it.
pub(super) fn implicit(grants: &Grants, request: &ImplicitBind) -> Result<BindPermit, Denial> {
    let explicit = Bind {
        local: Endpoint::unspecified(request.ipv6, 0),
        dual_stack: request.dual_stack,
        reuse: false,
        interface: Interface::UNKNOWN,
    };
    if !sends(grants) {
        return bind(grants, &explicit);
    }
    let other = other_half(&explicit.local, request.dual_stack);
    let mut halves = [Some(explicit.local), other].into_iter().flatten();
    if halves.all(|half| grants.binds().marks(&half, &Interface::UNKNOWN).any(Marks::ALLOWED))
        && let Ok(permit) = bind(grants, &explicit)
    {
        return Ok(permit);
    }
    client(grants, &explicit.local, request.dual_stack)
}

/// Whether there is any right to send, which a client socket is derived from.
fn sends(grants: &Grants) -> bool {
    !grants.send.allow.is_empty() || !grants.broadcast.allow.is_empty()
}

fn refuse(local: &Endpoint, reason: Reason) -> Denial {
    Denial::new(Operation::Bind, local, reason)
}

/// IPv6-only as the socket has it.
fn unchanged(local: &Endpoint, dual_stack: bool) -> bool {
    local.is_ipv6() && !dual_stack
}

/// The other half of a wildcard bind, where the socket is dual-stack.
fn other_half(local: &Endpoint, dual_stack: bool) -> Option<Endpoint> {
    let both = local.is_ipv6() && local.is_unspecified() && dual_stack;
    both.then(|| Endpoint::unspecified(false, local.port()))
}

fn fixed_port(grants: &Grants, request: &Bind) -> Result<BindPermit, Denial> {
    let local = &request.local;
    let interface = &request.interface.of(local);
    let allowed = |address: &Endpoint| grants.binds().marks(address, interface).any(Marks::ALLOWED);
    let granted = |address: &Endpoint| match request.reuse {
        true => grants.binds().marks(address, interface).any(Marks::SHARED),
        false => allowed(address),
    };
    // Rule 10: "A dual-stack socket needs the bind granted in both families; granted in IPv6 alone, the host makes it
    // IPv6 only."
    let other = other_half(local, request.dual_stack);
    let dual = other.as_ref().is_some_and(&granted);
    undenied_halves(grants, local, other.as_ref().filter(|_| dual), interface)?;
    if !granted(local) {
        return Err(if allowed(local) {
            refuse(local, Reason::NotShared).fixed_by(Right::Bind, format!("{local} shared"))
        } else if request.reuse {
            refuse(local, Reason::NotGranted).fixed_by(Right::Bind, format!("{local} shared"))
        } else {
            refuse(local, Reason::NotGranted).fixed_by(Right::Bind, local)
        });
    }
    Ok(BindPermit {
        basis: Basis::Granted,
        ports: Ports::Requested,
        ipv6_only: match other {
            Some(_) => !dual,
            None => unchanged(local, request.dual_stack),
        },
        reuse: request.reuse,
    })
}

/// Whether no denied pattern is about a socket with this address and port.
pub(super) fn undenied(grants: &Grants, request: &Bind) -> Result<(), Denial> {
    let local = &request.local;
    let other = other_half(local, request.dual_stack);
    undenied_halves(grants, local, other.as_ref(), &request.interface.of(local))
}

fn undenied_halves(
    grants: &Grants,
    local: &Endpoint,
    other: Option<&Endpoint>,
    interface: &Interface,
) -> Result<(), Denial> {
    for address in [Some(local), other].into_iter().flatten() {
        undenied_address(grants, address, interface).map_err(|rule| rule.at(local))?;
    }
    Ok(())
}

/// The refusal of a dual-stack socket that only IPv6 is granted to.
pub(super) fn half_missing(local: &Endpoint) -> Denial {
    let other = Endpoint::unspecified(false, local.port());
    refuse(local, Reason::NotGranted).fixed_by(Right::Bind, other)
}

/// Why a local address is denied.
struct Overlap<'a> {
    rule: Option<&'a Pattern>,
    reason: Reason,
}

impl Overlap<'_> {
    fn at(self, local: &Endpoint) -> Denial {
        refuse(local, self.reason).by(Right::Bind, self.rule)
    }
}

/// Whether a denied pattern covers the address and its port or, for the wildcard, overlaps it: "A wildcard bind that
/// overlaps a deny is denied" (rule 10).
fn undenied_address<'a>(grants: &'a Grants, local: &Endpoint, interface: &Interface) -> Result<(), Overlap<'a>> {
    let binds = grants.binds();
    let denied = match local.is_unspecified() {
        true => binds.denied_in(Family::of(local)).contains(local.port()),
        false => binds.marks(local, interface).any(Marks::DENIED),
    };
    match denied {
        true => Err(overlap(grants, local, interface, |ports| ports.contains(local.port()))),
        false => Ok(()),
    }
}

fn overlap<'a>(
    grants: &'a Grants,
    local: &Endpoint,
    interface: &Interface,
    ports: impl Fn(&PortSet) -> bool,
) -> Overlap<'a> {
    let deny = &grants.bind.deny;
    // A pattern that names the wildcard itself is the better answer.
    let exact = deny.first_match(local, interface).filter(|rule| ports(&rule.ports));
    let rule = exact.or_else(|| deny.overlapping(local, interface, ports));
    let whole = rule.is_some_and(|rule| rule.host.covers(local, interface, List::Deny));
    Overlap {
        rule,
        reason: match whole {
            true => Reason::Denied,
            false => Reason::WildcardOverlapsDeny,
        },
    }
}

/// The ports that are denied for a bind to any port of an address.
fn denied_ports(grants: &Grants, local: &Endpoint, interface: &Interface) -> PortSet {
    let binds = grants.binds();
    match local.is_unspecified() {
        true => binds.denied_in(Family::of(local)).clone(),
        false => binds.ports(local, interface, Marks::DENIED),
    }
}

/// What is left of the granted ports: the kernel's choice where `:0` is granted and nothing is denied, else a set.
pub(super) fn choose(granted: &PortSet, denied: &PortSet) -> Option<Ports> {
    if denied.contains(0) || denied.is_all() {
        return None;
    }
    let kernel = granted.contains(0);
    if kernel && denied.is_empty() {
        return Some(Ports::Kernel);
    }
    let pool = if kernel {
        PortSet::from_ranges([KERNEL_PORTS])
    } else {
        granted.clone()
    };
    let left = pool.without(denied);
    (!left.is_empty()).then_some(Ports::Within(left))
}

/// The ports of a pattern that says `:0`.
pub(super) fn zero() -> PortSet {
    PortSet::from_ranges([0..=0])
}

/// The ports that two grants both give to a bind to port 0.
fn in_both(one: &PortSet, other: &PortSet) -> PortSet {
    let spelt_out = |granted: &PortSet| {
        let mut ports = granted.without(&zero());
        if granted.contains(0) {
            ports.extend(&PortSet::from_ranges([KERNEL_PORTS]));
        }
        ports
    };
    match one.contains(0) && other.contains(0) {
        true => zero(),
        false => spelt_out(one).intersection(&spelt_out(other)),
    }
}

/// A bind to port 0 of a granted address. The reuse flag is dropped (rule 4).
fn any_port(grants: &Grants, request: &Bind, granted: &PortSet) -> Result<BindPermit, Denial> {
    let Bind { local, dual_stack, .. } = request;
    let (dual_stack, interface) = (*dual_stack, &request.interface.of(local));
    let mut granted = granted.clone();
    let mut denied = denied_ports(grants, local, interface);
    let mut ipv6_only = unchanged(local, dual_stack);
    let mut halves = vec![*local];
    if let Some(other) = other_half(local, dual_stack) {
        let both = in_both(&granted, &grants.binds().ports(&other, interface, Marks::ALLOWED));
        ipv6_only = both.is_empty();
        if !ipv6_only {
            granted = both;
            denied.extend(&denied_ports(grants, &other, interface));
            halves.push(other);
        }
    }
    match choose(&granted, &denied) {
        Some(ports) => Ok(BindPermit {
            basis: Basis::Granted,
            ports,
            ipv6_only,
            reuse: false,
        }),
        None => Err(nothing_left(grants, &halves, interface).at(local)),
    }
}

/// A bind to any port that only the right to send permits.
fn client(grants: &Grants, local: &Endpoint, dual_stack: bool) -> Result<BindPermit, Denial> {
    let kernel = zero();
    let unknown = &Interface::UNKNOWN;
    let denied = denied_ports(grants, local, unknown);
    let mut ipv6_only = unchanged(local, dual_stack);
    let mut ports = choose(&kernel, &denied);
    if let Some(other) = other_half(local, dual_stack) {
        let mut both = denied_ports(grants, &other, unknown);
        both.extend(&denied);
        match choose(&kernel, &both) {
            Some(of_both) => ports = Some(of_both),
            None => ipv6_only = true,
        }
    }
    match ports {
        Some(ports) => Ok(BindPermit {
            basis: Basis::Client,
            ports,
            ipv6_only,
            reuse: false,
        }),
        None => Err(nothing_left(grants, &[*local], unknown).at(local)),
    }
}

/// Names the pattern that leaves no port: one that covers them all, else the first.
fn nothing_left<'a>(grants: &'a Grants, halves: &[Endpoint], interface: &Interface) -> Overlap<'a> {
    let whole = |ports: &PortSet| ports.contains(0) || ports.is_all();
    let by_one = halves.iter().map(|half| overlap(grants, half, interface, whole));
    let by_many = halves.iter().map(|half| overlap(grants, half, interface, |_| true));
    let mut found = by_one.chain(by_many).filter(|found| found.rule.is_some());
    found.next().unwrap_or(Overlap {
        rule: None,
        reason: Reason::Denied,
    })
}
