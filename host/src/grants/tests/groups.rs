//! Multicast: joins, sends and binds to groups, and interfaces.

use super::*;

fn on(index: u32, name: &str) -> Interface {
    Interface {
        index,
        name: InterfaceName::new(name).expect("short"),
    }
}

fn eth0() -> Interface {
    on(2, "eth0")
}

fn eth1() -> Interface {
    on(3, "eth1")
}

/// `GROUP`, or `GROUP from SOURCE`.
#[track_caller]
fn join(text: &str, interface: Interface) -> Join {
    let (group, source) = text.split_once(" from ").unwrap_or((text, ""));
    Join {
        group: group.parse().expect("a group"),
        interface,
        source: source.parse().ok(),
    }
}

#[track_caller]
fn send_on(remote: &str, interface: Interface) -> Send<'static> {
    Send {
        interface,
        ..send(remote, REPLY)
    }
}

#[test]
fn a_join_is_of_the_group_on_the_interface() {
    let grants = grants("allow join 224.0.0.251@eth0");
    assert_eq!(decide(&grants, &join("224.0.0.251", eth0())), Ok(()));
    assert_eq!(decide(&grants, &join("224.0.0.251 from 10.0.0.5", eth0())), Ok(()));
    assert_denied(
        &grants,
        &join("224.0.0.251", eth1()),
        "join 224.0.0.251@eth1: granted on another interface",
        &["join 224.0.0.251@eth1"],
    );
    assert_denied(
        &grants,
        &join("224.0.0.252", eth0()),
        "join 224.0.0.252@eth0: not granted",
        &["join 224.0.0.252@eth0"],
    );
    assert_denied(
        &grants,
        &join("10.0.0.1", eth0()),
        "join 10.0.0.1@eth0: only multicast groups can be joined",
        &[],
    );
}

#[test]
fn an_interface_is_matched_by_name_and_by_index_and_none_means_any() {
    for (pattern, first, second) in [
        ("239.1.1.1", true, true),
        ("239.1.1.1@eth0", true, false),
        ("239.1.1.1@2", true, false),
        ("239.1.1.1@eth1", false, true),
        ("239.0.0.0/8@3", false, true),
        ("239.1.1.1@eth", false, false),
        ("239.1.1.1@eth00", false, false),
    ] {
        let grants = grants(&format!("allow join {pattern}"));
        assert_eq!(decide(&grants, &join("239.1.1.1", eth0())).is_ok(), first, "{pattern}");
        assert_eq!(decide(&grants, &join("239.1.1.1", eth1())).is_ok(), second, "{pattern}");
        let unknown = decide(&grants, &join("239.1.1.1", Interface::UNKNOWN));
        assert_eq!(unknown.is_ok(), first && second, "{pattern}");
    }
}

#[test]
fn an_interface_that_is_missing_is_permitted_where_it_is_named() {
    let grants = grants("allow join 239.1.1.1@tun0");
    assert_eq!(decide(&grants, &join("239.1.1.1", on(0, "tun0"))), Ok(()));
    assert_denied(
        &grants,
        &join("239.1.1.1", on(0, "tun1")),
        "join 239.1.1.1@tun1: granted on another interface",
        &["join 239.1.1.1@tun1"],
    );
    assert_denied(
        &grants,
        &join("239.1.1.1", on(9, "")),
        "join 239.1.1.1@9: granted on another interface",
        &["join 239.1.1.1@9"],
    );
}

#[test]
fn a_source_specific_grant_gives_no_join_of_any_source() {
    let grants = grants("allow join 232.1.1.1@eth0 from 10.0.0.0/24");
    assert_eq!(decide(&grants, &join("232.1.1.1 from 10.0.0.5", eth0())), Ok(()));
    assert_denied(
        &grants,
        &join("232.1.1.1", eth0()),
        "join 232.1.1.1@eth0: granted from other sources",
        &["join 232.1.1.1@eth0"],
    );
    assert_denied(
        &grants,
        &join("232.1.1.1 from 10.0.1.5", eth0()),
        "join 232.1.1.1@eth0 from 10.0.1.5: granted from other sources",
        &["join 232.1.1.1@eth0 from 10.0.1.5"],
    );
    assert_denied(
        &grants,
        &join("232.1.1.1 from 10.0.0.5", eth1()),
        "join 232.1.1.1@eth1 from 10.0.0.5: granted on another interface",
        &["join 232.1.1.1@eth1 from 10.0.0.5"],
    );
}

