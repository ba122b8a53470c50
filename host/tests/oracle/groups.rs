//! join.

use datagrant::grants::{Grants, Interface, InterfaceName, Join, Right, decide};

use crate::samples::samples;

/// "group + interface + optional source"; only groups, each on the interface that is named.
#[test]
fn joins_are_what_the_oracle_says() {
    let interface = |index, name| Interface {
        index,
        name: InterfaceName::new(name).expect("short"),
    };
    let (eth0, eth1) = (interface(2, "eth0"), interface(3, "eth1"));
    let samples = samples();
    let groups = ["224.0.0.251", "239.1.1.1", "[ff05::77]"];
    let on = ["", "@eth0", "@2", "@eth1"];
    for (allow, deny) in groups.iter().flat_map(|a| groups.iter().map(move |d| (a, d))) {
        for (allow_on, deny_on) in on.iter().flat_map(|a| on.iter().map(move |d| (a, d))) {
            for from in [false, true] {
                let source = match (from, allow.starts_with('[')) {
                    (false, _) => "",
                    (true, false) => " from 10.0.0.5",
                    (true, true) => " from [2001:db8::5]",
                };
                let mut grants = Grants::new();
                let (allowed, denied) = (format!("{allow}{allow_on}{source}"), format!("{deny}{deny_on}"));
                grants.allow(Right::Join, &allowed).expect("a pattern");
                grants.deny(Right::Join, &denied).expect("a pattern");
                for sample in samples.iter().filter(|sample| !sample.written.contains('%')) {
                    let ip = &sample.itself.ip;
                    let group = ip.trim_matches(['[', ']']).parse().expect("an address");
                    let (good, bad) = match sample.itself.v6 {
                        false => ("10.0.0.5", "10.0.0.6"),
                        true => ("2001:db8::5", "2001:db8::6"),
                    };
                    for interface in [eth0, eth1] {
                        let is_on = |on: &str| match on {
                            "" => true,
                            "@eth1" => interface == eth1,
                            _ => interface == eth0,
                        };
                        for source in [None, Some(good), Some(bad)] {
                            let covers = !from || source == Some(good);
                            let allows = ip == allow && is_on(allow_on) && covers;
                            let meant = allows && !(ip == deny && is_on(deny_on));
                            let request = Join {
                                group,
                                interface,
                                source: source.map(|source| source.parse().expect("an address")),
                            };
                            let joined = decide(&grants, &request).is_ok();
                            assert_eq!(joined, meant, "{request:?}: allow {allowed}, deny {denied}");
                        }
                    }
                }
            }
        }
    }
}
