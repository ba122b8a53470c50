//! `from` in a bind: whom a bound socket hears.

use super::*;

/// The sources of a bind that is permitted and got this port.
#[track_caller]
fn sources(phrases: &str, request: &Bind, port: u16) -> Sources {
    let grants = grants(phrases);
    let permit = decide(&grants, request).unwrap();
    grants.sources(&Hold::of(request, &permit, port))
}

#[track_caller]
fn assert_hears(sources: &Sources, heard: &[&str], not_heard: &[&str]) {
    for source in heard {
        assert!(sources.cover(&endpoint(source)), "{source} is not heard");
    }
    for source in not_heard {
        assert!(!sources.cover(&endpoint(source)), "{source} is heard");
    }
}

#[test]
fn without_from_every_source_is_heard() {
    let any = sources("allow bind 0.0.0.0:53", &bind("0.0.0.0:53"), 53);
    assert_eq!(any, Sources::any());
    assert_hears(&any, &["10.0.0.1:1", "[2001:db8::1]:1"], &[]);
}

#[test]
fn from_is_heard_to_its_edges() {
    let sources = sources("allow bind 0.0.0.0:53 from 10.0.0.0/8", &bind("0.0.0.0:53"), 53);
    assert_hears(
        &sources,
        &["10.0.0.0:1", "10.255.255.255:65535", "[::ffff:10.0.0.1]:9"],
        &[
            "9.255.255.255:1",
            "11.0.0.0:1",
            "127.0.0.1:53",
            "[::10.0.0.1]:9",
            "[64:ff9b::a00:1]:9",
            "[::1]:9",
        ],
    );
}

#[test]
fn several_binds_are_heard_from_the_sources_of_all() {
    let phrases = "allow bind 0.0.0.0:53 from 10.0.0.0/8
                   allow bind 0.0.0.0:53 from 10.1.0.0/16
                   allow bind 0.0.0.0:50-60 from 10.0.0.0/24
                   allow bind 127.0.0.0/8:* from 192.0.2.1
                   allow bind 0.0.0.0:54 from 198.51.100.0/24";
    let of_one = sources(phrases, &bind("127.0.0.1:53"), 53);
    assert_hears(
        &of_one,
        &["10.9.9.9:1", "10.0.0.1:1", "192.0.2.1:1"],
        &["192.0.2.2:1", "198.51.100.1:1"],
    );
    let of_the_wildcard = sources(phrases, &bind("0.0.0.0:53"), 53);
    assert_hears(&of_the_wildcard, &["10.9.9.9:1"], &["192.0.2.1:1", "198.51.100.1:1"]);
    let with_any = format!("{phrases}\nallow bind 127.0.0.1:53");
    assert_hears(
        &sources(&with_any, &bind("127.0.0.1:53"), 53),
        &["192.0.2.2:1"],
        &["[::1]:1"],
    );
}

#[test]
fn the_halves_of_a_dual_stack_socket_hear_their_own_families() {
    let phrases = "allow bind [::]:53
                   allow bind 0.0.0.0:53 from 10.0.0.0/8";
    let request = dual_stack("[::]:53");
    assert_hears(
        &sources(phrases, &request, 53),
        &["[2001:db8::1]:1", "10.0.0.1:1"],
        &["192.0.2.1:1"],
    );
    let phrases = "allow bind [::]:53 from [2001:db8::/32]
                   allow bind 0.0.0.0:53";
    assert_hears(
        &sources(phrases, &request, 53),
        &["[2001:db8::1]:1", "10.0.0.1:1"],
        &["[2001:db9::1]:1"],
    );
}

#[test]
fn a_class_with_a_source_of_one_family_hears_nothing_of_the_other() {
    let phrases = "allow bind @loopback:53 from 127.0.0.2";
    assert_hears(
        &sources(phrases, &bind("127.0.0.1:53"), 53),
        &["127.0.0.2:1"],
        &["127.0.0.1:1"],
    );
    assert_hears(
        &sources(phrases, &bind("[::1]:53"), 53),
        &[],
        &["[::1]:1", "127.0.0.2:1"],
    );
}

#[test]
fn port_0_has_the_sources_of_its_own_pattern_and_of_the_port_that_it_got() {
    let phrases = "allow bind 127.0.0.1:0 from 127.0.0.2
                   allow bind 127.0.0.1:5000 from 127.0.0.3";
    let request = bind("127.0.0.1:0");
    assert_hears(&sources(phrases, &request, 40000), &["127.0.0.2:1"], &["127.0.0.3:1"]);
    assert_hears(
        &sources(phrases, &request, 5000),
        &["127.0.0.2:1", "127.0.0.3:1"],
        &["127.0.0.1:1"],
    );
    assert_hears(
        &sources(phrases, &bind("127.0.0.1:5000"), 5000),
        &["127.0.0.3:1"],
        &["127.0.0.2:1"],
    );
}

#[test]
fn a_bind_that_shares_has_the_sources_of_shared_patterns() {
    let phrases = "allow bind 127.0.0.1:53 from 127.0.0.2 shared
                   allow bind 127.0.0.1:53";
    let request = Bind {
        reuse: true,
        ..bind("127.0.0.1:53")
    };
    assert_hears(&sources(phrases, &request, 53), &["127.0.0.2:1"], &["127.0.0.3:1"]);
    assert_hears(&sources(phrases, &bind("127.0.0.1:53"), 53), &["127.0.0.3:1"], &[]);
}

#[test]
fn a_client_socket_is_not_limited_by_the_binds() {
    let phrases = "allow send *:53
                   allow bind 127.0.0.1:53 from 127.0.0.2";
    assert_eq!(sources(phrases, &bind("0.0.0.0:0"), 40000), Sources::any());
}

#[test]
fn a_bind_to_a_group_hears_its_sources() {
    let phrases = "allow join 224.0.0.251
                   allow bind 224.0.0.251:5353 from 10.0.0.0/8";
    assert_hears(
        &sources(phrases, &bind("224.0.0.251:5353"), 5353),
        &["10.0.0.1:1"],
        &["192.0.2.1:1"],
    );
}

#[test]
fn ipv4_link_local_is_answered_only_where_from_names_it() {
    let (peer, other) = (endpoint("169.254.1.2:9"), endpoint("169.254.2.2:9"));
    for (from, named) in [
        (" from 0.0.0.0/0", false),
        (" from 169.254.0.0/16", true),
        (" from 169.254.1.2", true),
        (" from 169.254.1.0/24", true),
        ("", false),
    ] {
        let sources = sources(&format!("allow bind 0.0.0.0:53{from}"), &bind("0.0.0.0:53"), 53);
        assert!(sources.cover(&peer), "{from}");
        assert_eq!(sources.name_link_local(&peer), named, "{from}");
        assert!(!sources.name_link_local(&endpoint("192.0.2.1:9")));
        let narrow = from.ends_with("1.2") || from.ends_with("/24");
        assert_eq!(sources.name_link_local(&other), named && !narrow, "{from}");
    }
    let request = |link_local_named| {
        send(
            "169.254.1.2:9",
            SendFacts {
                link_local_named,
                ..REPLY
            },
        )
    };
    let grants = grants("allow bind 0.0.0.0:53 from 169.254.0.0/16");
    assert_eq!(decide(&grants, &request(true)).unwrap().via, Via::Reply);
    assert_eq!(
        decide(&grants, &request(false)).unwrap_err().reason(),
        Reason::LinkLocalReply
    );
}
