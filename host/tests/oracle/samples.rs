//! Addresses, and patterns of hosts: what each is and covers, in words.

use std::net::SocketAddr;

/// What an address is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

/// How an address is written.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    V4,
    V6,
    /// IPv4 as IPv6: `::ffff:a.b.c.d`.
    Mapped,
    /// IPv4 inside of IPv6: IPv4-compatible, NAT64, 6to4.
    Compatible,
    Nat64,
    SixToFour,
}
use Form::*;

const V4_ADDRESSES: &[(&str, Kind)] = &[
    ("0.0.0.0", Unspecified),
    ("127.0.0.1", Loopback),
    ("127.255.255.254", Loopback),
    ("10.0.0.7", Private),
    ("172.31.255.255", Private),
    ("192.168.0.1", Private),
    ("169.254.1.1", LinkLocal),
    ("8.8.8.8", Public),
    ("172.32.0.0", Public),
    ("100.64.0.1", Other),
    ("192.0.2.1", Other),
    ("240.0.0.1", Other),
    ("224.0.0.251", Multicast),
    ("239.1.1.1", Multicast),
    ("255.255.255.255", Broadcast),
];

const V6_ADDRESSES: &[(&str, Kind)] = &[
    ("::", Unspecified),
    ("::1", Loopback),
    ("fd00::7", Private),
    ("fe80::1%2", LinkLocal),
    ("2600::1", Public),
    ("2001:db8::1", Other),
    ("fec0::1", Other),
    ("ff02::fb%2", Multicast),
    ("ff05::77", Multicast),
];

/// An address: as it is written, the address that it means, what that is, and what an IPv4 address in it is.
pub struct Sample {
    pub form: Form,
    pub written: String,
    pub itself: Address,
    pub holds: Option<Address>,
}

/// One of the two addresses that a sample is judged by.
#[derive(Clone, Debug)]
pub struct Address {
    pub ip: String,
    pub v6: bool,
    pub kind: Kind,
}

/// Every form of every address.
pub fn samples() -> Vec<Sample> {
    let mut samples = Vec::new();
    for &(ip, kind) in V6_ADDRESSES {
        samples.push(sample(V6, format!("[{ip}]"), kind));
    }
    for &(ip, kind) in V4_ADDRESSES {
        let itself = sample(V4, ip.to_owned(), kind);
        let holds = Some(itself.itself.clone());
        samples.push(Sample {
            form: Mapped,
            written: format!("[::ffff:{ip}]"),
            itself: itself.itself.clone(),
            holds: None,
        });
        samples.push(itself);
        let octets: Vec<u8> = ip.split('.').map(|octet| octet.parse().expect(ip)).collect();
        let [a, b, c, d] = octets[..] else { panic!("{ip}") };
        let forms = [
            (Compatible, format!("[::{ip}]"), Other),
            (Nat64, format!("[64:ff9b::{ip}]"), Public),
            (SixToFour, format!("[2002:{a:x}{b:02x}:{c:x}{d:02x}::1]"), Other),
        ];
        for (form, written, kind) in forms {
            // `::0.0.0.0` is `::`, and holds nothing.
            if (form, ip) != (Compatible, "0.0.0.0") {
                samples.push(Sample {
                    holds: holds.clone(),
                    ..sample(form, written, kind)
                });
            }
        }
    }
    samples
}

fn sample(form: Form, written: String, kind: Kind) -> Sample {
    Sample {
        itself: Address {
            ip: written.clone(),
            v6: form != V4,
            kind,
        },
        form,
        written,
        holds: None,
    }
}

impl Sample {
    pub fn all(&self) -> impl Iterator<Item = &Address> {
        [Some(&self.itself), self.holds.as_ref()].into_iter().flatten()
    }

    /// Whether it can be reached by unicast: itself, and what it holds.
    pub fn is_unicast(&self) -> bool {
        !self.all().any(Address::is_special)
    }

    pub fn address(&self, port: u16) -> SocketAddr {
        let text = format!("{}:{port}", self.written);
        text.parse().expect(&text)
    }
}

impl Address {
    pub fn is_special(&self) -> bool {
        matches!(self.kind, Unspecified | Multicast | Broadcast)
    }
}

