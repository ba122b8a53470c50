//! Patterns of every right, made from the grammar's table part by part: each knows what it means.

use std::fmt;
use std::net::IpAddr;
use std::ops::RangeInclusive;

use datagrant::grants::{Interface, Right};
use proptest::prelude::*;
use proptest::sample::select;

use crate::addresses::{INTERFACES, Net, in_class, ip, is_group, is_special, needs_interface, port};

/// A pattern, as it was made.
#[derive(Clone, Debug)]
pub struct Pattern {
    pub hosts: Hosts,
    pub ports: Vec<RangeInclusive<u16>>,
    /// `*` instead of `1-65535`.
    star: bool,
    pub source: Option<Net>,
    pub shared: bool,
    /// `shared` stands before `from`.
    shared_first: bool,
    /// IPv4 is spelt as mapped IPv6.
    mapped: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Hosts {
    Wildcard {
        v6: bool,
    },
    Address(IpAddr, Option<On>),
    Net(Net),
    /// One group or a net of them, with the interface after `@` or, for one of IPv6, after `%`.
    Groups {
        net: Net,
        single: bool,
        on: Option<On>,
        percent: bool,
    },
    Class(&'static str),
    Name(String),
    NamesUnder(String),
    AnyName,
}

/// One of [`INTERFACES`], by its index or by its name.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct On {
    interface: usize,
    by_name: bool,
}

impl On {
    fn is(self, interface: &Interface) -> bool {
        INTERFACES[self.interface].0 == interface.index
    }
}

impl Pattern {
    /// Whether an address on an interface is among the hosts; of a denied pattern if `deny`.
    pub fn covers(&self, ip: IpAddr, on: &Interface, deny: bool) -> bool {
        let is_on = |own: &Option<On>| own.is_none_or(|own| own.is(on));
        match &self.hosts {
            Hosts::Wildcard { v6 } => {
                let broadcast = ip == IpAddr::from([255; 4]);
                ip.is_ipv6() == *v6 && !is_group(ip) && !broadcast
            }
            Hosts::Address(own, interface) => *own == ip && is_on(interface),
            Hosts::Net(net) => net.contains(ip) && (deny || !is_special(ip)),
            Hosts::Groups { net, on, .. } => net.contains(ip) && is_on(on),
            Hosts::Class(class) => in_class(class, ip),
            Hosts::Name(_) | Hosts::NamesUnder(_) | Hosts::AnyName => false,
        }
    }

    /// The same hosts and ports, for a list of what is denied.
    pub fn denied(mut self) -> Pattern {
        (self.source, self.shared) = (None, false);
        self
    }

    pub fn has_port(&self, port: u16) -> bool {
        self.ports.iter().any(|range| range.contains(&port))
    }

    /// Whether some address of a family is among the hosts.
    pub fn reaches(&self, v6: bool) -> bool {
        match &self.hosts {
            Hosts::Wildcard { v6: own } => *own == v6,
            Hosts::Address(ip, _) => ip.is_ipv6() == v6,
            Hosts::Net(net) | Hosts::Groups { net, .. } => net.first.is_ipv6() == v6,
            Hosts::Class(_) => true,
            Hosts::Name(_) | Hosts::NamesUnder(_) | Hosts::AnyName => false,
        }
    }

