//! Why an operation is refused, and what would allow it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::{Endpoint, Host, Interface, Name, Pattern, Right, Zone};

/// What was refused.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Operation {
    /// A bind, explicit or implied.
    Bind,
    /// A connect.
    Connect,
    /// A datagram.
    Send,
    /// A lookup.
    Resolve,
    /// Joining a multicast group.
    Join,
    /// Choosing the interface that multicast datagrams leave by.
    MulticastInterface,
    /// Telling the name or the index of an interface.
    ShowInterface,
}

impl Operation {
    /// `bind`, `connect`, `send`, `resolve`, `join`, `multicast-interface` or `show-interface`.
    pub fn as_str(self) -> &'static str {
        match self {
            Operation::Bind => "bind",
            Operation::Connect => "connect",
            Operation::Send => "send",
            Operation::Resolve => "resolve",
            Operation::Join => "join",
            Operation::MulticastInterface => "multicast-interface",
            Operation::ShowInterface => "show-interface",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Makes the closed list: a variant, its label, and what a person reads.
macro_rules! reasons {
    ($($(#[$doc:meta])+ $name:ident = $label:literal, $text:literal;)+) => {
        /// Why an operation was refused: a closed list with stable labels.
        #[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum Reason { $($(#[$doc])+ $name,)+ }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Reason] = &[$(Reason::$name),+];

            /// The stable label, for programs: lower case with hyphens.
            pub fn as_str(self) -> &'static str {
                match self { $(Reason::$name => $label),+ }
            }

            /// A few words for a person.
            pub fn text(self) -> &'static str {
                match self { $(Reason::$name => $text),+ }
            }
        }
    };
}

reasons! {
    /// No pattern covers it.
    NotGranted = "not-granted", "not granted";
    /// A denied pattern covers it.
    Denied = "denied", "denied";
    /// The destination is `0.0.0.0` or `::`, or embeds `0.0.0.0`.
    UnspecifiedDestination = "unspecified-destination", "the unspecified address is no destination";
    /// The destination's port is 0.
    Port0 = "port-0", "port 0 is no destination";
    /// The destination embeds a multicast group.
    EmbeddedMulticast = "embedded-multicast", "a multicast group inside an IPv6 address is no destination";
    /// What is to be joined is no multicast group.
    NotAGroup = "not-a-group", "only multicast groups can be joined";
    /// The group is granted, but on another interface.
    OtherInterface = "other-interface", "granted on another interface";
    /// Joining the group is granted, but from other sources.
    OtherSource = "other-source", "granted from other sources";
    /// No send or join pattern is for groups on the interface, or none names it.
    InterfaceNotGranted = "interface-not-granted", "no grant is for groups on that interface";
    /// The destination is the limited broadcast address, and no broadcast pattern covers it.
    BroadcastNeedsGrant = "broadcast-needs-grant", "a broadcast needs a broadcast grant";
    /// A broadcast pattern covers it, but the guest's broadcast switch is off.
    BroadcastOff = "broadcast-off", "the guest did not switch broadcast on";
    /// A connect to a broadcast address.
    BroadcastConnect = "broadcast-connect", "a broadcast address is no peer to connect to";
    /// A connect of a socket that was handed in to several.
    HeldByOthers = "held-by-others", "the socket was handed in to others too";
    /// A bind to the limited broadcast address.
    BroadcastBind = "broadcast-bind", "a broadcast address cannot be bound";
    /// The bind is granted, but without `shared`, and the guest asked for reuse.
    NotShared = "not-shared", "granted, but not shared";
    /// A reply to an address of this host on the socket's own port.
    OwnAddress = "own-address", "a reply does not go to the socket itself";
    /// A reply to IPv4 link-local (169.254.0.0/16).
    LinkLocalReply = "link-local-reply", "a reply does not go to an IPv4 link-local address";
    /// A name in a send pattern, whose address is not global unicast.
    NameNotGlobal = "name-not-global", "a name gives global addresses only";
    /// A name in a send pattern, whose address is one of this host.
    NameOwnAddress = "name-own-address", "a name does not give an address of this host";
    /// A name in a send pattern, which the guest did not look up again in time.
    NameExpired = "name-expired", "its name was looked up too long ago";
    /// A name in a send pattern, which the guest may not look up any more.
    NameWithdrawn = "name-withdrawn", "its name may no longer be looked up";
    /// Granted, but the embedder's own code refuses it.
    Narrowed = "narrowed", "granted, but refused by the host";
    /// Granted, but the embedder's pool of addresses does not have it.
    OutsidePool = "outside-pool", "granted, but outside the host's pool of addresses";
    /// A wildcard bind that would receive at an address that is denied.
    WildcardOverlapsDeny = "wildcard-overlaps-deny", "the wildcard overlaps a denied address";
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// What an operation was about.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Subject {
    /// The canonical address that was judged. For an implied bind the unspecified address and port 0.
    Address(SocketAddr),
    /// The name to look up.
    Name(Name),
    /// A multicast group.
    Group {
        /// The group, as a pattern names it: with the interface that was judged.
        group: Host,
        /// The port; none for a join.
        port: Option<u16>,
        /// The one source of a join.
        source: Option<IpAddr>,
    },
    /// An interface; none if nothing is known of it.
    Interface(Option<Zone>),
}

impl Subject {
    /// An address, or a group on an interface.
    pub(super) fn of(endpoint: &Endpoint, interface: Interface) -> Subject {
        match endpoint.is_multicast() {
            true => Subject::group(endpoint.ip(), interface.of(endpoint), Some(endpoint.port()), None),
            false => endpoint.into(),
        }
    }

