//! Addresses, and patterns of hosts: what each is and covers, in words.

use std::net::SocketAddr;

/// What an address is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Unspecified,
    Loopback,
    Private,
    LinkLocal,
    /// Unicast that IANA calls globally reachable.
    Public,
    /// Unicast that is of none of these: documentation, shared, reserved.
    Other,
    Multicast,
    Broadcast,
}
use Kind::*;

/// An address: as it is written, the address that it means, what that is, and what an IPv4 address in it is.
pub struct Sample {
    pub written: &'static str,
    pub means: &'static str,
    pub v6: bool,
    pub kind: Kind,
    pub holds: Option<(&'static str, Kind)>,
}

const fn v4(written: &'static str, kind: Kind) -> Sample {
    mapped(written, written, kind)
}

const fn mapped(written: &'static str, means: &'static str, kind: Kind) -> Sample {
    Sample {
        written,
        means,
        v6: false,
        kind,
        holds: None,
    }
}

const fn v6(written: &'static str, kind: Kind) -> Sample {
    Sample {
        written,
        means: written,
        v6: true,
        kind,
        holds: None,
    }
}

const fn holding(written: &'static str, kind: Kind, ip: &'static str, holds: Kind) -> Sample {
    Sample {
        holds: Some((ip, holds)),
        ..v6(written, kind)
    }
}

pub const SAMPLES: &[Sample] = &[
    v4("0.0.0.0", Unspecified),
    v4("127.0.0.1", Loopback),
    v4("127.255.255.254", Loopback),
    v4("10.0.0.7", Private),
    v4("172.31.255.255", Private),
    v4("172.32.0.0", Public),
    v4("192.168.0.1", Private),
    v4("169.254.1.1", LinkLocal),
    v4("8.8.8.8", Public),
    v4("100.64.0.1", Other),
    v4("192.0.2.1", Other),
    v4("240.0.0.1", Other),
    v4("224.0.0.251", Multicast),
    v4("239.1.1.1", Multicast),
    v4("255.255.255.255", Broadcast),
    mapped("[::ffff:0.0.0.0]", "0.0.0.0", Unspecified),
    mapped("[::ffff:127.0.0.1]", "127.0.0.1", Loopback),
    mapped("[::ffff:10.0.0.7]", "10.0.0.7", Private),
    mapped("[::ffff:8.8.8.8]", "8.8.8.8", Public),
    mapped("[::ffff:224.0.0.251]", "224.0.0.251", Multicast),
    mapped("[::ffff:255.255.255.255]", "255.255.255.255", Broadcast),
    v6("[::]", Unspecified),
    v6("[::1]", Loopback),
    v6("[fd00::7]", Private),
    v6("[fe80::1%2]", LinkLocal),
    v6("[2600::1]", Public),
    v6("[2001:db8::1]", Other),
    v6("[fec0::1]", Other),
    v6("[ff05::77]", Multicast),
    holding("[64:ff9b::8.8.8.8]", Public, "8.8.8.8", Public),
    holding("[64:ff9b::10.0.0.7]", Public, "10.0.0.7", Private),
    holding("[64:ff9b::127.0.0.1]", Public, "127.0.0.1", Loopback),
    holding("[64:ff9b::224.0.0.251]", Public, "224.0.0.251", Multicast),
    holding("[64:ff9b::255.255.255.255]", Public, "255.255.255.255", Broadcast),
    holding("[2002:a00:7::1]", Other, "10.0.0.7", Private),
    holding("[2002:808:808::1]", Other, "8.8.8.8", Public),
    holding("[::10.0.0.7]", Other, "10.0.0.7", Private),
    holding("[::8.8.8.8]", Other, "8.8.8.8", Public),
];

/// One of the two addresses that a sample is judged by.
#[derive(Copy, Clone, Debug)]
pub struct Address {
    pub ip: &'static str,
    pub v6: bool,
    pub kind: Kind,
}

impl Sample {
    pub fn itself(&self) -> Address {
        Address {
            ip: self.means,
            v6: self.v6,
            kind: self.kind,
        }
    }

    pub fn all(&self) -> impl Iterator<Item = Address> {
        let held = self.holds.map(|(ip, kind)| Address { ip, v6: false, kind });
        [Some(self.itself()), held].into_iter().flatten()
    }

    pub fn address(&self, port: u16) -> SocketAddr {
        format!("{}:{port}", self.written).parse().expect(self.written)
    }
}

impl Address {
    pub fn is_special(self) -> bool {
        matches!(self.kind, Unspecified | Multicast | Broadcast)
    }
}

/// The hosts of a pattern, and what they cover in a list of what is allowed, and of what is denied.
pub struct Hosts {
    pub written: &'static str,
    pub allow: fn(Address) -> bool,
    pub deny: fn(Address) -> bool,
}

pub const fn class(written: &'static str, covers: fn(Address) -> bool) -> Hosts {
    Hosts {
        written,
        allow: covers,
        deny: covers,
    }
}

pub const HOSTS: &[Hosts] = &[
    class("@loopback", |a| a.kind == Loopback),
    class("@private", |a| a.kind == Private),
    class("@link-local", |a| a.kind == LinkLocal),
    class("127.0.0.1", |a| a.ip == "127.0.0.1"),
    class("[::ffff:10.0.0.7]", |a| a.ip == "10.0.0.7"),
    class("8.8.8.8", |a| a.ip == "8.8.8.8"),
    class("[2600::1]", |a| a.ip == "[2600::1]"),
    class("[64:ff9b::8.8.8.8]", |a| a.ip == "[64:ff9b::8.8.8.8]"),
    // A CIDR gives what it names but groups, broadcast and the unspecified address; it denies all that it names.
    Hosts {
        written: "0.0.0.0/0",
        allow: |a| !a.v6 && !a.is_special(),
        deny: |a| !a.v6,
    },
    Hosts {
        written: "[::/0]",
        allow: |a| a.v6 && !a.is_special(),
        deny: |a| a.v6,
    },
    class("10.0.0.0/8", |a| a.ip == "10.0.0.7"),
];

/// No hosts of a bind.
pub const STAR: Hosts = class("*", |a| a.kind == Public);
