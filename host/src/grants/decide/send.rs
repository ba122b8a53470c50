//! Sends and connects.

use super::super::class::is_link_local;
use super::super::{Basis, Connect, Denial, Endpoint, Grants, Operation, Reason, Right, Send, SendPermit, Via};

/// A destination, and the IPv4 destination that it embeds: "IPv4 embedded in IPv6 is judged as both; either denial
/// wins" (rule 2).
struct Target {
    operation: Operation,
    remote: Endpoint,
    embedded: Option<Endpoint>,
}

/// Rule 5: connect needs send, and takes unicast only.
pub(super) fn connect(grants: &Grants, request: &Connect) -> Result<(), Denial> {
    let target = Target::new(Operation::Connect, request.remote);
    target.ordinary()?;
    target.undenied(grants)?;
    if target.remote.is_limited_broadcast() {
        return Err(target.refuse(Reason::BroadcastConnect));
    }
    if target.granted(grants) {
        return Ok(());
    }
    if grants.broadcast.allow.matches(&target.remote) {
        return Err(target.refuse(Reason::BroadcastConnect));
    }
    Err(target.not_granted(grants, Reason::NotGranted))
}

pub(super) fn send(grants: &Grants, request: &Send) -> Result<SendPermit, Denial> {
    let target = Target::new(Operation::Send, request.remote);
    let socket = &request.socket;
    target.ordinary()?;
    target.undenied(grants)?;

    let broadcast = grants.broadcast.allow.matches(&target.remote);
    if broadcast && socket.broadcast {
        return permit(Via::Broadcast);
    }
    if target.remote.is_limited_broadcast() {
        return Err(if socket.broadcast {
            target
                .refuse(Reason::BroadcastNeedsGrant)
                .fixed_by(Right::Broadcast, target.remote)
        } else {
            target.refuse(Reason::BroadcastOff)
        });
    }
    if target.granted(grants) {
        return permit(Via::Grant);
    }
    if broadcast {
        return Err(target.refuse(Reason::BroadcastOff));
    }

    // Rule 3: the reply right is derived from bind.
    if socket.basis != Basis::Granted || !socket.recent_peer {
        return Err(target.not_granted(grants, Reason::NotGranted));
    }
    if socket.own_address {
        return Err(target.not_granted(grants, Reason::OwnAddress));
    }
    if target.addresses().any(is_ipv4_link_local) {
        return Err(target.not_granted(grants, Reason::LinkLocalReply));
    }
    permit(Via::Reply)
}

fn permit(via: Via) -> Result<SendPermit, Denial> {
    Ok(SendPermit {
        via,
        broadcast: via == Via::Broadcast,
    })
}

fn is_ipv4_link_local(address: Endpoint) -> bool {
    !address.is_ipv6() && is_link_local(address.ip())
}

impl Target {
    fn new(operation: Operation, remote: Endpoint) -> Target {
        Target {
            operation,
            remote,
            embedded: remote.embedded(),
        }
    }

    fn addresses(&self) -> impl Iterator<Item = Endpoint> {
        [Some(self.remote), self.embedded].into_iter().flatten()
    }

    fn refuse(&self, reason: Reason) -> Denial {
        Denial::new(self.operation, &self.remote, reason)
    }

    /// No grant makes a destination of these.
    fn ordinary(&self) -> Result<(), Denial> {
        for address in self.addresses() {
            let reason = if address.is_unspecified() {
                Reason::UnspecifiedDestination
            } else if address.port() == 0 {
                Reason::Port0
            } else if address.is_multicast() {
                Reason::Multicast
            } else if address.is_limited_broadcast() && self.remote.is_ipv6() {
                Reason::BroadcastNeedsGrant
            } else {
                continue;
            };
            return Err(self.refuse(reason).embedding(&address));
        }
        Ok(())
    }

    /// "deny: any right, reply and pins included; always wins".
    fn undenied(&self, grants: &Grants) -> Result<(), Denial> {
        let lists = [
            (Right::Send, &grants.send.deny),
            (Right::Broadcast, &grants.broadcast.deny),
        ];
        for (right, denied) in lists {
            if let Some(address) = self.addresses().find(|address| denied.matches(address)) {
                let rule = denied.first_match(&address);
                let denial = self.refuse(Reason::Denied).by(right, rule);
                return Err(denial.embedding(&address));
            }
        }
        Ok(())
    }

    fn granted(&self, grants: &Grants) -> bool {
        self.addresses().all(|address| grants.send.allow.matches(&address))
    }

    /// The refusal, with the send grants that are missing.
    fn not_granted(&self, grants: &Grants, reason: Reason) -> Denial {
        let missing = |address: &Endpoint| !grants.send.allow.matches(address);
        let mut denial = self.refuse(reason);
        if !missing(&self.remote)
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
