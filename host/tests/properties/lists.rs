//! What holds of lists: they deny by default, an addition to what is denied widens nothing, one to what is allowed takes
//! nothing away, and two together are their union.

use std::fmt;

use datagrant::grants::{
    Basis, Bind, BindPermit, Connect, Endpoint, Grants, ImplicitBind, Interface, Join, MulticastInterface, Name, Ports,
    Resolve, Right, Send, SendFacts, ShowInterface, decide,
};
use proptest::prelude::*;

use crate::addresses::{ip, place};
use crate::patterns::{Pattern, any_pattern, name};

type Line = (Right, bool, Pattern);

/// Something that a guest asks for.
#[derive(Clone, Debug)]
enum Asked {
    Bind(Bind),
    Implicit(ImplicitBind),
    Send(Endpoint, Interface, SendFacts),
    Connect(Endpoint, Interface, bool),
    Join(Join),
    Resolve(String),
    Choose(Interface),
    Show(Interface),
}

/// What was permitted, as far as one permit can be wider than another.
#[derive(Debug)]
enum Permit {
    Bind(BindPermit),
    Other,
}

impl Asked {
    fn of(&self, grants: &Grants) -> Option<Permit> {
        match self {
            Asked::Bind(bind) => decide(grants, bind).map(Permit::Bind).ok(),
            Asked::Implicit(bind) => decide(grants, bind).map(Permit::Bind).ok(),
            Asked::Send(remote, interface, facts) => {
                let request = Send {
                    interface: *interface,
                    ..Send::to(*remote, *facts)
                };
                decide(grants, &request).map(|_| Permit::Other).ok()
            }
            Asked::Connect(remote, interface, held_by_others) => {
                let request = Connect {
                    interface: *interface,
                    held_by_others: *held_by_others,
                    ..Connect::to(*remote)
                };
                decide(grants, &request).map(|()| Permit::Other).ok()
            }
            Asked::Join(join) => decide(grants, join).map(|()| Permit::Other).ok(),
            Asked::Resolve(name) => {
                let name: Name = name.parse().expect("a name");
                decide(grants, &Resolve { name: &name }).map(|()| Permit::Other).ok()
            }
            Asked::Choose(interface) => {
                let request = MulticastInterface { interface: *interface };
                decide(grants, &request).map(|()| Permit::Other).ok()
            }
            Asked::Show(interface) => {
                let request = ShowInterface {
                    interface: *interface,
                    known: false,
                };
                decide(grants, &request).map(|()| Permit::Other).ok()
            }
        }
    }
}

impl Permit {
    /// Whether everything that `self` gives is given by the other, too.
    fn is_within(&self, other: &Permit) -> bool {
        let (Permit::Bind(own), Permit::Bind(other)) = (self, other) else {
            return true;
        };
        let ports = match (&own.ports, &other.ports) {
            (Ports::Within(own), Ports::Within(other)) => own.without(other).is_empty(),
            (own, Ports::Kernel) => *own != Ports::Requested,
            (own, other) => own == other,
        };
        // A client socket that has lost its IPv4 half is judged by what is denied to the other half alone.
        let halved = own.basis == Basis::Client && own.ipv6_only && !other.ipv6_only;
        (ports || halved)
            && (own.basis == Basis::Client || other.basis == Basis::Granted)
            && (own.ipv6_only || !other.ipv6_only)
            && (!own.reuse || other.reuse)
    }
}

fn facts() -> impl Strategy<Value = SendFacts> {
    any::<[bool; 5]>().prop_map(
        |[granted, recent_peer, link_local_named, own_address, broadcast]| SendFacts {
            basis: if granted { Basis::Granted } else { Basis::Client },
            recent_peer,
            link_local_named,
            own_address,
            broadcast,
        },
    )
}

fn bind() -> impl Strategy<Value = Bind> {
    let local = (place(), 0..6u8).prop_map(|((local, interface), case)| match case {
        0 => (local.with_port(0), interface),
        1 => (Endpoint::unspecified(local.is_ipv6(), local.port()), interface),
        2 => (Endpoint::unspecified(local.is_ipv6(), 0), interface),
        _ => (local, interface),
    });
    (local, any::<[bool; 2]>()).prop_map(|((local, interface), [dual_stack, reuse])| Bind {
        local,
        dual_stack: dual_stack && local.is_ipv6(),
        reuse,
        interface,
    })
}

fn asked() -> impl Strategy<Value = Asked> {
    let join = (ip(), place(), proptest::option::of(ip())).prop_map(|(group, (_, interface), source)| Join {
        group,
        interface,
        source,
    });
    prop_oneof![
        3 => bind().prop_map(Asked::Bind),
        1 => any::<[bool; 2]>().prop_map(|[ipv6, dual_stack]| {
            Asked::Implicit(ImplicitBind { ipv6, dual_stack: ipv6 && dual_stack })
        }),
        4 => (place(), facts()).prop_map(|((remote, interface), facts)| Asked::Send(remote, interface, facts)),
        2 => (place(), any::<bool>()).prop_map(|((remote, interface), held)| Asked::Connect(remote, interface, held)),
        2 => join.prop_map(Asked::Join),
        1 => name().prop_map(Asked::Resolve),
        1 => place().prop_map(|(_, interface)| Asked::Choose(interface)),
        1 => place().prop_map(|(_, interface)| Asked::Show(interface)),
    ]
}

