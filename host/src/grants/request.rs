//! What is asked of [`decide`](super::decide), and what it permits.

use std::net::IpAddr;

use super::{Endpoint, Interface, Name, Pin, PortSet};

/// A bind to an address.
///
/// Answered by [`BindPermit`]. An IPv6 socket that is given a mapped address asks with the IPv4 [`Endpoint`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Bind {
    /// The address and port to bind; port 0 asks for any port.
    pub local: Endpoint,
    /// Whether this is an IPv6 socket that is not IPv6-only yet. Matters for the wildcard only.
    pub dual_stack: bool,
    /// Whether the guest asked for address or port reuse.
    pub reuse: bool,
    /// The interface that a link-local address belongs to; unknown for other addresses.
    pub interface: Interface,
}

/// The bind that a send or a connect of an unbound socket implies: to the unspecified address and port 0.
///
/// Asked after the send or the connect itself was permitted. Answered by [`BindPermit`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct ImplicitBind {
    /// Whether this is an IPv6 socket.
    pub ipv6: bool,
    /// Whether it is not IPv6-only.
    pub dual_stack: bool,
}

/// How a bind is to be done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BindPermit {
    /// What the socket may do later.
    pub basis: Basis,
    /// Which port to bind.
    pub ports: Ports,
    /// Whether an IPv6 socket is to be made IPv6-only before the bind. For the IPv6 wildcard true unless both families
    /// are permitted; for other IPv6 addresses as it was, because it makes no difference; false for IPv4.
    pub ipv6_only: bool,
    /// Whether address and port reuse may be on for this bind.
    pub reuse: bool,
}

/// What a bind was permitted by.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Basis {
    /// A bind grant: the socket receives from anyone and may reply.
    Granted,
    /// A send or broadcast grant: the socket receives only from the exact peers that it sent to, and does not reply.
    Client,
}

/// Which port to bind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ports {
    /// The one that was asked for.
    Requested,
    /// Any one that the kernel picks: bind to port 0.
    Kernel,
    /// A free one of these, which the host picks. Never empty, never with port 0.
    Within(PortSet),
}

/// A socket that is bound, and whether it may stay as it is: asked of every socket when grants are replaced, and of one
/// that was handed in when it is taken. Permitted by `()`.
///
/// It may if these grants would have given it its bind: a socket that says `shared`, hears both families or has a port of
/// the system's choice needs what that needs. One that was handed in is granted by its name, and stays unless a bind to
/// its address is denied.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Hash)]
pub struct Hold {
    /// Where it is bound, with the port that it got.
    pub local: Endpoint,
    /// Whether port 0 was asked for: then a grant of port 0 gives it its port.
    pub any_port: bool,
    /// Whether it is a wildcard that hears IPv4 beside IPv6.
    pub dual_stack: bool,
    /// Whether the guest has address or port reuse on it.
    pub reuse: bool,
    /// As in [`Bind`].
    pub interface: Interface,
    /// What it holds its address by.
    pub by: HeldBy,
}

/// What a socket holds its address by.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum HeldBy {
    /// A bind that was permitted, on this basis.
    Bind(Basis),
    /// Its name: the embedder handed it in.
    Name,
}

impl Hold {
    /// A socket that was bound as `permit` said to `request`, and got this port.
    pub fn of(request: &Bind, permit: &BindPermit, port: u16) -> Hold {
        Hold {
            local: request.local.with_port(port),
            any_port: request.local.port() == 0,
            dual_stack: request.dual_stack && !permit.ipv6_only,
            reuse: permit.reuse,
            interface: request.interface,
            by: HeldBy::Bind(permit.basis),
        }
    }

    /// What the socket may do: one that was handed in has what a bind grant gives.
    pub fn basis(&self) -> Basis {
        match self.by {
            HeldBy::Bind(basis) => basis,
            HeldBy::Name => Basis::Granted,
        }
    }

