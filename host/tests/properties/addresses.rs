//! Addresses near to where they are judged differently, networks, and the classes as lists of networks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};

use datagrant::grants::{Endpoint, Interface, InterfaceName};
use proptest::prelude::*;
use proptest::sample::select;

/// The interfaces that there are: index and name.
pub const INTERFACES: [(u32, &str); 3] = [(1, "lo"), (2, "eth0"), (3, "br-1a2b.3_c+d")];

/// The first address of each range that is judged in its own way, or one in it.
const V4: &[&str] = &[
    "0.0.0.0",
    "0.0.0.1",
    "10.0.0.0",
    "10.0.0.7",
    "100.64.0.0",
    "127.0.0.1",
    "169.254.0.0",
    "172.16.0.0",
    "192.0.0.8",
    "192.0.2.0",
    "192.88.99.0",
    "192.168.0.0",
    "198.18.0.0",
    "198.51.100.0",
    "203.0.113.0",
    "8.8.8.8",
    "224.0.0.0",
    "224.0.0.251",
    "239.255.255.255",
    "240.0.0.0",
    "255.255.255.255",
];

const V6: &[&str] = &[
    "::",
    "::1",
    "::2",
    "::ffff:0:0",
    "::ffff:10.0.0.7",
    "::10.0.0.7",
    "64:ff9b::",
    "64:ff9b::10.0.0.7",
    "64:ff9b::8.8.8.8",
    "64:ff9b::224.0.0.1",
    "64:ff9b:1::",
    "100::",
    "2000::",
    "2001::",
    "2001:1::1",
    "2001:3::",
    "2001:4:112::",
    "2001:20::",
    "2001:200::",
    "2001:db8::",
    "2002::",
    "2002:a00:7::1",
    "2002:808:808::1",
    "3fff::",
    "4000::",
    "fc00::",
    "fe80::",
    "fe80::1",
    "fec0::",
    "ff01::1",
    "ff02::fb",
    "ff05::77",
    "ff0e::1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
];

/// An address, mostly one of the edges or its neighbour. Never IPv4-mapped: how a pattern spells it is apart.
pub fn ip() -> impl Strategy<Value = IpAddr> {
    let near = |edges: &'static [&'static str]| (select(edges), -1i32..=1);
    let v4 = prop_oneof![
        4 => near(V4).prop_map(|(edge, by)| {
            let ip: Ipv4Addr = edge.parse().expect(edge);
            Ipv4Addr::from_bits(ip.to_bits().wrapping_add_signed(by))
        }),
        1 => any::<u32>().prop_map(Ipv4Addr::from_bits),
    ];
    let v6 = prop_oneof![
        4 => near(V6).prop_map(|(edge, by)| {
            let ip: Ipv6Addr = edge.parse().expect(edge);
            Ipv6Addr::from_bits(ip.to_bits().wrapping_add_signed(by.into()))
        }),
        1 => any::<u128>().prop_map(Ipv6Addr::from_bits),
    ];
    prop_oneof![v4.prop_map(IpAddr::V4), v6.prop_map(|ip| IpAddr::V6(ip).to_canonical())]
}

/// A port, mostly one of few.
pub fn port() -> impl Strategy<Value = u16> {
    prop_oneof![4 => select(&[1u16, 52, 53, 54, 80, 5353, 65534, 65535][..]), 1 => 1u16..]
}

/// Where something is sent to, or bound: an endpoint and the interface that it is on.
pub fn place() -> impl Strategy<Value = (Endpoint, Interface)> {
    (ip(), port(), select(&INTERFACES[..])).prop_map(|(ip, port, (index, name))| {
        let address = match ip {
            IpAddr::V4(_) => SocketAddr::new(ip, port),
            IpAddr::V6(ip) => SocketAddrV6::new(ip, port, 0, index).into(),
        };
        let interface = Interface {
            index,
            name: InterfaceName::new(name).expect("short"),
        };
        (Endpoint::new(address).expect("it has a scope id"), interface)
    })
}

