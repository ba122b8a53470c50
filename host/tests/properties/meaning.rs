//! What a pattern permits and denies, beside what its parts say.

use std::net::IpAddr;

use datagrant::grants::{
    Basis, Bind, Connect, Endpoint, Grants, Hold, Interface, Join, Name, Resolve, Right, Send, SendFacts, decide,
};
use proptest::prelude::*;
use proptest::sample::select;

use crate::addresses::{INTERFACES, embedded, ip, is_group, is_special, place};
use crate::patterns::{Pattern, name, pattern};

const FACTS: SendFacts = SendFacts {
    basis: Basis::Client,
    recent_peer: false,
    link_local_named: false,
    own_address: false,
    broadcast: true,
};

fn grants(lists: &[(Right, bool, String)]) -> Grants {
    let mut grants = Grants::new();
    for (right, deny, pattern) in lists {
        let read = match deny {
            true => grants.deny(*right, pattern),
            false => grants.allow(*right, pattern),
        };
        read.expect("a pattern");
    }
    grants
}

/// Everything that a right can be granted.
fn all(right: Right) -> Vec<(Right, bool, String)> {
    let patterns: &[&str] = match right {
        Right::Bind => &["0.0.0.0:*", "[::]:*", "224.0.0.0/4:*", "[ff00::/8]:*"],
        Right::Send => &["0.0.0.0/0:*", "[::/0]:*", "224.0.0.0/4:*", "[ff00::/8]:*"],
        Right::Join => &["224.0.0.0/4", "[ff00::/8]"],
        Right::Resolve => &["*"],
        _ => &[],
    };
    patterns
        .iter()
        .map(|pattern| (right, false, (*pattern).to_owned()))
        .collect()
}

/// What `pattern` alone permits, and what it denies of everything.
fn lists(right: Right, deny: bool, pattern: &Pattern) -> Grants {
    let mut lists = if deny { all(right) } else { vec![] };
    lists.push((right, deny, pattern.to_string()));
    if right == Right::Bind {
        lists.extend(all(Right::Join));
    }
    grants(&lists)
}

/// A destination is all of the addresses that it stands for.
fn addresses(remote: &Endpoint) -> Vec<IpAddr> {
    [Some(remote.ip()), embedded(remote.ip())]
        .into_iter()
        .flatten()
        .collect()
}

/// Whether anything could permit to send there.
fn is_destination(remote: &Endpoint) -> bool {
    let all = addresses(remote);
    match is_group(remote.ip()) {
        true => all.len() == 1,
        false => !all.into_iter().any(is_special),
    }
}