/// The hosts of a pattern, and what they cover in a list of what is allowed, and of what is denied.
pub struct Hosts {
    pub written: &'static str,
    pub allow: fn(&Address) -> bool,
    pub deny: fn(&Address) -> bool,
    /// Whether some address of IPv4, of IPv6, is among them.
    pub families: (bool, bool),
}

const V4_ALONE: (bool, bool) = (true, false);
const V6_ALONE: (bool, bool) = (false, true);

const fn hosts(written: &'static str, families: (bool, bool), covers: fn(&Address) -> bool) -> Hosts {
    Hosts {
        written,
        allow: covers,
        deny: covers,
        families,
    }
}

/// Unicast, in a bind as in a send.
pub const HOSTS: &[Hosts] = &[
    hosts("@loopback", (true, true), |a| a.kind == Loopback),
    hosts("@private", (true, true), |a| a.kind == Private),
    hosts("@link-local", (true, true), |a| a.kind == LinkLocal),
    hosts("127.0.0.1", V4_ALONE, |a| a.ip == "127.0.0.1"),
    hosts("[::ffff:10.0.0.7]", V4_ALONE, |a| a.ip == "10.0.0.7"),
    hosts("8.8.8.8", V4_ALONE, |a| a.ip == "8.8.8.8"),
    hosts("[2600::1]", V6_ALONE, |a| a.ip == "[2600::1]"),
    hosts("[64:ff9b::8.8.8.8]", V6_ALONE, |a| a.ip == "[64:ff9b::8.8.8.8]"),
    // On any interface, and on the one that the address is on, and on another one.
    hosts("[fe80::1]", V6_ALONE, |a| a.ip == "[fe80::1%2]"),
    hosts("[fe80::1%2]", V6_ALONE, |a| a.ip == "[fe80::1%2]"),
    hosts("[fe80::1%3]", V6_ALONE, |_| false),
    // A CIDR gives what it names but groups, broadcast and the unspecified address; it denies all that it names.
    Hosts {
        written: "0.0.0.0/0",
        allow: |a| !a.v6 && !a.is_special(),
        deny: |a| !a.v6,
        families: V4_ALONE,
    },
    Hosts {
        written: "[::/0]",
        allow: |a| a.v6 && !a.is_special(),
        deny: |a| a.v6,
        families: V6_ALONE,
    },
    hosts("10.0.0.0/8", V4_ALONE, |a| a.ip == "10.0.0.7"),
];

/// Groups.
pub const GROUPS: &[Hosts] = &[
    hosts("224.0.0.251", V4_ALONE, |a| a.ip == "224.0.0.251"),
    hosts("239.0.0.0/8", V4_ALONE, |a| a.ip == "239.1.1.1"),
    hosts("[ff02::fb%2]", V6_ALONE, |a| a.ip == "[ff02::fb%2]"),
    hosts("[ff02::fb]@3", V6_ALONE, |_| false),
    hosts("[ff00::/8]", V6_ALONE, |a| a.v6 && a.kind == Multicast),
];

/// No hosts of a bind.
pub const STAR: Hosts = hosts("*", (true, true), |a| a.kind == Public);

/// Hosts of a bind alone. Denied, they are every bind of the family.
pub const WILDCARDS: &[Hosts] = &[
    Hosts {
        written: "0.0.0.0",
        allow: |a| !a.v6 && !matches!(a.kind, Multicast | Broadcast),
        deny: |a| !a.v6,
        families: V4_ALONE,
    },
    Hosts {
        written: "[::]",
        allow: |a| a.v6 && a.kind != Multicast,
        deny: |a| a.v6,
        families: V6_ALONE,
    },
];

/// Hosts of a broadcast: one address each, whatever it is.
pub const BROADCASTS: &[Hosts] = &[
    hosts("255.255.255.255", V4_ALONE, |a| a.ip == "255.255.255.255"),
    hosts("10.0.0.7", V4_ALONE, |a| a.ip == "10.0.0.7"),
    hosts("[::ffff:8.8.8.8]", V4_ALONE, |a| a.ip == "8.8.8.8"),
    hosts("127.255.255.254", V4_ALONE, |a| a.ip == "127.255.255.254"),
];
