//! By which patterns something is permitted, and how much of them it needed.

use super::*;

/// Grants that permit in each way.
const GRANTS: &[&str] = &[
    "allow send [::/0]:*\n allow send 0.0.0.0/0:*",
    "allow send @private:53\n allow send @global:*\n allow send [64:ff9b::/96]:*",
    "allow bind 0.0.0.0:0\n allow bind [::]:0",
    "allow bind 0.0.0.0:53\n allow bind [::]:54 shared\n allow bind 10.0.0.0/8:50-60 from 10.0.0.0/8",
    "allow bind 0.0.0.0:0\n deny bind 10.0.0.7:*",
    "allow bind 0.0.0.0:40000-40010 from 10.0.0.0/8\n allow bind 0.0.0.0:40005-40020 from 192.0.2.1",
    "allow bind [::]:* shared\n deny bind [::1]:53",
    "allow bind [fe80::/10]:*\n allow bind [fe80::1%2]:53",
    "allow broadcast 10.0.0.255:53\n allow send *:*\n allow broadcast 255.255.255.255:53",
    "allow send 224.0.0.0/4:53\n allow join 224.0.0.251\n allow bind 224.0.0.251:0,53 shared\n allow join [ff00::/8]",
    "allow send [ff02::fb%2]:53\n allow bind [ff02::/16]:53\n allow join [ff02::fb]@2",
];

/// What the grounds of a permitted request say, and that both what they name and what they need permit it again.
#[track_caller]
fn check<R: Request<Permit: PartialEq + std::fmt::Debug>>(
    phrases: &str,
    request: &R,
    same: impl Fn(&R::Permit, &R::Permit) -> bool,
    what: &dyn std::fmt::Debug,
) -> usize {
    let all = grants(phrases);
    let Ok(permit) = decide(&all, request) else {
        return 0;
    };
    let found = grounds(&all, request, &permit);
    for (right, rule) in found.rules() {
        let known = all.allowed(*right).any(|pattern| pattern.to_string() == *rule);
        assert!(known, "{what:?}: {found}");
    }
    if found.ground() == Ground::Reply || found.ground() == Ground::ClientSocket {
        assert_eq!((found.rules(), found.needs()), (&[][..], &[][..]), "{what:?}: {found}");
        return 0;
    }
    assert!(!found.rules().is_empty(), "{what:?}: {found}");
    for list in [found.rules(), found.needs()] {
        let mut few = Grants::new();
        for (right, pattern) in list {
            few.allow(*right, pattern)
                .unwrap_or_else(|error| panic!("{what:?}: {error}"));
            assert!(few.allowed(*right).any(|allowed| allowed.to_string() == *pattern));
        }
        match decide(&few, request) {
            Ok(again) => assert!(same(&permit, &again), "{what:?}: {permit:?} is {again:?} by {list:?}"),
            Err(denial) => panic!("{what:?}: {list:?} do not permit it: {denial}"),
        }
    }
    1
}

/// Ports that are left of denied ones need not be the kernel's own.
fn same_bind(one: &BindPermit, other: &BindPermit) -> bool {
    let but_ports = |permit: &BindPermit| (permit.basis, permit.ipv6_only, permit.reuse);
    but_ports(one) == but_ports(other)
}

#[test]
fn what_is_named_and_what_is_needed_permit_the_same_again() {
    let mut checked = 0;
    for phrases in GRANTS {
        for address in ADDRESSES {
            for port in [0, 53, 54, 40005] {
                let address = format!("{address}:{port}");
                for (one, two) in [false, true].into_iter().flat_map(|one| [(one, false), (one, true)]) {
                    let bind = Bind {
                        local: endpoint(&address),
                        dual_stack: one,
                        reuse: two,
                        interface: Interface::UNKNOWN,
                    };
                    checked += check(phrases, &bind, same_bind, &(phrases, bind));
                    let facts = SendFacts {
                        broadcast: two,
                        recent_peer: one,
                        ..REPLY
                    };
                    let send = send(&address, facts);
                    // By a grant, or as a reply.
                    let same = |one: &SendPermit, other: &SendPermit| one.broadcast == other.broadcast;
                    checked += check(phrases, &send, same, &(phrases, send));
                    let implicit = ImplicitBind {
                        ipv6: one,
                        dual_stack: one && two,
                    };
                    checked += check(phrases, &implicit, same_bind, &(phrases, implicit));
                }
                let connect = connect(&address);
                checked += check(phrases, &connect, PartialEq::eq, &(phrases, connect));
                let join = Join {
                    group: endpoint(&address).ip(),
                    interface: Interface {
                        index: 2,
                        name: InterfaceName::UNKNOWN,
                    },
                    source: None,
                };
                checked += check(phrases, &join, PartialEq::eq, &(phrases, join));
            }
        }
    }
    assert!(checked > 1000, "only {checked} were checked");
}

