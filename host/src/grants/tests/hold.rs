//! Whether a socket that is bound may stay.

use super::*;

/// A socket that was bound by these phrases, with a port that it may have got.
#[track_caller]
fn held(phrases: &str, request: &Bind) -> Hold {
    let permit = decide(&grants(phrases), request).unwrap();
    let port = match &permit.ports {
        Ports::Requested => request.local.port(),
        Ports::Kernel => 40_000,
        Ports::Within(ports) => ports.iter().next().unwrap(),
    };
    Hold::of(request, &permit, port)
}

#[track_caller]
fn stays(phrases: &str, hold: &Hold) {
    let judged = decide(&grants(phrases), hold);
    assert!(judged.is_ok(), "{judged:?} by {phrases}");
}

#[track_caller]
fn goes(phrases: &str, hold: &Hold, line: &str, fix: &[&str]) {
    assert_denied(&grants(phrases), hold, line, fix);
}

#[test]
fn a_port_that_was_asked_for_stays_by_number_alone() {
    let hold = held("allow bind 127.0.0.1:53", &bind("127.0.0.1:53"));
    stays("allow bind 0.0.0.0:53", &hold);
    stays("allow bind 127.0.0.0/8:1-1023", &hold);
    let line = "bind 127.0.0.1:53: not granted";
    goes("allow bind 127.0.0.1:0", &hold, line, &["bind 127.0.0.1:53"]);
    goes("allow send *:*", &hold, line, &["bind 127.0.0.1:53"]);
    let denied = "bind 127.0.0.1:53: denied (deny bind 127.0.0.0/8:*)";
    goes("allow bind 127.0.0.1:53\n deny bind 127.0.0.0/8:*", &hold, denied, &[]);
}

#[test]
fn any_port_stays_where_any_port_or_its_own_is_granted() {
    let hold = held("allow bind 127.0.0.1:0", &bind("127.0.0.1:0"));
    assert_eq!(hold.local.port(), 40_000);
    stays("allow bind 127.0.0.1:0", &hold);
    stays("allow bind 127.0.0.1:40000", &hold);
    stays("allow bind 127.0.0.1:0\n deny bind 127.0.0.1:40001", &hold);
    let line = "bind 127.0.0.1:40000: not granted";
    goes("allow bind 127.0.0.1:1-39999", &hold, line, &["bind 127.0.0.1:40000"]);
    let denied = "bind 127.0.0.1:40000: denied (deny bind 127.0.0.1:40000)";
    goes("allow bind 127.0.0.1:0\n deny bind 127.0.0.1:40000", &hold, denied, &[]);
}

#[test]
fn both_halves_of_a_dual_stack_socket_have_to_stay() {
    let both = "allow bind [::]:53\n allow bind 0.0.0.0:53";
    let hold = held(both, &dual_stack("[::]:53"));
    assert!(hold.dual_stack);
    stays(both, &hold);
    let line = "bind [::]:53: not granted";
    goes("allow bind [::]:53", &hold, line, &["bind 0.0.0.0:53"]);
    goes("allow bind 0.0.0.0:53", &hold, line, &["bind [::]:53"]);
    let overlap = "bind [::]:53: the wildcard overlaps a denied address (deny bind 10.0.0.7:53)";
    goes(&format!("{both}\n deny bind 10.0.0.7:53"), &hold, overlap, &[]);
    let half = held("allow bind [::]:53", &dual_stack("[::]:53"));
    assert!(!half.dual_stack);
    stays(both, &half);
    stays("allow bind [::]:53\n deny bind 0.0.0.0:*", &half);
}

#[test]
fn what_is_shared_has_to_stay_shared() {
    let reuse = Bind {
        reuse: true,
        ..bind("0.0.0.0:5353")
    };
    let hold = held("allow bind 0.0.0.0:5353 shared", &reuse);
    stays("allow bind 0.0.0.0:* shared", &hold);
    let line = "bind 0.0.0.0:5353: granted, but not shared";
    goes("allow bind 0.0.0.0:5353", &hold, line, &["bind 0.0.0.0:5353 shared"]);
}

#[test]
fn a_client_socket_stays_while_anything_may_be_sent_or_its_bind_is_granted() {
    let implicit = ImplicitBind {
        ipv6: false,
        dual_stack: false,
    };
    let phrases = "allow send 192.0.2.1:53";
    let permit = decide(&grants(phrases), &implicit).unwrap();
    let hold = Hold::of(&bind("0.0.0.0:0"), &permit, 40_000);
    assert_eq!(hold.by, HeldBy::Bind(Basis::Client));
    stays(phrases, &hold);
    stays("allow send 198.51.100.1:9", &hold);
    stays("allow broadcast 192.0.2.255:9", &hold);
    stays("allow bind 0.0.0.0:0", &hold);
    stays("allow bind 0.0.0.0:40000", &hold);
    let line = "bind 0.0.0.0:40000: not granted";
    goes("allow bind 127.0.0.1:*", &hold, line, &["bind 0.0.0.0:40000"]);
    goes("", &hold, line, &["bind 0.0.0.0:40000"]);
    let denied = "bind 0.0.0.0:40000: denied (deny bind 0.0.0.0:*)";
    goes(&format!("{phrases}\n deny bind 0.0.0.0:*"), &hold, denied, &[]);
    // A server is no client, though anything may be sent.
    let server = held("allow bind 0.0.0.0:0", &bind("0.0.0.0:0"));
    goes(phrases, &server, line, &["bind 0.0.0.0:40000"]);
}