#[test]
fn a_denied_join_wins() {
    let grants = grants("allow join 239.0.0.0/8\n deny join 239.1.0.0/16@eth0\n deny join 239.2.0.0/16");
    assert_eq!(decide(&grants, &join("239.1.1.1", eth1())), Ok(()));
    assert_denied(
        &grants,
        &join("239.1.1.1 from 10.0.0.5", eth0()),
        "join 239.1.1.1@eth0 from 10.0.0.5: denied (deny join 239.1.0.0/16@eth0)",
        &[],
    );
    assert_denied(
        &grants,
        &join("239.2.1.1", eth1()),
        "join 239.2.1.1@eth1: denied (deny join 239.2.0.0/16)",
        &[],
    );
}

#[test]
fn only_patterns_that_name_groups_cover_groups() {
    let wide = grants(
        "allow send 0.0.0.0/0:*
         allow send [::/0]:*
         allow send *:*
         allow send 224.0.0.0/3:*
         allow join 239.9.9.9
         allow bind 0.0.0.0:*",
    );
    for group in [
        "224.0.0.251:5353",
        "239.9.9.9:5353",
        "[ff02::fb%2]:5353",
        "[ff05::2]:5353",
    ] {
        assert_eq!(
            decide(&wide, &send_on(group, eth0())).unwrap_err().reason(),
            Reason::NotGranted
        );
        assert_eq!(decide(&wide, &bind(group)).unwrap_err().reason(), Reason::NotGranted);
    }
    assert!(decide(&wide, &join("239.9.9.8", eth0())).is_err());
    let group = grants("allow send 239.0.0.0/8:*\n allow join 239.0.0.0/8");
    assert!(decide(&group, &connect("10.0.0.1:53")).is_err());
    assert!(decide(&group, &bind("0.0.0.0:53")).is_err());
}

#[test]
fn a_send_to_a_group_is_of_the_interface_and_the_port() {
    let grants = grants("allow send 224.0.0.251@eth0:5353\n allow send [ff02::fb]@eth0:5353");
    assert_via(&grants, &send_on("224.0.0.251:5353", eth0()), Via::Grant);
    assert_via(&grants, &send_on("[ff02::fb%2]:5353", eth0()), Via::Grant);
    assert_denied(
        &grants,
        &send_on("224.0.0.251:5353", eth1()),
        "send 224.0.0.251@eth1:5353: granted on another interface",
        &["send 224.0.0.251@eth1:5353"],
    );
    assert_denied(
        &grants,
        &send_on("[ff02::fb%3]:5353", eth1()),
        "send [ff02::fb]@eth1:5353: granted on another interface",
        &["send [ff02::fb]@eth1:5353"],
    );
    assert_denied(
        &grants,
        &send_on("224.0.0.251:53", eth0()),
        "send 224.0.0.251@eth0:53: not granted",
        &["send 224.0.0.251@eth0:53"],
    );
    assert_denied(
        &grants,
        &send_on("224.0.0.251:0", eth0()),
        "send 224.0.0.251:0: port 0 is no destination",
        &[],
    );
    let connected = Connect {
        interface: eth1(),
        ..connect("224.0.0.251:5353")
    };
    assert_denied(
        &grants,
        &connected,
        "connect 224.0.0.251@eth1:5353: granted on another interface",
        &["send 224.0.0.251@eth1:5353"],
    );
}

#[test]
fn a_scope_id_counts_more_than_the_interface_that_is_asked_about() {
    let grants = grants("allow send [ff02::fb]@eth0:5353");
    assert!(decide(&grants, &send_on("[ff02::fb%3]:5353", eth0())).is_err());
}

#[test]
fn a_denied_cidr_covers_the_groups_in_it() {
    let grants = grants(
        "allow send 239.0.0.0/8:*
         allow send [ff05::/16]:*
         deny send 0.0.0.0/0:53
         deny send [::/0]:53
         deny send 239.1.1.1@eth0:*",
    );
    assert_via(&grants, &send_on("239.1.1.1:54", eth1()), Via::Grant);
    for (to, line) in [
        (
            "239.2.2.2:53",
            "send 239.2.2.2@eth0:53: denied (deny send 0.0.0.0/0:53)",
        ),
        ("[ff05::2]:53", "send [ff05::2]@eth0:53: denied (deny send [::/0]:53)"),
        (
            "239.1.1.1:54",
            "send 239.1.1.1@eth0:54: denied (deny send 239.1.1.1@eth0:*)",
        ),
    ] {
        assert_denied(&grants, &send_on(to, eth0()), line, &[]);
    }
}

