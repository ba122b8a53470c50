//! Names: what they are, which of them may be looked up, and where their pins let a guest send (rule 7).

use std::net::IpAddr;
use std::time::{Duration, Instant};

use super::*;

fn name(text: &str) -> Name {
    text.parse().expect("a name")
}

fn resolve(name: &Name) -> Resolve<'_> {
    Resolve { name }
}

/// The pins of an address that has these names; a name may be marked as `(own)` or `(old)`.
fn pins(address: &str, names: &str) -> Vec<Pin> {
    let ip: IpAddr = endpoint(address).ip();
    let (mut pins, start) = (Pins::default(), Instant::now());
    for word in names.split_whitespace() {
        let (text, own) = word.strip_suffix("(own)").map_or((word, false), |text| (text, true));
        let (text, old) = text.strip_suffix("(old)").map_or((text, false), |text| (text, true));
        let ttl = Duration::from_secs(if old { 60 } else { 600 });
        pins.pin(&name(text), ip, own, ttl, start);
    }
    pins.of(ip, start + Duration::from_secs(61)).to_vec()
}

#[track_caller]
fn assert_sent(phrases: &str, remote: &str, names: &str) {
    let (grants, pins) = (grants(phrases), pins(remote, names));
    let names = &pins[..];
    let connected = decide(
        &grants,
        &Connect {
            names,
            ..connect(remote)
        },
    );
    assert_eq!(connected, Ok(()));
    assert_via(
        &grants,
        &Send {
            names,
            ..send(remote, CLIENT)
        },
        Via::Grant,
    );
}

#[track_caller]
fn assert_unsent(phrases: &str, remote: &str, names: &str, why: &str, fix: &[&str]) {
    let (grants, pins) = (grants(phrases), pins(remote, names));
    let names = &pins[..];
    assert_denied(
        &grants,
        &Connect {
            names,
            ..connect(remote)
        },
        &format!("connect {remote}: {why}"),
        fix,
    );
    assert_denied(
        &grants,
        &Send {
            names,
            ..send(remote, CLIENT)
        },
        &format!("send {remote}: {why}"),
        fix,
    );
}

#[test]
fn what_getaddrinfo_takes_for_an_address_is_no_name() {
    for text in [
        "127.1",
        "0x7f000001",
        "0X7F000001",
        "2130706433",
        "0",
        "127.0.0.1",
        "a.0x",
        "a.1",
        "::1",
        "1.2.3.4.5",
    ] {
        assert!(text.parse::<Name>().is_err(), "{text}");
    }
    for text in [
        "1.a",
        "0x7f.com",
        "a0x",
        "3com",
        "a.b.c",
        "xn--bcher-kva",
        "localhost",
        "a-b",
    ] {
        assert_eq!(name(text).as_str(), text);
    }
}

#[test]
fn a_label_has_63_characters_and_a_name_253() {
    let label = "a".repeat(63);
    let longest = format!("{label}.{label}.{label}.{}", &label[..61]);
    assert_eq!(longest.len(), 253);
    assert!(longest.parse::<Name>().is_ok());
    assert!(format!("{longest}a").parse::<Name>().is_err());
    assert!(format!("{label}a").parse::<Name>().is_err());
}

#[test]
fn a_name_is_looked_up_by_a_pattern_of_it_or_of_the_names_above() {
    for (pattern, covered) in [
        ("example.com", "+--"),
        ("*.example.com", "-++"),
        ("www.example.com", "-+-"),
        ("*.com", "+++"),
        ("*", "+++"),
        ("*.ample.com", "---"),
        ("*.example.org", "---"),
    ] {
        let grants = grants(&format!("allow resolve {pattern}"));
        let judge = |text: &str| decide(&grants, &resolve(&name(text))).map_or('-', |()| '+');
        let marks: String = ["EXAMPLE.com", "www.example.com", "a.b.example.com"]
            .map(judge)
            .iter()
            .collect();
        assert_eq!(marks, covered, "{pattern}");
    }
}

#[test]
fn nothing_is_looked_up_by_default_and_the_denial_names_the_grant() {
    for phrases in [
        "",
        "allow send example.com:53",
        "allow send *:*",
        "allow resolve *.example.com",
    ] {
        let name = name("Example.com");
        assert_denied(
            &grants(phrases),
            &resolve(&name),
            "resolve example.com: not granted",
            &["resolve example.com"],
        );
    }
}

#[test]
fn a_denied_name_is_not_looked_up() {
    let grants = grants("allow resolve *\n allow resolve www.example.com\n deny resolve *.example.com");
    let name = name("www.example.com");
    let line = "resolve www.example.com: denied (deny resolve *.example.com)";
    assert_denied(&grants, &resolve(&name), line, &[]);
}

#[test]
fn a_resolve_grant_sends_nothing() {
    assert_unsent(
        "allow resolve *",
        "8.8.8.8:53",
        "example.com",
        "not granted",
        &["send example.com:53"],
    );
}