fn denial() -> impl Strategy<Value = bool> {
    any::<bool>()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_send_pattern_means_what_its_parts_say(
        (deny, pattern) in denial().prop_flat_map(|deny| (Just(deny), pattern(Right::Send, deny))),
        places in proptest::collection::vec(place(), 32),
    ) {
        let grants = lists(Right::Send, deny, &pattern);
        for (remote, interface) in places {
            let named = |ip| pattern.covers(ip, &interface, deny) && pattern.has_port(remote.port());
            let mut all = addresses(&remote).into_iter();
            let meant = is_destination(&remote) && if deny { !all.any(named) } else { all.all(named) };
            let request = Send { interface, ..Send::to(remote, FACTS) };
            prop_assert_eq!(decide(&grants, &request).is_ok(), meant, "send {} on {:?}: {}", remote, interface, pattern);
            let request = Connect { interface, ..Connect::to(remote) };
            prop_assert_eq!(decide(&grants, &request).is_ok(), meant, "connect {} on {:?}: {}", remote, interface, pattern);
        }
    }

    #[test]
    fn a_bind_pattern_means_what_its_parts_say(
        (deny, pattern) in denial().prop_flat_map(|deny| (Just(deny), pattern(Right::Bind, deny))),
        places in proptest::collection::vec((place(), any::<bool>()), 32),
    ) {
        let grants = lists(Right::Bind, deny, &pattern);
        for ((local, interface), reuse) in places {
            let (ip, wildcard) = (local.ip(), IpAddr::from([0; 4]));
            let wildcard = if local.is_ipv6() { IpAddr::from([0u8; 16]) } else { wildcard };
            // What is denied at any address of the family is denied to the wildcard, and to a group where all of it is denied.
            let named = pattern.has_port(local.port()) && match deny {
                true if ip == wildcard => pattern.reaches(local.is_ipv6()),
                true if is_group(ip) => {
                    pattern.covers(ip, &interface, true) || pattern.covers(wildcard, &interface, true)
                }
                _ => pattern.covers(ip, &interface, deny),
            };
            let reuse = reuse && !deny;
            let broadcast = ip == IpAddr::from([255; 4]);
            let meant = !broadcast && if deny { !named } else { named && (pattern.shared || !reuse) };
            let request = Bind { local, dual_stack: false, reuse, interface };
            prop_assert_eq!(decide(&grants, &request).is_ok(), meant, "bind {} on {:?}: {}", local, interface, pattern);
        }
    }

    #[test]
    fn a_from_means_what_its_parts_say(
        pattern in pattern(Right::Bind, false),
        places in proptest::collection::vec(place(), 16),
        sources in proptest::collection::vec(place(), 16),
    ) {
        let grants = lists(Right::Bind, false, &pattern);
        for (local, interface) in places {
            let request = Bind { local, dual_stack: false, reuse: false, interface };
            let Ok(permit) = decide(&grants, &request) else {
                continue;
            };
            let heard = grants.sources(&Hold::of(&request, &permit, local.port()));
            for (source, _) in &sources {
                let of_family = source.is_ipv6() == local.is_ipv6();
                let meant = pattern.source.is_none_or(|net| net.contains(source.ip()));
                prop_assert!(!of_family || heard.cover(source) == meant, "{} at {}: {}", source, local, pattern);
            }
        }
    }

    #[test]
    fn a_join_pattern_means_what_its_parts_say(
        (deny, pattern) in denial().prop_flat_map(|deny| (Just(deny), pattern(Right::Join, deny))),
        groups in proptest::collection::vec((ip(), select(&INTERFACES[..]), proptest::option::of(ip())), 32),
    ) {
        let grants = lists(Right::Join, deny, &pattern);
        for (group, (index, name), source) in groups {
            let interface = Interface { index, name: datagrant::grants::InterfaceName::new(name).expect("short") };
            let source = source.filter(|source| source.is_ipv6() == group.is_ipv6());
            let from = |net: crate::addresses::Net| source.is_some_and(|source| net.contains(source));
            let named = pattern.covers(group, &interface, deny) && pattern.source.is_none_or(from);
            let request = Join { group, interface, source };
            let meant = is_group(group) && named != deny;
            prop_assert_eq!(decide(&grants, &request).is_ok(), meant, "{:?}: {}", request, pattern);
        }
    }

    #[test]
    fn a_resolve_pattern_means_what_its_parts_say(
        (deny, pattern) in denial().prop_flat_map(|deny| (Just(deny), pattern(Right::Resolve, deny))),
        names in proptest::collection::vec(name(), 16),
    ) {
        let grants = lists(Right::Resolve, deny, &pattern);
        for text in names {
            let name: Name = text.parse().expect("a name");
            let permitted = decide(&grants, &Resolve { name: &name }).is_ok();
            prop_assert_eq!(permitted, pattern.covers_name(&text) != deny, "{}: {}", text, pattern);
        }
    }

    #[test]
    fn a_broadcast_pattern_means_what_its_parts_say(
        (deny, pattern) in denial().prop_flat_map(|deny| (Just(deny), pattern(Right::Broadcast, deny))),
        places in proptest::collection::vec(place(), 32),
        on in any::<bool>(),
    ) {
        let mut lists = all(Right::Send);
        if !deny {
            lists.clear();
        }
        lists.push((Right::Broadcast, deny, pattern.to_string()));
        let grants = grants(&lists);
        for (remote, interface) in places {
            let named = |ip| pattern.covers(ip, &interface, deny) && pattern.has_port(remote.port());
            let meant = match deny {
                // A denied broadcast address is denied to whatever else permits it.
                true => is_destination(&remote) && (is_group(remote.ip()) || !addresses(&remote).into_iter().any(named)),
                false => on && named(remote.ip()),
            };
            let facts = SendFacts { broadcast: on, ..FACTS };
            let request = Send { interface, ..Send::to(remote, facts) };
            prop_assert_eq!(decide(&grants, &request).is_ok(), meant, "send {}: {}", remote, pattern);
            let connected = decide(&grants, &Connect { interface, ..Connect::to(remote) }).is_ok();
            prop_assert_eq!(connected, deny && meant, "connect {}: {}", remote, pattern);
        }
    }
}