    pub fn covers_name(&self, name: &str) -> bool {
        match &self.hosts {
            Hosts::Name(own) => own.eq_ignore_ascii_case(name),
            Hosts::NamesUnder(own) => name
                .to_ascii_lowercase()
                .ends_with(&format!(".{}", own.to_ascii_lowercase())),
            Hosts::AnyName => true,
            _ => false,
        }
    }
}

/// Names of few letters, so that they meet.
pub fn name() -> impl Strategy<Value = String> {
    "([aB]\\.){0,2}(example|eXample|x-1|xn--a|0a)"
}

fn on() -> impl Strategy<Value = On> {
    (0..INTERFACES.len(), any::<bool>()).prop_map(|(interface, by_name)| On { interface, by_name })
}

fn address() -> impl Strategy<Value = Hosts> {
    let ip = ip().prop_filter("groups are apart", |ip| !is_group(*ip));
    (ip, proptest::option::of(on())).prop_map(|(ip, on)| Hosts::Address(ip, on.filter(|_| needs_interface(ip))))
}

fn length(ip: IpAddr) -> impl Strategy<Value = u8> {
    0..=if ip.is_ipv6() { 128 } else { 32u8 }
}

/// A CIDR that is not of groups alone. One address that no CIDR covers is none.
fn net() -> impl Strategy<Value = Net> {
    let any = ip().prop_flat_map(|ip| (Just(ip), length(ip)));
    let net = any.prop_map(|(ip, length)| Net::of(ip, length));
    net.prop_filter("groups, and what a CIDR does not cover", |net| {
        let groups = is_group(net.first) && net.length >= if net.first.is_ipv6() { 8 } else { 4 };
        let single = net.length == if net.first.is_ipv6() { 128 } else { 32 };
        !(groups || single && is_special(net.first))
    })
}

fn groups() -> impl Strategy<Value = Hosts> {
    let group = ip().prop_filter("no group", |ip| is_group(*ip));
    let all = |ip: IpAddr| if ip.is_ipv6() { 8..=128u8 } else { 4..=32 };
    let net = group.prop_flat_map(move |ip| (Just(ip), all(ip), any::<bool>()));
    (net, proptest::option::of(on()), any::<bool>()).prop_map(|((ip, length, single), on, percent)| {
        let most = if ip.is_ipv6() { 128 } else { 32 };
        Hosts::Groups {
            net: Net::of(ip, if single { most } else { length }),
            single,
            on,
            percent: percent && single && ip.is_ipv6() && on.is_some(),
        }
    })
}

fn names() -> impl Strategy<Value = Hosts> {
    prop_oneof![name().prop_map(Hosts::Name), name().prop_map(Hosts::NamesUnder)]
}

/// The hosts that a right takes.
fn hosts(right: Right) -> BoxedStrategy<Hosts> {
    let class = select(&["@loopback", "@private", "@link-local", "@global", "*"][..]).prop_map(Hosts::Class);
    let net = net().prop_map(Hosts::Net);
    match right {
        Right::Bind => prop_oneof![
            any::<bool>().prop_map(|v6| Hosts::Wildcard { v6 }),
            address(),
            net,
            class,
            groups().prop_map(|hosts| match hosts {
                Hosts::Groups { net, single, .. } if !needs_interface(net.first) => Hosts::Groups {
                    net,
                    single,
                    on: None,
                    percent: false,
                },
                scoped => scoped,
            }),
        ]
        .prop_filter("no bind host", |hosts| match hosts {
            Hosts::Class(class) => !matches!(*class, "@global" | "*"),
            Hosts::Address(ip, _) => !is_special(*ip),
            _ => true,
        })
        .boxed(),
        Right::Send => prop_oneof![
            address().prop_filter(
                "no send host",
                |hosts| !matches!(hosts, Hosts::Address(ip, _) if is_special(*ip))
            ),
            net,
            class,
            groups(),
            names(),
        ]
        .boxed(),
        Right::Broadcast => ip()
            .prop_filter("no broadcast host", |ip| {
                ip.is_ipv4() && !is_group(*ip) && !ip.is_unspecified()
            })
            .prop_map(|ip| Hosts::Address(ip, None))
            .boxed(),
        Right::Resolve => prop_oneof![4 => names(), 1 => Just(Hosts::AnyName)].boxed(),
        _ => groups().boxed(),
    }
}

fn ports(right: Right) -> BoxedStrategy<(Vec<RangeInclusive<u16>>, bool)> {
    let least = u16::from(right != Right::Bind);
    let one = prop_oneof![1 => Just(least), 4 => port()].prop_map(|port| port..=port);
    let range = (port(), port()).prop_map(|(a, b)| a.min(b)..=a.max(b));
    let list = proptest::collection::vec(prop_oneof![one.clone(), range], 1..4);
    let every = Just((vec![1..=u16::MAX], true));
    match right {
        Right::Broadcast => one.prop_map(|port| (vec![port], false)).boxed(),
        Right::Resolve | Right::Join => Just((vec![], false)).boxed(),
        _ => prop_oneof![3 => list.prop_map(|list| (list, false)), 1 => every].boxed(),
    }
}

/// A pattern of a right; of what is denied if `deny`, which has no suffix.
pub fn pattern(right: Right, deny: bool) -> impl Strategy<Value = Pattern> {
    let suffixes = (proptest::option::of(net()), any::<[bool; 3]>());
    (hosts(right), ports(right), suffixes).prop_map(move |(hosts, (ports, star), (source, [shared, first, mapped]))| {
        let sourced = !deny && matches!(right, Right::Bind | Right::Join);
        let mut pattern = Pattern {
            hosts,
            ports,
            star,
            source: None,
            shared: shared && !deny && right == Right::Bind,
            shared_first: first,
            mapped,
        };
        pattern.source = source.filter(|net| sourced && pattern.reaches(net.first.is_ipv6()));
        pattern
    })
}

/// A right, a list and a pattern of it.
pub fn any_pattern() -> impl Strategy<Value = (Right, bool, Pattern)> {
    (select(&Right::ALL[..]), any::<bool>())
        .prop_flat_map(|(right, deny)| (Just(right), Just(deny), pattern(right, deny)))
}

impl fmt::Display for On {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (index, name) = INTERFACES[self.interface];
        match self.by_name {
            true => f.write_str(name),
            false => index.fmt(f),
        }
    }
}