    /// The bind that was asked for.
    pub(super) fn asked(&self) -> Bind {
        Bind {
            local: self.local.with_port(if self.any_port { 0 } else { self.local.port() }),
            dual_stack: self.dual_stack,
            reuse: self.reuse,
            interface: self.interface,
        }
    }
}

/// A connect. It needs a send grant, a reply is not enough. Permitted by `()`.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Connect<'a> {
    /// The peer.
    pub remote: Endpoint,
    /// Whether others hold the socket too, or the port that it was handed in with: a connect would be theirs as well.
    pub held_by_others: bool,
    /// As in [`Send`].
    pub interface: Interface,
    /// The names of the peer, as in [`Send`].
    pub names: &'a [Pin],
}

impl Connect<'_> {
    /// A connect of a socket that nobody else holds, to a peer that no pin names.
    pub fn to(remote: Endpoint) -> Connect<'static> {
        Connect {
            remote,
            held_by_others: false,
            interface: Interface::UNKNOWN,
            names: &[],
        }
    }
}

/// One datagram, also on a connected socket. Answered by [`SendPermit`].
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Send<'a> {
    /// The destination; on a connected socket the peer.
    pub remote: Endpoint,
    /// What the host knows about the socket.
    pub socket: SendFacts,
    /// The interface that a multicast group or a link-local address is reached by; unknown for other destinations. What is
    /// sent to a group leaves by it.
    pub interface: Interface,
    /// The names of the destination's address, of [`Pins::of`](super::Pins::of); none need be told where no pattern
    /// [names a host](super::Grants::sends_by_name).
    pub names: &'a [Pin],
}

impl Send<'_> {
    /// A datagram to a destination that no pin names.
    pub fn to(remote: Endpoint, socket: SendFacts) -> Send<'static> {
        Send {
            remote,
            socket,
            interface: Interface::UNKNOWN,
            names: &[],
        }
    }
}

/// Joining a multicast group. Permitted by `()`.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Join {
    /// The group, not IPv4-mapped.
    pub group: IpAddr,
    /// The interface to join on.
    pub interface: Interface,
    /// The one source to receive from; none: any.
    pub source: Option<IpAddr>,
}

/// Choosing the interface that multicast datagrams leave by. Each of them is judged apart; this is about who may learn
/// that the interface exists. Permitted by `()`.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct MulticastInterface {
    /// The interface.
    pub interface: Interface,
}

/// Telling a guest the name or the index of an interface. Permitted by `()`.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct ShowInterface {
    /// The interface, which exists.
    pub interface: Interface,
    /// Whether the guest holds an address that carries its index.
    pub known: bool,
}

/// A lookup of a name. Permitted by `()`.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Resolve<'a> {
    /// The name.
    pub name: &'a Name,
}

/// What the host knows about a socket and a destination when it asks about a [`Send`].
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct SendFacts {
    /// What the socket's bind was permitted by; [`Basis::Client`] for one that is not bound yet.
    pub basis: Basis,
    /// Whether the destination wrote to this same socket within the last 60 s.
    pub recent_peer: bool,
    /// Whether the `from` of the socket's bind names the destination, where that is IPv4 link-local: see
    /// [`Sources::name_link_local`](super::Sources::name_link_local).
    pub link_local_named: bool,
    /// Whether the destination is an address of this host and the port is the socket's own.
    pub own_address: bool,
    /// The guest's own broadcast switch.
    pub broadcast: bool,
}

/// How a datagram is to be sent.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct SendPermit {
    /// What permitted it.
    pub via: Via,
    /// Whether SO_BROADCAST is to be on around this send.
    pub broadcast: bool,
}

/// What a datagram was permitted by.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Via {
    /// A send grant.
    Grant,
    /// The reply right, which a granted bind includes: the destination wrote to this socket lately.
    Reply,
    /// A broadcast grant.
    Broadcast,
}