#[track_caller]
fn assert_grounds<R: Request<Permit: std::fmt::Debug>>(phrases: &str, request: &R, line: &str, needs: &[&str]) {
    let grants = grants(phrases);
    let permit = decide(&grants, request).unwrap_or_else(|denial| panic!("{denial}"));
    let grounds = grounds(&grants, request, &permit);
    assert_eq!(grounds.to_string(), line);
    let needed = grounds.needs().iter();
    let needed: Vec<String> = needed.map(|(right, pattern)| format!("{right} {pattern}")).collect();
    assert_eq!(needed, needs);
}

#[test]
fn a_permitted_send_tells_the_first_pattern_that_covers_it() {
    let phrases = "allow send 10.0.0.0/8:53\n allow send 192.0.2.0/24:53\n allow send 192.0.2.1:53";
    let line = "connect 192.0.2.1:53: granted (allow send 192.0.2.0/24:53)";
    assert_grounds(phrases, &connect("192.0.2.1:53"), line, &["send 192.0.2.1:53"]);
    assert_grounds(
        "allow send [64:ff9b::/96]:*\n allow send @global:53",
        &connect("[64:ff9b::8.8.8.8]:53"),
        "connect [64:ff9b::808:808]:53: granted (allow send [64:ff9b::/96]:*, allow send @global:53)",
        &["send [64:ff9b::808:808]:53", "send 8.8.8.8:53"],
    );
    assert_grounds(
        "allow send 224.0.0.0/24:5353",
        &send("224.0.0.251:5353", CLIENT),
        "send 224.0.0.251:5353: granted (allow send 224.0.0.0/24:5353)",
        &["send 224.0.0.251:5353"],
    );
    assert_grounds(
        "allow broadcast 10.0.0.255:9",
        &send(
            "10.0.0.255:9",
            SendFacts {
                broadcast: true,
                ..CLIENT
            },
        ),
        "send 10.0.0.255:9: granted (allow broadcast 10.0.0.255:9)",
        &["broadcast 10.0.0.255:9"],
    );
}

#[test]
fn what_follows_from_another_right_needs_no_pattern() {
    let line = "send 192.0.2.1:53: a reply, which a bind grant includes";
    assert_grounds("allow bind 0.0.0.0:53", &send("192.0.2.1:53", REPLY), line, &[]);
    let line = "send 192.0.2.1:53: granted (allow send 192.0.2.1:53)";
    assert_grounds("allow send 192.0.2.1:53", &send("192.0.2.1:53", REPLY), line, &[]);
    let line = "bind 0.0.0.0:0: a client socket, which a send grant includes";
    assert_grounds("allow send 192.0.2.1:53", &bind("0.0.0.0:0"), line, &[]);
}

