//! Every right, allowed and denied, against every kind of address: all combinations, judged by `decide()` and by an oracle
//! that was written from the meaning of the rights alone. The oracle does no arithmetic on addresses: what each address is,
//! and what each pattern covers, stands here in words.

mod samples;

use datagrant::grants::{
    Basis, Bind, Connect, Endpoint, Grants, Interface, InterfaceName, Join, Right, Send, SendFacts, decide,
};
use samples::Kind::{Broadcast, LinkLocal, Multicast, Unspecified};
use samples::{Address, HOSTS, Hosts, SAMPLES, STAR, Sample, class};

const PORT: u16 = 53;

/// The grants of a case: at most one allowed and one denied pattern of a right, each on the port or beside it.
struct Case<'a> {
    allow: Option<(&'a Hosts, u16)>,
    deny: Option<(&'a Hosts, u16)>,
    grants: Grants,
}

impl Case<'_> {
    fn allows(&self, address: Address) -> bool {
        self.allow
            .is_some_and(|(hosts, port)| port == PORT && (hosts.allow)(address))
    }

    fn denies(&self, address: Address) -> bool {
        self.deny
            .is_some_and(|(hosts, port)| port == PORT && (hosts.deny)(address))
    }
}

fn each_case(right: Right, hosts: &[&Hosts], mut check: impl FnMut(&Case<'_>)) -> usize {
    let choices: Vec<Option<(&Hosts, u16)>> = std::iter::once(None)
        .chain(
            hosts
                .iter()
                .flat_map(|hosts| [Some((*hosts, PORT)), Some((*hosts, PORT + 1))]),
        )
        .collect();
    for allow in &choices {
        for deny in &choices {
            let mut grants = Grants::new();
            if let Some((hosts, port)) = allow {
                grants
                    .allow(right, &format!("{}:{port}", hosts.written))
                    .expect("a pattern");
            }
            if let Some((hosts, port)) = deny {
                grants
                    .deny(right, &format!("{}:{port}", hosts.written))
                    .expect("a pattern");
            }
            check(&Case {
                allow: *allow,
                deny: *deny,
                grants,
            });
        }
    }
    choices.len() * choices.len()
}

fn endpoint(sample: &Sample, port: u16) -> Endpoint {
    Endpoint::new(sample.address(port)).expect("an address")
}

fn sending_hosts() -> Vec<&'static Hosts> {
    HOSTS.iter().chain([&STAR]).collect()
}

const FACTS: SendFacts = SendFacts {
    basis: Basis::Client,
    recent_peer: false,
    link_local_named: false,
    own_address: false,
    broadcast: false,
};

#[track_caller]
fn same(what: &str, sample: &Sample, case: &Case<'_>, decided: bool, meant: bool) {
    let name = |pattern: &Option<(&Hosts, u16)>| pattern.map(|(hosts, port)| format!("{}:{port}", hosts.written));
    let (allow, deny) = (name(&case.allow), name(&case.deny));
    assert_eq!(
        decided, meant,
        "{what} {} with allow {allow:?} and deny {deny:?}",
        sample.written
    );
}

/// "the destination, at every send and at connect": unicast that is granted, all of what it stands for, and not denied.
#[test]
fn sends_connects_and_replies_are_what_the_oracle_says() {
    let cases = each_case(Right::Send, &sending_hosts(), |case| {
        for sample in SAMPLES {
            let remote = endpoint(sample, PORT);
            let special = sample.all().any(Address::is_special);
            let denied = sample.all().any(|address| case.denies(address));
            let granted = sample.all().all(|address| case.allows(address));
            let meant = !special && !denied && granted;

            let sent = decide(&case.grants, &Send::to(remote, FACTS)).is_ok();
            same("send", sample, case, sent, meant);
            let connected = decide(&case.grants, &Connect::to(remote)).is_ok();
            same("connect", sample, case, connected, meant);

            // "a peer that wrote to this same socket lately": not what is denied, nor IPv4 link-local.
            let facts = SendFacts {
                basis: Basis::Granted,
                recent_peer: true,
                ..FACTS
            };
            let near = sample.all().any(|address| !address.v6 && address.kind == LinkLocal);
            let replied = decide(&case.grants, &Send::to(remote, facts)).is_ok();
            same(
                "reply",
                sample,
                case,
                replied,
                !special && !denied && (granted || !near),
            );

            // "Sending to port 0 is denied."
            assert!(decide(&case.grants, &Send::to(endpoint(sample, 0), facts)).is_err());
            assert!(decide(&case.grants, &Connect::to(endpoint(sample, 0))).is_err());
        }
    });
    assert!(cases > 500, "{cases}");
}

