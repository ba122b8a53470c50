//! What a denial says would allow it, does.

use super::*;

/// Grants that leave each kind of hole.
const GRANTS: &[&str] = &[
    "",
    "allow send [::/0]:*",
    "allow send 0.0.0.0/0:1-60",
    "allow bind 0.0.0.0:0",
    "allow bind 0.0.0.0:53\n allow bind [::]:54",
    "allow bind 0.0.0.0:53\n deny bind 10.0.0.7:53",
    "allow bind 0.0.0.0:0\n deny bind 10.0.0.7:*",
    "deny bind 127.0.0.0/8:30000-61000\n deny bind [::]:0",
    "deny send @private:*\n deny send [2001:db8::/32]:53",
    "deny bind @loopback:53\n deny broadcast 10.0.0.255:53",
    "allow broadcast 10.0.0.255:53\n allow send *:*",
    "deny bind 0.0.0.0:1-65535\n allow bind [::]:53 shared",
];

/// Adds what the denial says, and asks again.
#[track_caller]
fn assert_fixed<R: Request>(phrases: &str, request: &R, what: &dyn std::fmt::Debug) -> usize {
    let mut grants = grants(phrases);
    let Err(denial) = decide(&grants, request) else {
        return 0;
    };
    if denial.fixes().is_empty() {
        return 0;
    }
    for (right, pattern) in denial.fixes() {
        grants
            .allow(*right, pattern)
            .unwrap_or_else(|error| panic!("{what:?}: {error}"));
        let printed = grants.allowed(*right).any(|allowed| allowed.to_string() == *pattern);
        assert!(printed, "{pattern} is not canonical");
    }
    if let Err(still) = decide(&grants, request) {
        panic!("{what:?}: {denial} was not mended by {:?}: {still}", denial.fixes());
    }
    1
}

#[test]
fn a_fix_parses_and_makes_the_same_request_allowed() {
    let mut fixed = 0;
    for phrases in GRANTS {
        for address in ADDRESSES {
            for port in [0, 53, 54, 40000] {
                let address = format!("{address}:{port}");
                let flags = [false, true];
                for (one, two) in flags.iter().flat_map(|&one| flags.map(|two| (one, two))) {
                    let bind = Bind {
                        local: endpoint(&address),
                        dual_stack: one,
                        reuse: two,
                        interface: Interface::UNKNOWN,
                    };
                    fixed += assert_fixed(phrases, &bind, &(phrases, bind));
                    for three in flags {
                        let facts = SendFacts {
                            own_address: one,
                            broadcast: two,
                            recent_peer: three,
                            link_local_named: false,
                            ..REPLY
                        };
                        let send = send(&address, facts);
                        fixed += assert_fixed(phrases, &send, &(phrases, send));
                    }
                    let implicit = ImplicitBind {
                        ipv6: one,
                        dual_stack: one && two,
                    };
                    fixed += assert_fixed(phrases, &implicit, &(phrases, implicit));
                }
                let connect = connect(&address);
                fixed += assert_fixed(phrases, &connect, &(phrases, connect));
            }
        }
    }
    assert!(fixed > 1000, "only {fixed} fixes were tried");
}

#[test]
fn a_fix_is_no_wider_than_the_request() {
    let denial = decide(&Grants::new(), &connect("192.0.2.1:53")).unwrap_err();
    assert_eq!(denial.fix(), Some((Right::Send, "192.0.2.1:53")));
    assert_eq!(
        (denial.operation(), denial.reason()),
        (Operation::Connect, Reason::NotGranted)
    );
    assert_eq!(denial.subject().to_string(), "192.0.2.1:53");
    let mut grants = Grants::new();
    grants.allow(Right::Send, "192.0.2.1:53").unwrap();
    for other in ["192.0.2.1:54", "192.0.2.2:53"] {
        assert!(decide(&grants, &connect(other)).is_err());
    }
}
