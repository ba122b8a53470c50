//! Patterns print canonically.

use super::*;

#[track_caller]
fn assert_prints(right: Right, pattern: &str, canonical: &str) {
    let mut grants = Grants::new();
    grants.allow(right, pattern).unwrap();
    let printed = grants.allowed(right).next().unwrap().to_string();
    assert_eq!(printed, canonical);
    grants.allow(right, &printed).unwrap();
    assert_eq!(grants.allowed(right).len(), 1, "{pattern} and {printed} differ");
}

#[test]
fn a_mapped_address_or_cidr_prints_as_ipv4() {
    assert_prints(Right::Send, "[::ffff:10.0.0.1]:53", "10.0.0.1:53");
    assert_prints(Right::Send, "[::ffff:a00:0/104]:53", "10.0.0.0/8:53");
    assert_prints(Right::Send, "[::ffff:0:0/96]:53", "0.0.0.0/0:53");
    assert_prints(Right::Bind, "[::ffff:0.0.0.0]:53", "0.0.0.0:53");
}

#[test]
fn a_star_prints_as_global_and_every_port_as_a_star() {
    assert_prints(Right::Send, "*:1-65535", "@global:*");
    assert_prints(Right::Send, "@loopback:*", "@loopback:*");
}

#[test]
fn ports_print_sorted_and_joined() {
    assert_prints(Right::Send, "192.0.2.1:443,80,81,5-5", "192.0.2.1:5,80-81,443");
    assert_prints(Right::Bind, "127.0.0.1:1-3,0", "127.0.0.1:0,1-3");
}

#[test]
fn ipv6_prints_short_in_brackets_with_its_zone() {
    assert_prints(Right::Send, "[2001:0DB8:0:0::1]:53", "[2001:db8::1]:53");
    assert_prints(Right::Send, "[2001:db8::/32]:1024-2047", "[2001:db8::/32]:1024-2047");
    assert_prints(Right::Send, "[fe80::1%2]:53", "[fe80::1%2]:53");
    assert_prints(Right::Bind, "[::]:5353 shared", "[::]:5353 shared");
}

#[test]
fn names_print_in_lower_case() {
    assert_prints(Right::Send, "Example.COM:443,53", "example.com:53,443");
    assert_prints(Right::Send, "*.Example.com:*", "*.example.com:*");
    assert_prints(Right::Resolve, "XN--Bcher-kva.example", "xn--bcher-kva.example");
    assert_prints(Right::Resolve, "*.example.com", "*.example.com");
    assert_prints(Right::Resolve, "*", "*");
}

#[test]
fn a_group_prints_with_its_interface_after_an_at_sign() {
    assert_prints(Right::Join, "224.0.0.251@eth0", "224.0.0.251@eth0");
    assert_prints(Right::Join, "224.0.0.251/32@2", "224.0.0.251@2");
    assert_prints(Right::Join, "[FF02:0::fb%eth0]", "[ff02::fb]@eth0");
    assert_prints(Right::Join, "[ff02::fb%2]", "[ff02::fb]@2");
    assert_prints(Right::Join, "[::ffff:224.0.0.251]@eth0", "224.0.0.251@eth0");
    assert_prints(Right::Join, "[::ffff:224.0.0.0/100]", "224.0.0.0/4");
    assert_prints(
        Right::Join,
        "232.1.1.1@eth0 from 10.0.0.5/32",
        "232.1.1.1@eth0 from 10.0.0.5",
    );
    assert_prints(
        Right::Join,
        "[ff35::1] from [2001:DB8::/32]",
        "[ff35::1] from [2001:db8::/32]",
    );
    assert_prints(Right::Send, "239.0.0.0/8:5000,80", "239.0.0.0/8:80,5000");
    assert_prints(Right::Send, "[ff02::fb%eth0]:5353", "[ff02::fb]@eth0:5353");
    assert_prints(
        Right::Bind,
        "[ff02::fb]@eth0:5353 shared",
        "[ff02::fb]@eth0:5353 shared",
    );
    assert_prints(Right::Send, "[fe80::1%eth0]:53", "[fe80::1%eth0]:53");
}