fn lines(most: usize) -> impl Strategy<Value = Vec<Line>> {
    proptest::collection::vec(any_pattern(), 0..=most)
}

fn questions() -> impl Strategy<Value = Vec<Asked>> {
    proptest::collection::vec(asked(), 16)
}

#[track_caller]
fn add(grants: &mut Grants, (right, deny, pattern): &Line) {
    let pattern = pattern.to_string();
    let read = match deny {
        true => grants.deny(*right, &pattern),
        false => grants.allow(*right, &pattern),
    };
    read.expect("a pattern");
}

#[track_caller]
fn grants<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Grants {
    let mut grants = Grants::new();
    lines.into_iter().for_each(|line| add(&mut grants, line));
    grants
}

struct Shown<'a>(&'a Grants);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for right in Right::ALL {
            for pattern in self.0.allowed(right) {
                write!(f, "allow {right} {pattern}; ")?;
            }
            for pattern in self.0.denied(right) {
                write!(f, "deny {right} {pattern}; ")?;
            }
        }
        Ok(())
    }
}

/// What more allowed patterns may take away, by the order of evaluation and never to permit more:
///
/// - both halves of a dual-stack wildcard count once both are granted (rule 10);
/// - a bind to port 0 is of the granted ports once there are some, and no client socket's any more; an implied one is a client
///   socket's once something may be sent, and no server's any more;
/// - a broadcast address has no unicast: neither a reply nor a connect (rule 8).
fn may_be_taken_by(line: &Line, asked: &Asked) -> bool {
    match (line.0, asked) {
        (Right::Bind, Asked::Bind(bind)) => bind.dual_stack || bind.local.port() == 0,
        (Right::Bind | Right::Send | Right::Broadcast, Asked::Implicit(_)) => true,
        (Right::Broadcast, Asked::Send(..) | Asked::Connect(..)) => true,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn without_allowed_patterns_nothing_is_permitted(lines in lines(6), questions in questions()) {
        let grants = grants(lines.iter().filter(|(_, deny, _)| *deny));
        prop_assert!(grants.is_empty());
        for asked in questions {
            // Of a bind grant, or a socket that was handed in: neither is here.
            let reply = matches!(asked, Asked::Send(_, _, facts) if facts.basis == Basis::Granted);
            prop_assert!(reply || asked.of(&grants).is_none(), "{:?} by {}", asked, Shown(&grants));
        }
    }

    #[test]
    fn one_more_denied_pattern_widens_nothing(lines in lines(8), more in any_pattern(), questions in questions()) {
        let before = grants(&lines);
        let mut after = before.clone();
        add(&mut after, &(more.0, true, more.2.clone().denied()));
        for asked in questions {
            let Some(permit) = asked.of(&after) else {
                continue;
            };
            let was = asked.of(&before);
            prop_assert!(was.is_some(), "{:?}: {:?} by {}", asked, permit, Shown(&after));
            prop_assert!(permit.is_within(&was.expect("some")), "{:?}: {:?} by {}", asked, permit, Shown(&after));
        }
    }

    #[test]
    fn one_more_allowed_pattern_takes_nothing_away(lines in lines(8), more in any_pattern(), questions in questions()) {
        let before = grants(&lines);
        let more = (more.0, false, more.2);
        let mut after = before.clone();
        add(&mut after, &more);
        for asked in questions {
            let Some(was) = asked.of(&before).filter(|_| !may_be_taken_by(&more, &asked)) else {
                continue;
            };
            let permit = asked.of(&after);
            prop_assert!(permit.is_some(), "{:?}: {:?} by {}", asked, was, Shown(&after));
            prop_assert!(was.is_within(&permit.expect("some")), "{:?}: {:?} by {}", asked, was, Shown(&after));
        }
    }

    #[test]
    fn two_lists_together_are_their_union(one in lines(6), two in lines(6), questions in questions()) {
        let (of_one, of_two) = (grants(&one), grants(&two));
        let mut both = of_one.clone();
        both.extend(&of_two);
        let all = grants(one.iter().chain(&two));
        for right in Right::ALL {
            prop_assert!(both.allowed(right).eq(all.allowed(right)), "{}", Shown(&both));
            prop_assert!(both.denied(right).eq(all.denied(right)), "{}", Shown(&both));
        }
        for asked in questions {
            let (asked_of_both, asked_of_all) = (asked.of(&both), asked.of(&all));
            prop_assert_eq!(format!("{asked_of_both:?}"), format!("{asked_of_all:?}"), "{:?}", asked);
        }
    }

    #[test]
    fn the_order_of_patterns_does_not_matter(lines in lines(8), questions in questions()) {
        let (forth, back) = (grants(&lines), grants(lines.iter().rev()));
        for asked in questions {
            prop_assert_eq!(format!("{:?}", asked.of(&forth)), format!("{:?}", asked.of(&back)), "{:?}", asked);
        }
    }
}