#[test]
fn a_name_in_send_gives_what_it_was_looked_up_to_be() {
    assert_sent("allow send example.com:53", "8.8.8.8:53", "example.com");
    assert_sent(
        "allow send *.example.com:1-60",
        "[2600::1]:53",
        "other.test www.example.com",
    );
    assert_unsent(
        "allow send example.com:53",
        "8.8.8.8:53",
        "",
        "not granted",
        &["send 8.8.8.8:53"],
    );
    assert_unsent(
        "allow send example.com:53",
        "8.8.8.8:53",
        "www.example.com",
        "not granted",
        &["send www.example.com:53"],
    );
    assert_unsent(
        "allow send *.example.com:53",
        "8.8.8.8:53",
        "example.com",
        "not granted",
        &["send example.com:53"],
    );
    assert_unsent(
        "allow send example.com:53",
        "8.8.8.8:54",
        "example.com",
        "not granted",
        &["send example.com:54"],
    );
}

#[test]
fn a_name_gives_no_address_that_is_not_global() {
    let phrases = "allow send example.com:*";
    for ip in [
        "127.0.0.1",
        "10.0.0.7",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "[::1]",
        "[fd00::1]",
        "[fe80::1%2]",
    ] {
        let remote = format!("{ip}:53");
        let why = "a name gives global addresses only";
        assert_unsent(phrases, &remote, "example.com", why, &[&format!("send {remote}")]);
    }
    for ip in ["0.0.0.0", "224.0.0.251", "255.255.255.255", "[ff02::fb%2]", "[::]"] {
        let (remote, grants) = (format!("{ip}:53"), grants(phrases));
        let pins = pins(&remote, "example.com");
        assert!(
            decide(
                &grants,
                &Send {
                    names: &pins,
                    ..send(&remote, CLIENT)
                }
            )
            .is_err(),
            "{ip}"
        );
    }
}

#[test]
fn an_address_that_embeds_another_is_given_where_both_are_global() {
    assert_sent("allow send example.com:53", "[64:ff9b::808:808]:53", "example.com");
    assert_unsent(
        "allow send example.com:53",
        "[64:ff9b::7f00:1]:53",
        "example.com",
        "a name gives global addresses only",
        &["send [64:ff9b::7f00:1]:53", "send 127.0.0.1:53"],
    );
    assert_unsent(
        "allow send example.com:53\n deny send 8.8.8.8:*",
        "[64:ff9b::808:808]:53",
        "example.com",
        "denied for the embedded 8.8.8.8 (deny send 8.8.8.8:*)",
        &[],
    );
}

#[test]
fn a_name_gives_no_address_of_this_host() {
    let why = "a name does not give an address of this host";
    assert_unsent(
        "allow send example.com:*",
        "8.8.8.8:53",
        "example.com(own)",
        why,
        &["send 8.8.8.8:53"],
    );
}

#[test]
fn a_pin_ends_with_its_time() {
    let why = "its name was looked up too long ago";
    assert_unsent(
        "allow send example.com:*",
        "8.8.8.8:53",
        "example.com(old)",
        why,
        &["send 8.8.8.8:53"],
    );
    assert_sent(
        "allow send example.com:*\n deny send other.test:*",
        "8.8.8.8:53",
        "example.com other.test(old)",
    );
}

#[test]
fn what_is_denied_wins_over_a_pin() {
    for (deny, rule) in [
        ("8.8.8.8:*", "8.8.8.8:*"),
        ("8.0.0.0/8:53", "8.0.0.0/8:53"),
        ("*:*", "@global:*"),
        ("example.com:53", "example.com:53"),
        ("*.test:*", "*.test:*"),
    ] {
        let phrases = format!("allow send example.com:*\n deny send {deny}");
        let why = format!("denied (deny send {rule})");
        assert_unsent(&phrases, "8.8.8.8:53", "example.com other.test", &why, &[]);
    }
}

#[test]
fn a_denied_name_denies_its_addresses_whatever_allows_them() {
    let phrases = "allow send @private:*\n deny send bad.test:53";
    assert_unsent(
        phrases,
        "10.0.0.7:53",
        "bad.test",
        "denied (deny send bad.test:53)",
        &[],
    );
    assert_sent(phrases, "10.0.0.7:54", "bad.test");
    assert_sent(phrases, "10.0.0.7:53", "good.test");
    let pins = pins("10.0.0.7:53", "bad.test");
    let reply = Send {
        names: &pins,
        ..send("10.0.0.7:53", REPLY)
    };
    assert_denied(
        &grants(phrases),
        &reply,
        "send 10.0.0.7:53: denied (deny send bad.test:53)",
        &[],
    );
}

#[test]
fn grants_tell_whether_names_matter() {
    assert!(!grants("allow resolve *\n deny resolve a.test\n allow send *:*").sends_by_name());
    assert!(grants("allow send a.test:1").sends_by_name());
    assert!(grants("deny send *.a.test:1").sends_by_name());
}

#[test]
fn a_name_in_send_makes_client_sockets() {
    let grants = grants("allow send example.com:53");
    let implicit = ImplicitBind {
        ipv6: false,
        dual_stack: false,
    };
    assert_eq!(decide(&grants, &implicit).unwrap().basis, Basis::Client);
}