#[test]
fn a_join_that_is_printed_reads_back_as_the_same_pattern() {
    let v4 = (
        &["224.0.0.251", "239.0.0.0/8", "224.0.0.0/4", "232.1.1.0/24"][..],
        &["", " from 10.0.0.5", " from 10.0.0.0/8"][..],
    );
    let v6 = (
        &["[ff02::fb]", "[ff00::/8]", "[ff35::8000:0/97]"][..],
        &["", " from [2001:db8::1]", " from [2001:db8::/32]"][..],
    );
    for (groups, sources) in [v4, v6] {
        for group in groups {
            for zone in ["", "@eth0", "@7", "@br-1a2b.3_c+d"] {
                for source in sources {
                    let text = format!("{group}{zone}{source}");
                    assert_prints(Right::Join, &text, &text);
                }
            }
        }
    }
}

#[test]
fn what_is_printed_reads_back_as_the_same_pattern() {
    let hosts = [
        "0.0.0.0",
        "[::]",
        "127.0.0.1",
        "[::1]",
        "10.0.0.0/8",
        "0.0.0.0/0",
        "10.0.0.1/32",
        "[::/0]",
        "[::ffff:0:0/96]",
        "[2001:db8::/32]",
        "[fe80::1%7]",
        "[fe80::1%eth0]",
        "224.0.0.251",
        "[ff02::fb]@eth0",
        "[ff02::/16]@2",
        "[ff05::/16]",
        "239.0.0.0/8",
        "[fe80::1]",
        "[fe80::/10]",
        "@loopback",
        "@private",
        "@link-local",
        "[::ffff:1.2.3.4]",
        "[::1.2.3.4]",
        "[64:ff9b::1.2.3.4]",
    ];
    let mut random = Random(42);
    for _ in 0..2000 {
        let ports: Vec<String> = (0..=random.next(4))
            .map(|_| match (random.next(65536), random.next(65536), random.next(4)) {
                (port, _, 0) => port.to_string(),
                (_, _, 1) => random.next(2).to_string(),
                (one, two, _) => format!("{}-{}", one.min(two).max(1), one.max(two).max(1)),
            })
            .collect();
        let suffix = random.one_of(&["", " shared"]);
        let text = format!("{}:{}{suffix}", random.one_of(&hosts), ports.join(","));
        let mut grants = Grants::new();
        grants.allow(Right::Bind, &text).unwrap();
        let first = grants.allowed(Right::Bind).next().unwrap().clone();
        let mut again = Grants::new();
        again.allow(Right::Bind, &first.to_string()).unwrap();
        let second = again.allowed(Right::Bind).next().unwrap();
        assert_eq!(&first, second, "{text}");
        assert_eq!(first.to_string(), second.to_string());
    }
}

#[test]
fn rights_and_reasons_have_stable_labels() {
    for right in Right::ALL {
        assert_eq!(right.as_str().parse(), Ok(right));
    }
    let error = "Bind".parse::<Right>().unwrap_err().to_string();
    assert_eq!(
        error,
        r#""Bind" is no right: write bind, send, broadcast, resolve or join"#
    );
    let labels: Vec<&str> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
    let expected = [
        "not-granted",
        "denied",
        "unspecified-destination",
        "port-0",
        "embedded-multicast",
        "not-a-group",
        "other-interface",
        "other-source",
        "interface-not-granted",
        "broadcast-needs-grant",
        "broadcast-off",
        "broadcast-connect",
        "held-by-others",
        "broadcast-bind",
        "not-shared",
        "own-address",
        "link-local-reply",
        "name-not-global",
        "name-own-address",
        "name-expired",
        "name-withdrawn",
        "narrowed",
        "outside-pool",
        "wildcard-overlaps-deny",
    ];
    assert_eq!(labels, expected);
}
