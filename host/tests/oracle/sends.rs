//! send and broadcast.

use datagrant::grants::{Basis, Connect, Right, Send, SendFacts, decide};

use crate::samples::Kind::{Broadcast, LinkLocal, Multicast};
use crate::samples::{Address, BROADCASTS, GROUPS, HOSTS, STAR, Sample, samples};
use crate::{Case, FACTS, PORT, each_case, endpoint, same};

/// "the destination, at every send and at connect": unicast that is granted, all of what it stands for, and not denied. Of
/// multicast only what names groups.
#[test]
fn sends_connects_and_replies_are_what_the_oracle_says() {
    let samples = samples();
    let cases = each_case(Right::Send, HOSTS.iter().chain([&STAR]).chain(GROUPS), |case| {
        for sample in &samples {
            let remote = endpoint(sample, PORT);
            let denied = sample.all().any(|address| case.denies(address));
            let granted = sample.all().all(|address| case.allows(address));
            let group = sample.itself.kind == Multicast;
            let meant = (group || sample.is_unicast()) && !denied && granted;

            let sent = decide(&case.grants, &Send::to(remote, FACTS)).is_ok();
            same("send", sample, case, sent, meant);
            let connected = decide(&case.grants, &Connect::to(remote)).is_ok();
            same("connect", sample, case, connected, meant);

            replies(sample, case, meant, denied);

            // "Sending to port 0 is denied."
            let facts = SendFacts {
                basis: Basis::Granted,
                recent_peer: true,
                ..FACTS
            };
            assert!(decide(&case.grants, &Send::to(endpoint(sample, 0), facts)).is_err());
            assert!(decide(&case.grants, &Connect::to(endpoint(sample, 0))).is_err());
        }
    });
    assert!(cases > 500, "{cases}");
}

/// "a peer that wrote to this same socket lately": not what is denied, nor what is no unicast, nor the socket itself, nor
/// IPv4 link-local that `from` does not name.
#[track_caller]
fn replies(sample: &Sample, case: &Case<'_>, granted: bool, denied: bool) {
    let near = sample.all().any(|address| !address.v6 && address.kind == LinkLocal);
    for bits in 0..16u8 {
        let [bound, wrote, named, own] = [1, 2, 4, 8].map(|bit| bits & bit != 0);
        let facts = SendFacts {
            basis: if bound { Basis::Granted } else { Basis::Client },
            recent_peer: wrote,
            link_local_named: named,
            own_address: own,
            broadcast: false,
        };
        let reply = bound && wrote && !own && sample.is_unicast() && !denied && (named || !near);
        let replied = decide(&case.grants, &Send::to(endpoint(sample, PORT), facts)).is_ok();
        same("reply", sample, case, replied, granted || reply);
    }
}

/// "exact address + port", with the guest's switch, and nothing else.
#[test]
fn broadcasts_are_what_the_oracle_says() {
    let samples = samples();
    each_case(Right::Broadcast, BROADCASTS, |case| {
        for sample in &samples {
            let remote = endpoint(sample, PORT);
            // In IPv6 there is no broadcast, also not to what an address holds.
            let granted = sample.holds.is_none() && case.allows(&sample.itself) && !case.denies(&sample.itself);
            for broadcast in [false, true] {
                let facts = SendFacts { broadcast, ..FACTS };
                let sent = decide(&case.grants, &Send::to(remote, facts)).is_ok();
                same("broadcast", sample, case, sent, granted && broadcast);
            }
            let connected = decide(&case.grants, &Connect::to(remote)).is_ok();
            same("connect", sample, case, connected, false);
        }
    });
}

/// What a broadcast pattern denies, is denied to whoever may send there; what it allows, takes no unicast away.
#[test]
fn broadcasts_beside_everything_else_are_what_the_oracle_says() {
    let samples = samples();
    each_case(Right::Broadcast, BROADCASTS, |case| {
        let mut grants = case.grants.clone();
        grants.allow(Right::Send, "0.0.0.0/0:*").expect("a pattern");
        grants.allow(Right::Send, "[::/0]:*").expect("a pattern");
        for sample in &samples {
            let remote = endpoint(sample, PORT);
            let denied = sample.all().any(|address| case.denies(address));
            let limited = |address: &Address| address.kind == Broadcast;
            for broadcast in [false, true] {
                let facts = SendFacts { broadcast, ..FACTS };
                let to_all = broadcast && sample.holds.is_none() && case.allows(&sample.itself);
                let meant = !denied && (to_all || sample.is_unicast());
                let permit = decide(&grants, &Send::to(remote, facts));
                same("send", sample, case, permit.is_ok(), meant);
                let on = permit.is_ok_and(|permit| permit.broadcast);
                same("SO_BROADCAST for", sample, case, on, to_all && meant);
            }
            let connected = decide(&grants, &Connect::to(remote)).is_ok();
            let meant = !denied && sample.is_unicast() && !limited(&sample.itself);
            same("connect", sample, case, connected, meant);
        }
    });
}