#[test]
fn one_that_was_handed_in_stays_unless_it_is_denied() {
    let handed_in = |local: &str, dual_stack| Hold {
        local: endpoint(local),
        any_port: false,
        dual_stack,
        reuse: false,
        interface: Interface::UNKNOWN,
        by: HeldBy::Name,
    };
    let here = handed_in("127.0.0.1:53", false);
    stays("", &here);
    stays("deny bind 127.0.0.1:54\n deny send *:*", &here);
    let denied = "bind 127.0.0.1:53: denied (deny bind 127.0.0.0/8:53)";
    goes("allow bind 127.0.0.1:53\n deny bind 127.0.0.0/8:53", &here, denied, &[]);
    let wildcard = handed_in("[::]:53", true);
    let overlap = "bind [::]:53: the wildcard overlaps a denied address (deny bind 10.0.0.7:53)";
    goes("deny bind 10.0.0.7:53", &wildcard, overlap, &[]);
    stays("deny bind 10.0.0.7:53", &handed_in("[::]:53", false));
    let group = handed_in("239.1.1.1:53", false);
    stays("", &group);
    let barred = "bind 239.1.1.1:53: denied (deny bind 239.1.1.1:53)";
    goes("deny bind 239.1.1.1:53", &group, barred, &[]);
    goes(
        "deny join 239.0.0.0/8",
        &group,
        "bind 239.1.1.1:53: denied (deny join 239.0.0.0/8)",
        &[],
    );
}

#[test]
fn a_bind_to_a_group_stays_while_it_may_be_bound_and_joined() {
    let both = "allow bind 239.1.1.1:53\n allow join 239.1.1.1";
    let hold = held(both, &bind("239.1.1.1:53"));
    stays("allow bind 239.0.0.0/8:*\n allow join 239.0.0.0/8@eth0", &hold);
    let line = "bind 239.1.1.1:53: not granted";
    goes("allow bind 239.1.1.1:53", &hold, line, &["join 239.1.1.1"]);
    goes("allow join 239.1.1.1", &hold, line, &["bind 239.1.1.1:53"]);
}

/// Grants that are replaced by themselves close nothing; and what stays under others is what they would have permitted.
#[test]
fn a_socket_stays_where_its_bind_would_be_permitted_and_nowhere_else() {
    let hosts = [
        "0.0.0.0",
        "[::]",
        "127.0.0.1",
        "10.0.0.0/8",
        "[fe80::1%2]",
        "[2001:db8::/32]",
        "@loopback",
        "@private",
    ];
    let ports = ["53", "0", "1-60", "*", "0,54", "40000-50000"];
    let mut random = Random(29);
    let some = |random: &mut Random| {
        let mut grants = Grants::new();
        for _ in 0..random.next(6) {
            let suffix = random.one_of(&["", "", " shared"]);
            let text = format!("{}:{}{suffix}", random.one_of(&hosts), random.one_of(&ports));
            grants.allow(Right::Bind, &text).unwrap();
        }
        for _ in 0..random.next(3) {
            let text = format!("{}:{}", random.one_of(&hosts), random.one_of(&ports));
            grants.deny(Right::Bind, &text).unwrap();
        }
        if random.next(2) == 0 {
            grants.allow(Right::Send, "192.0.2.1:53").unwrap();
        }
        grants
    };
    let (mut stayed, mut went) = (0, 0);
    for _ in 0..20_000 {
        let (before, after) = (some(&mut random), some(&mut random));
        let local = random.one_of(&[
            "0.0.0.0",
            "[::]",
            "127.0.0.1",
            "10.0.0.7",
            "[fe80::1%2]",
            "[2001:db8::1]",
        ]);
        let request = Bind {
            local: endpoint(&format!("{local}:{}", random.one_of(&[0, 53, 54, 40_000]))),
            dual_stack: local.starts_with('[') && random.next(2) == 0,
            reuse: random.next(4) == 0,
            interface: Interface::UNKNOWN,
        };
        let Ok(permit) = decide(&before, &request) else {
            continue;
        };
        let port = match &permit.ports {
            Ports::Requested => request.local.port(),
            Ports::Kernel => 32_768 + random.next(28_000) as u16,
            Ports::Within(ports) => {
                let all: Vec<u16> = ports.iter().collect();
                random.one_of(&all)
            }
        };
        let hold = Hold::of(&request, &permit, port);
        assert_eq!(decide(&before, &hold), Ok(()), "{hold:?} {before:?}");

        // The same socket, bound anew: to its port, or to any.
        let again = |local: Endpoint| Bind {
            local,
            dual_stack: hold.dual_stack,
            reuse: hold.reuse,
            interface: hold.interface,
        };
        let gives = |request: &Bind| {
            let Ok(permit) = decide(&after, request) else {
                return false;
            };
            let anew = Hold::of(request, &permit, port);
            let port = match &permit.ports {
                Ports::Within(ports) => ports.contains(port),
                Ports::Requested | Ports::Kernel => true,
            };
            let basis = hold.basis() == Basis::Client || anew.basis() == Basis::Granted;
            port && basis && (anew.dual_stack || !hold.dual_stack)
        };
        let by_number = gives(&again(hold.local));
        let by_any = hold.any_port && gives(&again(hold.local.with_port(0)));
        let stays = decide(&after, &hold).is_ok();
        match hold.basis() {
            Basis::Granted => assert_eq!(stays, by_number || by_any, "{hold:?} {after:?}"),
            // An implicit bind gives it, too, where narrower bind grants would serve an explicit one.
            Basis::Client => assert!(stays || !(by_number || by_any), "{hold:?} {after:?}"),
        }
        match stays {
            true => stayed += 1,
            false => went += 1,
        }
    }
    assert!(stayed > 500 && went > 500, "{stayed} {went}");
}
