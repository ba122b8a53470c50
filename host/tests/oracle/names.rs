//! resolve, and names in send.

use std::time::{Duration, Instant};

use datagrant::grants::{Connect, Grants, Name, Pins, Resolve, Right, Send, decide};

use crate::samples::Kind::Public;
use crate::samples::samples;
use crate::{FACTS, PORT, endpoint};

/// Patterns of names, and which of [`NAMES`] each covers.
const PATTERNS: &[(&str, &[&str])] = &[
    ("example.com", &["example.com"]),
    ("Example.COM", &["example.com"]),
    ("*.example.com", &["a.example.com", "a.b.example.com"]),
    (
        "*.com",
        &["example.com", "a.example.com", "a.b.example.com", "badexample.com"],
    ),
    ("a.example.com", &["a.example.com"]),
    ("example.org", &[]),
];

const NAMES: &[&str] = &[
    "example.com",
    "a.example.com",
    "a.b.example.com",
    "badexample.com",
    "example.com.evil.net",
];

const EVERY: (&str, &[&str]) = ("*", NAMES);

fn choices() -> impl Iterator<Item = Option<&'static (&'static str, &'static [&'static str])>> {
    std::iter::once(None).chain(PATTERNS.iter().map(Some))
}

/// "a normalised absolute name"; "`*.x` does not include `x`".
#[test]
fn lookups_are_what_the_oracle_says() {
    for allow in choices().chain([Some(&EVERY)]) {
        for deny in choices().chain([Some(&EVERY)]) {
            let mut grants = Grants::new();
            if let Some((pattern, _)) = allow {
                grants.allow(Right::Resolve, pattern).expect("a pattern");
            }
            if let Some((pattern, _)) = deny {
                grants.deny(Right::Resolve, pattern).expect("a pattern");
            }
            for name in NAMES {
                let covers = |pattern: Option<&(_, &[&str])>| pattern.is_some_and(|(_, names)| names.contains(name));
                let parsed: Name = name.parse().expect("a name");
                let permitted = decide(&grants, &Resolve { name: &parsed }).is_ok();
                assert_eq!(permitted, covers(allow) && !covers(deny), "{name}: {allow:?}, {deny:?}");
            }
        }
    }
}

/// "this instance's live pins of that name + port": global unicast that is not the host's own. A denied name denies what
/// it is pinned to, whatever else permits it.
#[test]
fn sends_by_name_are_what_the_oracle_says() {
    let samples = samples();
    let now = Instant::now();
    for allow in choices() {
        for deny in choices() {
            for (port, everything) in [(PORT, false), (PORT + 1, false), (PORT, true)] {
                let mut grants = Grants::new();
                if let Some((pattern, _)) = allow {
                    grants
                        .allow(Right::Send, &format!("{pattern}:{port}"))
                        .expect("a pattern");
                }
                if let Some((pattern, _)) = deny {
                    grants
                        .deny(Right::Send, &format!("{pattern}:{port}"))
                        .expect("a pattern");
                }
                if everything {
                    grants.allow(Right::Send, "0.0.0.0/0:*").expect("a pattern");
                    grants.allow(Right::Send, "[::/0]:*").expect("a pattern");
                }
                for (sample, pinned) in samples
                    .iter()
                    .flat_map(|sample| NAMES.iter().map(move |name| (sample, name)))
                {
                    for (own_address, late) in [(false, false), (true, false), (false, true)] {
                        let remote = endpoint(sample, PORT);
                        let mut pins = Pins::default();
                        let name: Name = pinned.parse().expect("a name");
                        pins.pin(&name, remote.ip(), own_address, Duration::ZERO, now);
                        let then = now + Duration::from_secs(if late { 61 } else { 59 });
                        let names = pins.of(remote.ip(), then);
                        let covers = |pattern: Option<&(_, &[&str])>| {
                            !late && port == PORT && pattern.is_some_and(|(_, names)| names.contains(pinned))
                        };
                        let global = sample.all().all(|address| address.kind == Public);
                        let by_name = covers(allow) && global && !own_address;
                        let meant = !covers(deny) && sample.is_unicast() && (by_name || everything);
                        let sent = decide(
                            &grants,
                            &Send {
                                names,
                                ..Send::to(remote, FACTS)
                            },
                        )
                        .is_ok();
                        let connected = decide(
                            &grants,
                            &Connect {
                                names,
                                ..Connect::to(remote)
                            },
                        )
                        .is_ok();
                        let what = format!("{} as {pinned}: {allow:?}, {deny:?}, {port}", sample.written);
                        assert_eq!((sent, connected), (meant, meant), "{what}");
                    }
                }
            }
        }
    }
}