/// A network: its first address, and the length of its prefix.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Net {
    pub first: IpAddr,
    pub length: u8,
}

impl Net {
    /// The network of an address.
    pub fn of(ip: IpAddr, length: u8) -> Net {
        let first = match ip {
            IpAddr::V4(ip) => Ipv4Addr::from_bits(ip.to_bits() & mask(32, length) as u32).into(),
            IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & mask(128, length)).into(),
        };
        Net { first, length }
    }

    pub fn contains(self, ip: IpAddr) -> bool {
        self.first.is_ipv6() == ip.is_ipv6() && Net::of(ip, self.length).first == self.first
    }

    fn read(text: &str) -> Net {
        let (ip, length) = text.split_once('/').expect(text);
        let net = Net {
            first: ip.parse().expect(text),
            length: length.parse().expect(text),
        };
        assert_eq!(net, Net::of(net.first, net.length), "{text}");
        net
    }
}

fn mask(bits: u32, length: u8) -> u128 {
    let host = bits - u32::from(length);
    match host {
        128 => 0,
        _ => u128::MAX << host,
    }
}

fn among(nets: &[&str], ip: IpAddr) -> bool {
    nets.iter().any(|net| Net::read(net).contains(ip))
}

/// Unicast that IANA's registries of special purposes do not take from the global, with the exceptions that they make.
fn is_global(ip: IpAddr) -> bool {
    const BACK: &[&str] = &[
        "192.0.0.9/32",
        "192.0.0.10/32",
        "64:ff9b::/96",
        "2001:1::1/128",
        "2001:1::2/128",
        "2001:1::3/128",
        "2001:3::/32",
        "2001:4:112::/48",
        "2001:20::/28",
        "2001:30::/28",
    ];
    const TAKEN: &[&str] = &[
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    ];
    let within = ip.is_ipv4() || among(&["2000::/3"], ip);
    among(BACK, ip) || within && !among(TAKEN, ip)
}

/// Whether an address is in a class, as a pattern spells it.
pub fn in_class(class: &str, ip: IpAddr) -> bool {
    match class {
        "@loopback" => among(&["127.0.0.0/8", "::1/128"], ip),
        "@private" => among(&["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"], ip),
        "@link-local" => among(&["169.254.0.0/16", "fe80::/10"], ip),
        "@global" | "*" => is_global(ip),
        _ => panic!("{class} is no class"),
    }
}

/// Groups.
pub fn is_group(ip: IpAddr) -> bool {
    among(&["224.0.0.0/4", "ff00::/8"], ip)
}

/// What no CIDR gives: groups, limited broadcast, unspecified.
pub fn is_special(ip: IpAddr) -> bool {
    is_group(ip) || among(&["0.0.0.0/32", "255.255.255.255/32", "::/128"], ip)
}

/// Addresses that mean something only with an interface.
pub fn needs_interface(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(_) => false,
        IpAddr::V6(ip) => {
            let scope = ip.octets()[1] & 0xf;
            among(&["fe80::/10"], ip.into()) || is_group(ip.into()) && (scope == 1 || scope == 2)
        }
    }
}

/// The IPv4 address inside of an IPv6 address: IPv4-compatible, NAT64, 6to4.
pub fn embedded(ip: IpAddr) -> Option<IpAddr> {
    let IpAddr::V6(v6) = ip else { return None };
    let [.., a, b, c, d] = v6.octets();
    let [_, _, e, f, g, h, ..] = v6.octets();
    let last = Some(IpAddr::from([a, b, c, d]));
    match ip {
        _ if among(&["::/127"], ip) => None,
        _ if among(&["::/96", "64:ff9b::/96"], ip) => last,
        _ if among(&["2002::/16"], ip) => Some(IpAddr::from([e, f, g, h])),
        _ => None,
    }
}