#[test]
fn a_bind_needs_no_more_than_its_patterns_gave() {
    assert_grounds(
        "allow bind 10.0.0.0/8:50-60 from 10.1.0.0/16\n allow bind 10.0.0.7:53 from 192.0.2.1 shared",
        &bind("10.0.0.7:53"),
        "bind 10.0.0.7:53: granted (allow bind 10.0.0.0/8:50-60 from 10.1.0.0/16, \
         allow bind 10.0.0.7:53 from 192.0.2.1 shared)",
        &["bind 10.0.0.7:53 from 10.1.0.0/16", "bind 10.0.0.7:53 from 192.0.2.1"],
    );
    assert_grounds(
        "allow bind @loopback:1024-2047",
        &bind("127.0.0.1:0"),
        "bind 127.0.0.1:0: granted (allow bind @loopback:1024-2047)",
        &["bind 127.0.0.1:1024-2047"],
    );
    assert_grounds(
        "allow bind 0.0.0.0:53\n allow bind [::]:53",
        &dual_stack("[::]:53"),
        "bind [::]:53: granted (allow bind [::]:53, allow bind 0.0.0.0:53)",
        &["bind [::]:53", "bind 0.0.0.0:53"],
    );
    assert_grounds(
        "allow bind [::]:53",
        &dual_stack("[::]:53"),
        "bind [::]:53: granted (allow bind [::]:53)",
        &["bind [::]:53"],
    );
    assert_grounds(
        "allow bind 224.0.0.251:5353 shared\n allow join 224.0.0.0/24@2",
        &Bind {
            reuse: true,
            ..bind("224.0.0.251:5353")
        },
        "bind 224.0.0.251:5353: granted (allow bind 224.0.0.251:5353 shared, allow join 224.0.0.0/24@2)",
        &["bind 224.0.0.251:5353 shared", "join 224.0.0.251@2"],
    );
}

#[test]
fn a_join_and_a_lookup_name_their_patterns() {
    let join = Join {
        group: "232.1.1.1".parse().unwrap(),
        interface: Interface {
            index: 2,
            name: InterfaceName::new("eth0").unwrap(),
        },
        source: Some("10.0.0.5".parse().unwrap()),
    };
    assert_grounds(
        "allow join 232.0.0.0/8@eth0 from 10.0.0.0/8",
        &join,
        "join 232.1.1.1@eth0 from 10.0.0.5: granted (allow join 232.0.0.0/8@eth0 from 10.0.0.0/8)",
        &["join 232.1.1.1@eth0 from 10.0.0.5"],
    );
    let name = "dns.example.com".parse().unwrap();
    assert_grounds(
        "allow resolve *.example.com",
        &Resolve { name: &name },
        "resolve dns.example.com: granted (allow resolve *.example.com)",
        &["resolve dns.example.com"],
    );
    let choice = MulticastInterface {
        interface: join.interface,
    };
    assert_grounds(
        "allow send 224.0.0.251@3:5353\n allow join 224.0.0.251@eth0",
        &choice,
        "multicast-interface eth0: granted (allow join 224.0.0.251@eth0)",
        &[],
    );
}

#[test]
fn what_a_name_gives_is_told_by_the_name() {
    use std::time::{Duration, Instant};

    let (mut pins, now) = (Pins::default(), Instant::now());
    let remote = endpoint("93.184.216.34:443");
    for name in ["other.example", "www.example.com"] {
        pins.pin(&name.parse().unwrap(), remote.ip(), false, Duration::ZERO, now);
    }
    let request = Connect {
        names: pins.of(remote.ip(), now),
        ..Connect::to(remote)
    };
    assert_grounds(
        "allow send 10.0.0.0/8:443\n allow send *.example.com:443",
        &request,
        "connect 93.184.216.34:443: granted by its name (allow send *.example.com:443)",
        &["send www.example.com:443"],
    );
}

#[test]
fn repeats_have_one_mark_and_others_another() {
    use std::hash::{BuildHasher, RandomState};

    let grants = grants("allow send 192.0.2.0/24:*\n allow bind 0.0.0.0:53");
    let hasher = RandomState::new();
    let mark = |request: &Send<'_>| {
        let permit = decide(&grants, request).unwrap();
        let mut mark = 0;
        Permitted::tell(&grants, request, &permit, |permitted| mark = hasher.hash_one(permitted));
        mark
    };
    let one = mark(&send("192.0.2.1:53", CLIENT));
    assert_eq!(one, mark(&send("192.0.2.1:53", CLIENT)));
    let others = [
        send("192.0.2.1:53", REPLY),
        send("192.0.2.1:54", CLIENT),
        send("192.0.2.2:53", CLIENT),
        send("10.0.0.1:53", REPLY),
    ];
    assert!(others.iter().all(|other| mark(other) != one));
}