    /// What is a group, or was to be one.
    pub(super) fn group(group: IpAddr, interface: Interface, port: Option<u16>, source: Option<IpAddr>) -> Subject {
        Subject::Group {
            group: Host::Groups {
                groups: group.into(),
                interface: interface.zone(),
            },
            port,
            source,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Address(address) => address.fmt(f),
            Subject::Name(name) => name.fmt(f),
            Subject::Group { group, port, source } => {
                group.fmt(f)?;
                port.map_or(Ok(()), |port| write!(f, ":{port}"))?;
                source.map_or(Ok(()), |source| write!(f, " from {source}"))
            }
            Subject::Interface(Some(zone)) => zone.fmt(f),
            Subject::Interface(None) => f.write_str("unknown"),
        }
    }
}

impl From<&Endpoint> for Subject {
    fn from(endpoint: &Endpoint) -> Subject {
        Subject::Address(endpoint.socket_addr())
    }
}

impl From<&Interface> for Subject {
    fn from(interface: &Interface) -> Subject {
        Subject::Interface(interface.zone())
    }
}

impl From<&Name> for Subject {
    fn from(name: &Name) -> Subject {
        Subject::Name(name.clone())
    }
}

/// An operation that was refused: the operation, the address or name, the reason, and the grant that would allow it.
///
/// It prints as one line without the spelling of any flag, such as `bind 127.0.0.1:41234: not granted` or
/// `send 10.0.0.7:53: denied (deny send 10.0.0.0/8:*)`. It is for the operator; the guest learns only that access was
/// denied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Denial {
    operation: Operation,
    subject: Subject,
    reason: Reason,
    embedded: Option<Ipv4Addr>,
    /// Boxed, as an error that is passed on is best small.
    rule: Option<Box<(Right, String)>>,
    fixes: Vec<(Right, String)>,
}

impl Denial {
    pub(crate) fn new(operation: Operation, subject: impl Into<Subject>, reason: Reason) -> Denial {
        Denial {
            operation,
            subject: subject.into(),
            reason,
            embedded: None,
            rule: None,
            fixes: Vec::new(),
        }
    }

    /// A denial by a pattern.
    pub(super) fn by(mut self, right: Right, rule: Option<&Pattern>) -> Denial {
        self.rule = rule.map(|rule| Box::new((right, rule.to_string())));
        self
    }

    /// The embedded IPv4 address is what was refused.
    pub(super) fn embedding(mut self, judged: &Endpoint) -> Denial {
        self.embedded = match (judged.socket_addr(), &self.subject) {
            (SocketAddr::V4(v4), Subject::Address(SocketAddr::V6(_))) => Some(*v4.ip()),
            _ => None,
        };
        self
    }

    /// One more grant that it takes.
    pub(super) fn fixed_by(mut self, right: Right, pattern: impl fmt::Display) -> Denial {
        self.fixes.push((right, pattern.to_string()));
        self
    }

    /// What was refused.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// What the operation was about.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Why.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// The IPv4 address that the address embeds, where that is what was refused.
    pub fn embedded(&self) -> Option<Ipv4Addr> {
        self.embedded
    }

    /// The denied pattern that refused it, canonically, and its right.
    pub fn rule(&self) -> Option<(Right, &str)> {
        let (right, pattern) = self.rule.as_deref()?;
        Some((*right, pattern))
    }

    /// The narrowest pattern that would allow it; none where no grant can. The first of [`Denial::fixes`].
    pub fn fix(&self) -> Option<(Right, &str)> {
        let fix = self.fixes.first();
        fix.map(|(right, pattern)| (*right, pattern.as_str()))
    }

    /// The narrowest patterns that would allow it, together. There are two only where an IPv6 address that embeds an
    /// IPv4 address is granted as neither, and where a group to bind to is granted neither to bind nor to join.
    pub fn fixes(&self) -> &[(Right, String)] {
        &self.fixes
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Denial {
            operation,
            subject,
            reason,
            ..
        } = self;
        write!(f, "{operation} {subject}: {reason}")?;
        if let Some(ip) = self.embedded {
            write!(f, " for the embedded {ip}")?;
        }
        if let Some((right, rule)) = self.rule.as_deref() {
            write!(f, " (deny {right} {rule})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Denial {}
