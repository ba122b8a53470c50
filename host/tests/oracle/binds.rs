//! bind.

use datagrant::grants::{Basis, Bind, Grants, ImplicitBind, Interface, Right, decide};

use crate::samples::Kind::{Broadcast, Multicast, Unspecified};
use crate::samples::{GROUPS, HOSTS, Sample, WILDCARDS, samples};
use crate::{Case, PORT, each_case, endpoint, same};

fn bind(sample: &Sample, reuse: bool) -> Bind {
    Bind {
        local: endpoint(sample, PORT),
        dual_stack: false,
        reuse,
        interface: Interface::UNKNOWN,
    }
}

fn meant(sample: &Sample, case: &Case<'_>, joinable: bool) -> bool {
    let address = &sample.itself;
    match address.kind {
        Broadcast => false,
        // "Binding to a group needs join."
        Multicast => joinable && case.allows(address) && !case.denies(address),
        // "A wildcard bind that overlaps a deny is denied": it receives at each address of its family.
        Unspecified => case.allows(address) && !case.denies_some_of(address.v6),
        // A local address is what it is: what an IPv4 address in it means, only routers know.
        _ => case.allows(address) && !case.denies(address),
    }
}

/// "the canonical local address and port"; "a CIDR does not cover the wildcard".
#[test]
fn binds_are_what_the_oracle_says() {
    let samples = samples();
    each_case(Right::Bind, HOSTS.iter().chain(WILDCARDS).chain(GROUPS), |case| {
        let mut joining = case.grants.clone();
        joining.allow(Right::Join, "224.0.0.0/4").expect("a pattern");
        joining.allow(Right::Join, "[ff00::/8]").expect("a pattern");
        for sample in &samples {
            for (grants, joinable) in [(&case.grants, false), (&joining, true)] {
                let permit = decide(grants, &bind(sample, false));
                same("bind", sample, case, permit.is_ok(), meant(sample, case, joinable));
                assert!(permit.is_err() || permit.is_ok_and(|permit| permit.basis == Basis::Granted));
            }
        }
    });
}

/// "reuse-address and reuse-port on that bind": only where `shared` says so, which takes nothing else away.
#[test]
fn binds_that_share_are_what_the_oracle_says() {
    let samples = samples();
    each_case(Right::Bind, HOSTS.iter().chain(WILDCARDS), |case| {
        let mut shared = Grants::new();
        shared.extend(&case.grants);
        if let Some((hosts, port)) = case.allow {
            let pattern = format!("{}:{port} shared", hosts.written);
            shared.allow(Right::Bind, &pattern).expect("a pattern");
        }
        for sample in &samples {
            let meant = meant(sample, case, false);
            let bound = |grants, reuse| decide(grants, &bind(sample, reuse)).is_ok();
            same("shared bind", sample, case, bound(&case.grants, true), false);
            same("shared bind", sample, case, bound(&shared, true), meant);
            same("bind", sample, case, bound(&shared, false), meant);
        }
    });
}

/// A client socket: an implicit bind, or one to the unspecified address and port 0 that no bind grant covers, with any
/// right to send and without one to bind. It hears from nobody else.
#[test]
fn client_sockets_are_what_the_oracle_says() {
    for (right, pattern, sends) in [
        (Right::Send, "192.0.2.1:53", true),
        (Right::Broadcast, "192.0.2.255:9", true),
        (Right::Resolve, "*", false),
        (Right::Join, "224.0.0.251", false),
    ] {
        let mut grants = Grants::new();
        grants.allow(right, pattern).expect("a pattern");
        for sample in samples() {
            for dual_stack in [false, sample.itself.v6] {
                let request = Bind {
                    local: endpoint(&sample, 0),
                    dual_stack,
                    reuse: false,
                    interface: Interface::UNKNOWN,
                };
                let basis = decide(&grants, &request).map(|permit| permit.basis).ok();
                let meant = sends && sample.itself.kind == Unspecified;
                assert_eq!(
                    basis,
                    meant.then_some(Basis::Client),
                    "{}: {right} {pattern}",
                    sample.written
                );
            }
        }
        for (ipv6, dual_stack) in [(false, false), (true, false), (true, true)] {
            let basis = decide(&grants, &ImplicitBind { ipv6, dual_stack }).map(|permit| permit.basis);
            assert_eq!(basis.ok(), sends.then_some(Basis::Client), "{right} {pattern}");
        }
    }
}