/// An address, or a network with `length`, in brackets where they belong.
struct Spelt {
    ip: IpAddr,
    zone: Option<On>,
    length: Option<u8>,
    mapped: bool,
}

impl fmt::Display for Spelt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ip, length) = match self.ip {
            IpAddr::V4(ip) if self.mapped => (IpAddr::V6(ip.to_ipv6_mapped()), self.length.map(|length| 96 + length)),
            ip => (ip, self.length),
        };
        let (open, close) = if ip.is_ipv6() { ("[", "]") } else { ("", "") };
        write!(f, "{open}{ip}")?;
        self.zone.map_or(Ok(()), |zone| write!(f, "%{zone}"))?;
        length.map_or(Ok(()), |length| write!(f, "/{length}"))?;
        f.write_str(close)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spelt = |ip, zone, length| Spelt {
            ip,
            zone,
            length,
            mapped: self.mapped,
        };
        match &self.hosts {
            Hosts::Wildcard { v6: false } => write!(f, "{}", spelt([0; 4].into(), None, None))?,
            Hosts::Wildcard { v6: true } => f.write_str("[::]")?,
            Hosts::Address(ip, zone) => write!(f, "{}", spelt(*ip, *zone, None))?,
            Hosts::Net(net) => write!(f, "{}", spelt(net.first, None, Some(net.length)))?,
            Hosts::Groups {
                net,
                single,
                on,
                percent,
            } => {
                let (zone, at) = if *percent { (*on, None) } else { (None, *on) };
                write!(f, "{}", spelt(net.first, zone, (!single).then_some(net.length)))?;
                at.map_or(Ok(()), |at| write!(f, "@{at}"))?;
            }
            Hosts::Class(class) => f.write_str(class)?,
            Hosts::Name(name) => f.write_str(name)?,
            Hosts::NamesUnder(name) => write!(f, "*.{name}")?,
            Hosts::AnyName => f.write_str("*")?,
        }
        for (index, range) in self.ports.iter().enumerate() {
            f.write_str(if index == 0 { ":" } else { "," })?;
            match (range.start(), range.end()) {
                _ if self.star => f.write_str("*")?,
                (first, last) if first == last => write!(f, "{first}")?,
                (first, last) => write!(f, "{first}-{last}")?,
            }
        }
        let shared = |f: &mut fmt::Formatter<'_>| f.write_str(if self.shared { " shared" } else { "" });
        if self.shared_first {
            shared(f)?;
        }
        if let Some(net) = &self.source {
            write!(f, " from {}", spelt(net.first, None, Some(net.length)))?;
        }
        if !self.shared_first {
            shared(f)?;
        }
        Ok(())
    }
}