#[test]
fn nobody_replies_to_a_group() {
    let denial = decide(&grants("allow bind 0.0.0.0:*"), &send_on("239.1.1.1:53", eth0())).unwrap_err();
    assert_eq!(denial.reason(), Reason::NotGranted);
}

#[test]
fn a_bind_to_a_group_takes_bind_and_join() {
    let both = grants("allow bind 224.0.0.251:5353 shared\n allow join 224.0.0.251@eth0");
    let permit = decide(&both, &bind("224.0.0.251:5353")).unwrap();
    assert_eq!((permit.basis, permit.ports), (Basis::Granted, Ports::Requested));
    let reuse = Bind {
        reuse: true,
        ..bind("224.0.0.251:5353")
    };
    assert!(decide(&both, &reuse).unwrap().reuse);
    assert_denied(
        &grants("allow bind 224.0.0.251:5353"),
        &bind("224.0.0.251:5353"),
        "bind 224.0.0.251:5353: not granted",
        &["join 224.0.0.251"],
    );
    assert_denied(
        &grants("allow join 224.0.0.251@eth0\n allow bind 224.0.0.251:53"),
        &reuse,
        "bind 224.0.0.251:5353: not granted",
        &["bind 224.0.0.251:5353 shared"],
    );
    assert_denied(
        &grants("allow join 224.0.0.251@eth0\n allow bind 224.0.0.251:5353"),
        &reuse,
        "bind 224.0.0.251:5353: granted, but not shared",
        &["bind 224.0.0.251:5353 shared"],
    );
    assert_denied(
        &Grants::new(),
        &bind("[ff02::fb%2]:0"),
        "bind [ff02::fb]@2:0: not granted",
        &["bind [ff02::fb]@2:0", "join [ff02::fb]@2"],
    );
}

#[test]
fn a_bind_to_a_scoped_group_is_of_its_interface() {
    let grants = grants("allow bind [ff02::fb]@eth0:5353\n allow join [ff02::fb]@eth0");
    let there = |interface, text| Bind {
        interface,
        ..bind(text)
    };
    assert!(decide(&grants, &there(eth0(), "[ff02::fb%2]:5353")).is_ok());
    assert!(decide(&grants, &there(eth1(), "[ff02::fb%3]:5353")).is_err());
}

#[test]
fn a_bind_to_a_group_and_any_port_is_served_from_what_is_granted() {
    let ports = |phrases: &str| decide(&grants(phrases), &bind("239.1.1.1:0")).map(|permit| permit.ports);
    let join = "allow join 239.1.1.1\n";
    assert_eq!(ports(&format!("{join} allow bind 239.1.1.1:0")), Ok(Ports::Kernel));
    let within = Ports::Within(PortSet::from_ranges([5000..=5001]));
    let some = format!("{join} allow bind 239.0.0.0/8:5000-5002\n deny bind 239.1.1.1:5002");
    assert_eq!(ports(&some), Ok(within));
    let none = format!("{join} allow bind 239.1.1.1:5000\n deny bind 0.0.0.0:5000");
    let denial = ports(&none).unwrap_err();
    assert_eq!(denial.to_string(), "bind 239.1.1.1:0: denied (deny bind 0.0.0.0:5000)");
}

#[test]
fn a_denied_bind_or_join_denies_the_bind_to_a_group() {
    let allowed = "allow bind 239.1.1.1:53\n allow join 239.1.1.1\n";
    for (deny, rule) in [
        ("bind 239.1.1.1:53", "bind 239.1.1.1:53"),
        ("bind 239.0.0.0/8:50-60", "bind 239.0.0.0/8:50-60"),
        ("bind 0.0.0.0:53", "bind 0.0.0.0:53"),
        ("bind 0.0.0.0/0:*", "bind 0.0.0.0/0:*"),
        ("join 239.1.1.1", "join 239.1.1.1"),
    ] {
        let grants = grants(&format!("{allowed} deny {deny}"));
        let line = format!("bind 239.1.1.1:53: denied (deny {rule})");
        assert_denied(&grants, &bind("239.1.1.1:53"), &line, &[]);
    }
    assert!(decide(&grants(allowed), &bind("239.1.1.1:53")).is_ok());
}

#[test]
fn a_denied_bind_to_a_group_denies_the_wildcard_of_its_family() {
    let grants = grants("allow bind 0.0.0.0:53\n allow bind [::]:53\n deny bind 239.1.1.1:53");
    assert_eq!(
        decide(&grants, &bind("0.0.0.0:53")).unwrap_err().reason(),
        Reason::WildcardOverlapsDeny
    );
    assert!(decide(&grants, &bind("[::]:53")).is_ok());
}

