//! The index of a rule set answers as its patterns do, and soon.

use std::time::Instant;

use super::super::index::{Builder, Marks};
use super::super::parse::parse;
use super::super::pattern::List;
use super::super::rules::RuleSet;
use super::*;

#[test]
fn the_index_agrees_with_the_patterns() {
    let hosts = [
        "0.0.0.0",
        "[::]",
        "127.0.0.1",
        "10.0.0.7",
        "10.0.0.0/8",
        "10.0.0.0/24",
        "0.0.0.0/0",
        "[::/0]",
        "[fe80::1%2]",
        "[fe80::1]",
        "[fe80::/10]",
        "[2001:db8::/32]",
        "[2600::1/128]",
        "@loopback",
        "@private",
        "@link-local",
    ];
    let mut random = Random(11);
    for list in [List::Allow, List::Deny] {
        for _ in 0..200 {
            let mut rules = RuleSet::new(list);
            for _ in 0..random.next(6) {
                let suffix = match list {
                    List::Allow => random.one_of(&["", " shared"]),
                    List::Deny => "",
                };
                let ports = random.one_of(&["53", "0", "1-60", "*", "0,54"]);
                let text = format!("{}:{ports}{suffix}", random.one_of(&hosts));
                rules.add(parse(&text, Right::Bind, list).unwrap());
            }
            let index = Builder::default().add(&rules, Marks::ALLOWED).build();
            for address in ADDRESSES {
                for port in [0, 53, 54, 61] {
                    let endpoint = endpoint(&format!("{address}:{port}"));
                    let covers = |pattern: &&Pattern| pattern.host.covers(&endpoint, &Interface::UNKNOWN, list);
                    let here = |pattern: &&Pattern| pattern.ports.contains(port);
                    let covering: Vec<&Pattern> = rules.patterns().iter().filter(covers).collect();
                    let found = covering.iter().copied().find(here);
                    assert_eq!(rules.first_match(&endpoint, &Interface::UNKNOWN), found);
                    assert_eq!(
                        index.marks(&endpoint, &Interface::UNKNOWN).any(Marks::ALLOWED),
                        found.is_some(),
                        "{endpoint} {rules:?}"
                    );
                    let shared = covering.iter().filter(|pattern| pattern.shared).any(here);
                    assert_eq!(index.marks(&endpoint, &Interface::UNKNOWN).any(Marks::SHARED), shared);
                    let mut ports = PortSet::new();
                    covering.iter().for_each(|pattern| ports.extend(&pattern.ports));
                    assert_eq!(index.ports(&endpoint, &Interface::UNKNOWN, Marks::ALLOWED), ports);
                }
            }
        }
    }
}

#[test]
fn lists_are_told_in_order_and_without_repeats() {
    let grants =
        grants("allow send 192.0.2.2:53\n allow send 192.0.2.1:53\n allow send 192.0.2.2:53\n deny bind [::]:*");
    let allowed: Vec<String> = grants.allowed(Right::Send).map(Pattern::to_string).collect();
    assert_eq!(allowed, ["192.0.2.2:53", "192.0.2.1:53"]);
    assert_eq!(grants.denied(Right::Bind).len(), 1);
    assert!(!grants.is_empty());
    assert!(self::grants("deny bind [::]:*").is_empty());
}

/// Not a bench: it only catches a decision that grew with the number of rules, by two orders of magnitude.
#[test]
fn a_thousand_rules_are_judged_quickly() {
    let mut grants = Grants::new();
    for index in 0..1000_u32 {
        let (high, low) = (index >> 8, index & 255);
        grants.allow(Right::Send, &format!("192.0.{high}.{low}:53")).unwrap();
        grants
            .allow(Right::Send, &format!("10.{high}.{low}.0/24:{}", index + 1))
            .unwrap();
        grants.deny(Right::Send, &format!("198.51.{high}.{low}:*")).unwrap();
    }
    let request = send("10.3.231.9:1000", CLIENT);
    let start = Instant::now();
    for _ in 0..10_000 {
        assert!(decide(&grants, &request).is_ok());
    }
    let each = start.elapsed() / 10_000;
    println!("{each:?} a decision");
    assert!(each.as_micros() < 100, "{each:?} a decision");
}
