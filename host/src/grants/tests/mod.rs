//! Tests of the grants, by topic. Everything here is pure, so nothing waits or opens anything.

mod address;
mod bind;
mod client;
mod embedded;
mod errors;
mod fix;
mod grounds;
mod groups;
mod hold;
mod index;
mod names;
mod pins;
mod port_0;
mod ports;
mod print;
mod rules;
mod send;
mod sources;
mod table;

use std::net::SocketAddr;

use super::*;

/// Grants from phrases: `allow bind 127.0.0.1:53`, one a line.
#[track_caller]
fn grants(phrases: &str) -> Grants {
    let mut grants = Grants::new();
    for phrase in phrases.lines().map(str::trim).filter(|phrase| !phrase.is_empty()) {
        let mut words = phrase.splitn(3, ' ');
        let (list, right, pattern) = (words.next(), words.next(), words.next());
        let right: Right = right.expect("a right").parse().expect("a right");
        let pattern = pattern.expect("a pattern");
        let added = match list {
            Some("allow") => grants.allow(right, pattern),
            Some("deny") => grants.deny(right, pattern),
            other => panic!("{other:?} is no list"),
        };
        if let Err(error) = added {
            panic!("{error}");
        }
    }
    grants
}

#[track_caller]
fn endpoint(text: &str) -> Endpoint {
    let address: SocketAddr = text.parse().expect(text);
    Endpoint::new(address).expect(text)
}

/// A bind of an IPv6-only or IPv4 socket without reuse.
#[track_caller]
fn bind(local: &str) -> Bind {
    Bind {
        local: endpoint(local),
        dual_stack: false,
        reuse: false,
        interface: Interface::UNKNOWN,
    }
}

#[track_caller]
fn dual_stack(local: &str) -> Bind {
    Bind {
        dual_stack: true,
        ..bind(local)
    }
}

#[track_caller]
fn connect(remote: &str) -> Connect<'static> {
    Connect::to(endpoint(remote))
}

/// A send from a client socket with the broadcast switch off.
const CLIENT: SendFacts = SendFacts {
    basis: Basis::Client,
    recent_peer: false,
    link_local_named: false,
    own_address: false,
    broadcast: false,
};

/// A send from a granted bind to a peer that wrote lately.
const REPLY: SendFacts = SendFacts {
    basis: Basis::Granted,
    recent_peer: true,
    link_local_named: false,
    own_address: false,
    broadcast: false,
};

#[track_caller]
fn send(remote: &str, socket: SendFacts) -> Send<'static> {
    Send::to(endpoint(remote), socket)
}

#[track_caller]
fn assert_denied<R: Request<Permit: std::fmt::Debug>>(grants: &Grants, request: &R, line: &str, fix: &[&str]) {
    let denial = match decide(grants, request) {
        Ok(permit) => panic!("permitted: {permit:?}"),
        Err(denial) => denial,
    };
    assert_eq!(denial.to_string(), line);
    let fixes = denial.fixes().iter();
    let fixes: Vec<String> = fixes.map(|(right, pattern)| format!("{right} {pattern}")).collect();
    assert_eq!(fixes, fix);
}

#[track_caller]
fn assert_via(grants: &Grants, request: &Send<'_>, via: Via) {
    let permit = SendPermit {
        via,
        broadcast: via == Via::Broadcast,
    };
    assert_eq!(decide(grants, request), Ok(permit));
}

/// A small deterministic generator (xorshift64*), so that property tests repeat.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % below
    }

    pub(super) fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.next(values.len() as u64) as usize]
    }
}

/// One address or more of each kind that is judged apart.
const ADDRESSES: &[&str] = &[
    "0.0.0.0",
    "127.0.0.1",
    "127.255.255.255",
    "10.0.0.7",
    "10.0.0.255",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.1.1",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "8.8.8.8",
    "224.0.0.251",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "0.0.0.5",
    "[::]",
    "[::1]",
    "[fd00::1]",
    "[fe80::1%2]",
    "[fe80::1%3]",
    "[fec0::1]",
    "[2001:db8::1]",
    "[2600::1]",
    "[4000::1]",
    "[ff02::fb%2]",
    "[ff0e::1]",
    "[::ffff:10.0.0.7]",
    "[::ffff:0.0.0.0]",
    "[::ffff:8.8.8.8]",
    "[::10.0.0.7]",
    "[::2]",
    "[64:ff9b::8.8.8.8]",
    "[64:ff9b::10.0.0.7]",
    "[64:ff9b::169.254.1.1]",
    "[64:ff9b::]",
    "[64:ff9b::224.0.0.1]",
    "[64:ff9b::255.255.255.255]",
    "[2002:808:808::1]",
    "[2002:a00:7::1]",
    "[64:ff9b:1::1]",
];