#[test]
fn a_link_local_zone_is_matched_by_name() {
    let grants = grants(
        "allow send [fe80::1%eth0]:53\n allow bind [fe80::2%eth1]:53\n deny send [fe80::1%eth0]:54\n allow send [fe80::/10]:54",
    );
    assert_via(
        &grants,
        &Send {
            socket: CLIENT,
            ..send_on("[fe80::1%2]:53", eth0())
        },
        Via::Grant,
    );
    assert!(
        decide(
            &grants,
            &Send {
                socket: CLIENT,
                ..send_on("[fe80::1%3]:53", eth1())
            }
        )
        .is_err()
    );
    assert!(decide(&grants, &send_on("[fe80::1%2]:54", eth0())).is_err());
    assert!(decide(&grants, &send_on("[fe80::1%3]:54", eth1())).is_ok());
    let there = |interface, text| Bind {
        interface,
        ..bind(text)
    };
    assert!(decide(&grants, &there(eth1(), "[fe80::2%3]:53")).is_ok());
    assert!(decide(&grants, &there(eth1(), "[fe80::2%3]:0")).is_ok());
    assert!(decide(&grants, &there(eth0(), "[fe80::2%2]:53")).is_err());
}

#[test]
fn an_interface_may_be_chosen_where_a_group_may_be_sent_to_or_joined() {
    let choose = |interface| MulticastInterface { interface };
    for (phrases, first, second) in [
        ("allow send 239.1.1.1@eth0:53", true, false),
        ("allow join 239.1.1.1@3", false, true),
        ("allow join 239.1.1.1 from 10.0.0.5", true, true),
        ("allow send 0.0.0.0/0:*\n allow send [fe80::1%eth0]:53", false, false),
    ] {
        let grants = grants(phrases);
        assert_eq!(decide(&grants, &choose(eth0())).is_ok(), first, "{phrases}");
        assert_eq!(decide(&grants, &choose(eth1())).is_ok(), second, "{phrases}");
    }
    assert_denied(
        &Grants::new(),
        &choose(eth0()),
        "multicast-interface eth0: no grant is for groups on that interface",
        &[],
    );
}

#[test]
fn an_interface_is_shown_where_a_grant_names_it() {
    let show = |interface| ShowInterface {
        interface,
        known: false,
    };
    for (phrases, shown) in [
        ("allow join 239.1.1.1@eth0", true),
        ("allow send 239.1.1.1@2:53", true),
        ("allow bind [fe80::1%eth0]:53", true),
        ("allow join 239.1.1.1\n allow send [fe80::1]:53", false),
        ("allow join 239.1.1.1@eth1", false),
        ("deny join 239.1.1.1@eth0", false),
    ] {
        assert_eq!(decide(&grants(phrases), &show(eth0())).is_ok(), shown, "{phrases}");
    }
    let known = ShowInterface {
        interface: eth0(),
        known: true,
    };
    assert_eq!(decide(&Grants::new(), &known), Ok(()));
}

#[test]
fn a_name_that_no_pattern_can_spell_is_told_by_its_index() {
    for name in ["eth0@if3", "7", "a%b", "", "[x]"] {
        let denial = decide(&Grants::new(), &join("239.1.1.1", on(4, name))).unwrap_err();
        assert_eq!(denial.fix(), Some((Right::Join, "239.1.1.1@4")), "{name}");
    }
    assert_eq!(InterfaceName::new("sixteen-bytes-xx"), None);
}

#[test]
fn a_fix_of_a_group_parses_and_makes_the_same_request_allowed() {
    let mut fixed = 0;
    for group in ["239.1.1.1", "224.0.0.251", "ff02::fb", "ff05::2", "ff01::1"] {
        for interface in [eth0(), eth1(), on(0, "tun0"), Interface::UNKNOWN] {
            for source in [
                "",
                if group.contains(':') {
                    " from 2001:db8::1"
                } else {
                    " from 10.0.0.5"
                },
            ] {
                let request = join(&format!("{group}{source}"), interface);
                let mut granted = grants("allow join 239.1.1.1@eth7\n allow join 224.0.0.251@eth0 from 10.0.0.6");
                while let Err(denial) = decide(&granted, &request) {
                    let (right, pattern) = denial.fix().expect("a fix");
                    granted.allow(right, pattern).unwrap_or_else(|e| panic!("{e}"));
                    fixed += 1;
                    assert!(fixed < 1000);
                }
            }
        }
    }
    assert!(fixed >= 38, "{fixed}");
}
