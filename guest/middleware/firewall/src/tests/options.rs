use super::*;
use crate::grants::{Basis, Resolve};
use crate::grants::{Bind, Endpoint, Interface, Join, Reason, Send, SendFacts, decide};
use datagrant_middleware::options::Options as _;

fn read(options: &[(&str, &str)]) -> Result<Options, String> {
    let options = options
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Options::read(&options.collect::<Vec<_>>())
}

fn endpoint(address: &str) -> Endpoint {
    Endpoint::new(address.parse().unwrap()).unwrap()
}

fn send(options: &Options, to: &str) -> Result<(), Reason> {
    let socket = SendFacts {
        basis: Basis::Client,
        recent_peer: false,
        link_local_named: false,
        own_address: false,
        broadcast: true,
    };
    let request = Send::to(endpoint(to), socket);
    decide(&options.grants, &request)
        .map(drop)
        .map_err(|denial| denial.reason())
}

fn bind(options: &Options, at: &str, dual_stack: bool, reuse: bool) -> Result<(), Reason> {
    let request = Bind {
        local: endpoint(at),
        dual_stack,
        reuse,
        interface: Interface::UNKNOWN,
    };
    decide(&options.grants, &request)
        .map(drop)
        .map_err(|denial| denial.reason())
}

#[test]
fn without_options_everything_passes_but_broadcasts_that_are_asked_about_apart() {
    let options = read(&[]).unwrap();
    for to in [
        "127.0.0.1:1",
        "8.8.8.8:65535",
        "[::1]:53",
        "[fe80::1%2]:9",
        "224.0.0.251:5353",
        "[ff02::fb%2]:5353",
    ] {
        assert_eq!(send(&options, to), Ok(()), "{to}");
    }
    assert_eq!(send(&options, "255.255.255.255:9"), Err(Reason::BroadcastNeedsGrant));
    assert!(options.broadcasts);
    for at in [
        "127.0.0.1:0",
        "0.0.0.0:53",
        "[::]:53",
        "[::]:0",
        "192.0.2.1:9",
        "224.0.0.251:5353",
        "[ff02::fb%2]:5353",
    ] {
        assert_eq!(bind(&options, at, at.starts_with("[::]"), true), Ok(()), "{at}");
    }
    for group in ["224.0.0.251", "232.1.1.1", "ff02::fb"] {
        let request = Join {
            group: group.parse().unwrap(),
            interface: Interface::UNKNOWN,
            source: None,
        };
        assert!(decide(&options.grants, &request).is_ok(), "{group}");
    }
    let name = "example.com".parse().unwrap();
    assert!(decide(&options.grants, &Resolve { name: &name }).is_ok());
}

#[test]
fn one_right_says_nothing_about_another() {
    let options = read(&[("allow-send", "10.0.0.0/8:53"), ("deny-bind", "0.0.0.0:53")]).unwrap();
    assert_eq!(send(&options, "10.1.2.3:53"), Ok(()));
    assert_eq!(send(&options, "10.1.2.3:54"), Err(Reason::NotGranted));
    assert_eq!(bind(&options, "10.1.2.3:54", false, false), Ok(()));
    assert_eq!(bind(&options, "10.1.2.3:53", false, false), Err(Reason::Denied));
    assert!(
        bind(&options, "[::]:53", true, false).is_err(),
        "its IPv4 half is denied"
    );
}

#[test]
fn what_is_not_understood_is_told() {
    for name in ["send", "deny", "deny-", "allow-everything", "deny-send-x"] {
        let problem = read(&[(name, "x")]).unwrap_err();
        assert!(
            problem.starts_with(&format!("there is no option {name}: ")),
            "{problem}"
        );
    }
    assert!(read(&[("deny-join", "239.1.1.1@eth0")]).is_err());
    assert!(read(&[("deny-send", "10.0.0.1")]).is_err());
    assert!(read(&[("allow-join", "239.1.1.1@eth0")]).is_ok());
}