/// "the canonical local address and port"; "a CIDR does not cover the wildcard".
#[test]
fn binds_are_what_the_oracle_says() {
    let wildcards = [
        class("0.0.0.0", |a| !a.v6 && !matches!(a.kind, Multicast | Broadcast)),
        class("[::]", |a| a.v6 && a.kind != Multicast),
    ];
    let hosts: Vec<&Hosts> = HOSTS.iter().chain(&wildcards).collect();
    each_case(Right::Bind, &hosts, |case| {
        for sample in SAMPLES {
            let (address, request) = (
                sample.itself(),
                Bind {
                    local: endpoint(sample, PORT),
                    dual_stack: false,
                    reuse: false,
                    interface: Interface::UNKNOWN,
                },
            );
            let meant = match address.kind {
                // Groups need a join too, and broadcast cannot be bound.
                Multicast | Broadcast => false,
                // The wildcard receives at each address of its family: one that is denied denies it.
                Unspecified => {
                    let overlaps = |(hosts, port): (&Hosts, u16)| port == PORT && reaches(hosts, address.v6);
                    case.allows(address) && !case.deny.is_some_and(overlaps)
                }
                // A local address is what it is: what an IPv4 address in it means, only routers know.
                _ => case.allows(address) && !case.denies(address),
            };
            let bound = decide(&case.grants, &request).is_ok();
            same("bind", sample, case, bound, meant);
        }
    });
}

/// Whether any address of the family is among these hosts.
fn reaches(hosts: &Hosts, v6: bool) -> bool {
    match hosts.written {
        "@loopback" | "@private" | "@link-local" => true,
        "[::ffff:10.0.0.7]" => !v6,
        written => written.starts_with('[') == v6,
    }
}

/// "exact address + port", with the guest's switch, and nothing else.
#[test]
fn broadcasts_are_what_the_oracle_says() {
    let hosts = [
        class("255.255.255.255", |a| a.ip == "255.255.255.255"),
        class("10.0.0.7", |a| a.ip == "10.0.0.7"),
        class("8.8.8.8", |a| a.ip == "8.8.8.8"),
    ];
    each_case(Right::Broadcast, &hosts.each_ref(), |case| {
        for sample in SAMPLES {
            let remote = endpoint(sample, PORT);
            let address = sample.itself();
            // In IPv6 there is no broadcast, also not to what an address holds.
            let granted = sample.holds.is_none() && case.allows(address) && !case.denies(address);
            for broadcast in [false, true] {
                let facts = SendFacts { broadcast, ..FACTS };
                let sent = decide(&case.grants, &Send::to(remote, facts)).is_ok();
                same("broadcast", sample, case, sent, granted && broadcast);
            }
            assert!(
                decide(&case.grants, &Connect::to(remote)).is_err(),
                "{}",
                sample.written
            );
        }
    });
}

/// "group + interface + optional source"; only groups, each on the interface that is named.
#[test]
fn joins_are_what_the_oracle_says() {
    let eth0 = Interface {
        index: 2,
        name: InterfaceName::new("eth0").expect("short"),
    };
    let other = Interface {
        index: 3,
        name: InterfaceName::new("eth1").expect("short"),
    };
    let groups = ["224.0.0.251", "239.1.1.1", "[ff05::77]"];
    let on = ["", "@eth0", "@2", "@eth1"];
    let from = ["", " from 10.0.0.5"];
    for (allow, deny) in groups.iter().flat_map(|a| groups.iter().map(move |d| (a, d))) {
        for (allow_on, deny_on) in on.iter().flat_map(|a| on.iter().map(move |d| (a, d))) {
            for allow_from in from {
                let mut grants = Grants::new();
                let allowed = match allow_from {
                    " from 10.0.0.5" if allow.starts_with('[') => " from [2001:db8::5]",
                    from => from,
                };
                grants
                    .allow(Right::Join, &format!("{allow}{allow_on}{allowed}"))
                    .expect("a pattern");
                grants
                    .deny(Right::Join, &format!("{deny}{deny_on}"))
                    .expect("a pattern");
                for sample in SAMPLES.iter().filter(|sample| !sample.written.contains('%')) {
                    let group = sample.means.trim_matches(['[', ']']).parse().expect("an address");
                    let (good, bad) = match sample.v6 {
                        false => ("10.0.0.5", "10.0.0.6"),
                        true => ("2001:db8::5", "2001:db8::6"),
                    };
                    for interface in [eth0, other] {
                        let is_on = |on: &str| match on {
                            "" => true,
                            "@eth1" => interface == other,
                            _ => interface == eth0,
                        };
                        let denied = sample.means == *deny && is_on(deny_on);
                        for source in [None, Some(good), Some(bad)] {
                            let covers = allow_from.is_empty() || source == Some(good);
                            let meant = sample.means == *allow && is_on(allow_on) && covers && !denied;
                            let request = Join {
                                group,
                                interface,
                                source: source.map(|source| source.parse().expect("an address")),
                            };
                            assert_eq!(
                                decide(&grants, &request).is_ok(),
                                meant,
                                "join {group} on {interface:?} of {source:?}: allow {allow}{allow_on}{allowed}, deny {deny}{deny_on}"
                            );
                        }
                    }
                }
            }
        }
    }
}
