//! Sends and connects.

use super::super::address::Bits;
use super::super::index::Marks;
use super::super::{
    Basis, Connect, Denial, Endpoint, Grants, Interface, Operation, Pin, Reason, Right, Send, SendFacts, SendPermit,
    Via, is_global,
};
use super::groups;

/// A destination, and the IPv4 destination that it embeds: "IPv4 embedded in IPv6 is judged as both; either denial
/// wins" (rule 2).
struct Target<'a> {
    operation: Operation,
    remote: &'a Endpoint,
    interface: Interface,
    embedded: Option<Endpoint>,
    /// Where the request has them: mostly there are none, and then they are not to cost a nanosecond.
    names: &'a &'a [Pin],
}

/// What the lists say of a destination that is not denied.
struct Said {
    /// Whether send patterns cover it, and the address that it embeds, or a name of it.
    granted: bool,
    /// Whether a broadcast pattern covers it.
    broadcast: bool,
}

/// Rule 5: connect needs send; a socket handed in is connected by its only holder.
pub(super) fn connect(grants: &Grants, request: &Connect<'_>) -> Result<(), Denial> {
    let target = Target::new(Operation::Connect, &request.remote, request.interface, &request.names);
    if !target.is_ordinary() && target.special(grants)? {
        return match request.held_by_others {
            true => Err(target.refuse(Reason::HeldByOthers)),
            false => Ok(()),
        };
    }
    let said = target.judge::<true>(grants)?;
    if target.remote.is_limited_broadcast() {
        return Err(target.refuse(Reason::BroadcastConnect));
    }
    if said.granted && request.held_by_others {
        return Err(target.refuse(Reason::HeldByOthers));
    }
    if said.granted {
        return Ok(());
    }
    if said.broadcast {
        return Err(target.refuse(Reason::BroadcastConnect));
    }
    Err(target.not_granted(grants, Reason::NotGranted))
}

pub(super) fn send(grants: &Grants, request: &Send<'_>) -> Result<SendPermit, Denial> {
    match request.names {
        [] => send_to::<false>(grants, request),
        _ => send_to::<true>(grants, request),
    }
}

fn send_to<const NAMED: bool>(grants: &Grants, request: &Send<'_>) -> Result<SendPermit, Denial> {
    let target = Target::new(Operation::Send, &request.remote, request.interface, &request.names);
    let socket = &request.socket;
    if !target.is_ordinary() && target.special(grants)? {
        return permit(Via::Grant);
    }
    let said = target.judge::<NAMED>(grants)?;
    if said.broadcast && socket.broadcast {
        return permit(Via::Broadcast);
    }
    // Without a branch between the two: which of them it is changes from datagram to datagram.
    let reply = target.is_peer(socket) && !said.broadcast;
    if said.granted | reply && !target.remote.is_limited_broadcast() {
        return permit(if said.granted { Via::Grant } else { Via::Reply });
    }
    Err(target.unsent(grants, &said, socket))
}

/// Whether a permitted datagram could have been a reply as well.
pub(super) fn is_reply(grants: &Grants, request: &Send<'_>) -> bool {
    let target = Target::new(Operation::Send, &request.remote, request.interface, &request.names);
    let broadcast = grants.destinations().marks(&request.remote, &target.interface);
    target.is_ordinary() && target.is_peer(&request.socket) && !broadcast.any(Marks::BROADCAST)
}

fn permit(via: Via) -> Result<SendPermit, Denial> {
    Ok(SendPermit {
        via,
        broadcast: via == Via::Broadcast,
    })
}

impl<'a> Target<'a> {
    fn new(operation: Operation, remote: &'a Endpoint, interface: Interface, names: &'a &'a [Pin]) -> Target<'a> {
        Target {
            operation,
            remote,
            interface: interface.of(remote),
            embedded: remote.embedded(),
            names,
        }
    }

    fn addresses(&self) -> impl Iterator<Item = Endpoint> {
        [Some(*self.remote), self.embedded].into_iter().flatten()
    }

    fn refuse(&self, reason: Reason) -> Denial {
        Denial::new(self.operation, self.remote, reason)
    }

    /// Whether the lists of send and broadcast patterns are all that counts.
    fn is_ordinary(&self) -> bool {
        let special = Endpoint::is_special;
        self.remote.port() != 0 && !special(self.remote) && !self.embedded.as_ref().is_some_and(special)
    }

    /// Whether what is special is a group that is granted; an error for what no grant makes a destination of. Of the limited
    /// broadcast address of IPv4 nothing is said here.
    #[cold]
    fn special(&self, grants: &Grants) -> Result<bool, Denial> {
        for address in self.addresses() {
            let reason = if address.is_unspecified() {
                Reason::UnspecifiedDestination
            } else if address.port() == 0 {
                Reason::Port0
            } else if address.is_multicast() && address == *self.remote {
                return groups::send(grants, self.operation, self.remote, &self.interface).map(|()| true);
            } else if address.is_multicast() {
                Reason::EmbeddedMulticast
            } else if address.is_limited_broadcast() && self.remote.is_ipv6() {
                Reason::BroadcastNeedsGrant
            } else {
                continue;
            };
            return Err(self.refuse(reason).embedding(&address));
        }
        Ok(false)
    }

    /// What the lists say of both addresses. "deny: any right, reply and pins included; always wins".
    fn judge<const NAMED: bool>(&self, grants: &Grants) -> Result<Said, Denial> {
        let index = grants.destinations();
        let marks = index.marks(self.remote, &self.interface);
        let embedded = match &self.embedded {
            Some(embedded) => index.marks(embedded, &self.interface),
            None => marks,
        };
        if (marks | embedded).any(Marks::DENIED | Marks::BROADCAST_DENIED) {
            return Err(self.denied(grants));
        }
        let granted = marks.any(Marks::ALLOWED) && embedded.any(Marks::ALLOWED);
        Ok(Said {
            granted: match NAMED {
                true => self.granted_by_name(grants)? || granted,
                false => granted,
            },
            broadcast: marks.any(Marks::BROADCAST),
        })
    }

    /// What patterns say of its names. Denied ones count wherever the address is, allowed ones only where a name may give
    /// it (rule 7); an embedded IPv4 address is part of the address that has the name, and not pinned apart.
    #[cold]
    fn granted_by_name(&self, grants: &Grants) -> Result<bool, Denial> {
        let (allow, deny) = (grants.send.allow.names(), grants.send.deny.names());
        let port = self.remote.port();
        let mut granted = false;
        for pin in self.names.iter().filter(|pin| !pin.expired()) {
            if deny.cover_port(pin.name(), port) {
                let rule = grants.send.deny.first_of_name(pin.name(), Some(port));
                return Err(self.refuse(Reason::Denied).by(Right::Send, rule));
            }
            granted |= allow.cover_port(pin.name(), port) && self.given_by(pin).is_ok();
        }
        Ok(granted)
    }

    /// Whether a pinned address is one that a name may give.
    fn given_by(&self, pin: &Pin) -> Result<(), Reason> {
        if !self.addresses().all(|address| is_global(address.ip())) {
            return Err(Reason::NameNotGlobal);
        }
        if pin.own_address() {
            return Err(Reason::NameOwnAddress);
        }
        if pin.withdrawn() {
            return Err(Reason::NameWithdrawn);
        }
        match pin.expired() {
            true => Err(Reason::NameExpired),
            false => Ok(()),
        }
    }

    /// The refusal, with the denied pattern, which a linear search finds.
    #[cold]
    fn denied(&self, grants: &Grants) -> Denial {
        let lists = [
            (Right::Send, &grants.send.deny),
            (Right::Broadcast, &grants.broadcast.deny),
        ];
        let denial = self.refuse(Reason::Denied);
        for (right, denied) in lists {
            for address in self.addresses() {
                if let Some(rule) = denied.first_match(&address, &self.interface) {
                    return denial.by(right, Some(rule)).embedding(&address);
                }
            }
        }
        denial
    }

    /// Whether it may be replied to, if nothing is denied and it is no broadcast.
    #[inline]
    fn is_peer(&self, socket: &SendFacts) -> bool {
        let peer = socket.basis == Basis::Granted && socket.recent_peer && !socket.own_address;
        peer && (socket.link_local_named || !self.is_ipv4_link_local())
    }

    /// Rule 3: the reply right does not extend to 169.254/16, unless `from` names it.
    #[inline]
    fn is_ipv4_link_local(&self) -> bool {
        let here = |address: &Endpoint| matches!(address.bits(), Bits::V4(ip) if ip >> 16 == 0xa9fe);
        here(self.remote) || self.embedded.as_ref().is_some_and(here)
    }

    /// The refusal of a datagram that is not denied, and that nothing permits.
    #[cold]
    fn unsent(&self, grants: &Grants, said: &Said, socket: &SendFacts) -> Denial {
        if self.remote.is_limited_broadcast() {
            return if socket.broadcast {
                self.refuse(Reason::BroadcastNeedsGrant)
                    .fixed_by(Right::Broadcast, self.remote)
            } else {
                self.refuse(Reason::BroadcastOff)
            };
        }
        if said.broadcast {
            return self.refuse(Reason::BroadcastOff);
        }
        // The reply right is derived from bind.
        self.not_granted(
            grants,
            if socket.basis != Basis::Granted || !socket.recent_peer {
                Reason::NotGranted
            } else if socket.own_address {
                Reason::OwnAddress
            } else {
                Reason::LinkLocalReply
            },
        )
    }

    /// The refusal, with the send grants that are missing: one of its name, where it has one that would do.
    fn not_granted(&self, grants: &Grants, reason: Reason) -> Denial {
        let port = self.remote.port();
        let names = grants.send.allow.names();
        let by_name = |pin: &&Pin| names.cover_port(pin.name(), port);
        let reason = match self.names.iter().find(by_name) {
            Some(pin) if reason == Reason::NotGranted => match self.given_by(pin) {
                Err(reason @ Reason::NameWithdrawn) => {
                    return self.refuse(reason).fixed_by(Right::Resolve, pin.name());
                }
                given => given.err().unwrap_or(reason),
            },
            _ => reason,
        };
        if let Some(pin) = self.names.iter().find(|pin| self.given_by(pin).is_ok()) {
            return self
                .refuse(reason)
                .fixed_by(Right::Send, format!("{}:{port}", pin.name()));
        }
        let missing = |address: &Endpoint| {
            !grants
                .destinations()
                .marks(address, &self.interface)
                .any(Marks::ALLOWED)
        };
        let mut denial = self.refuse(reason);
        if !missing(self.remote)
            && let Some(embedded) = &self.embedded
        {
            denial = denial.embedding(embedded);
        }
        for address in self.addresses().filter(missing) {
            denial = denial.fixed_by(Right::Send, address);
        }
        denial
    }
}
