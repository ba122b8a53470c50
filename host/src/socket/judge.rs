//! The grants of one moment, and what they say.

use super::{Authority, ErrorCode, Refusal};
use crate::grants::{self, Bind, BindPermit, Denial, Endpoint, Grants, Hold, Pin, PortSet, Reason, Request, Sources};
use arc_swap::{ArcSwap, Cache, Guard};
use std::ops::Deref;
use std::sync::Arc;
use std::time::Instant;

/// Grants, with what is asked of them all the time.
pub(super) struct Policy {
    grants: Grants,
    /// Only then it matters what the pins are.
    sends_by_name: bool,
    /// Only then the names of interfaces matter for unicast.
    pub(super) names_interfaces: bool,
}

impl Policy {
    pub(super) fn new(grants: Grants) -> Policy {
        // Here and not at the first datagram.
        grants.prepare();
        Policy {
            sends_by_name: grants.sends_by_name(),
            names_interfaces: grants.names_interfaces(),
            grants,
        }
    }
}

/// A socket's own share of the policy, for each datagram: to see that it is still the one that counts costs a look at a
/// pointer, which to take it anew would cost more than the decision. That look is not ordered with what other threads do,
/// and need not be: whoever replaces the policy takes the lock of each socket before it says so.
pub(super) type Share = Cache<Arc<ArcSwap<Policy>>, Arc<Policy>>;

/// The grants of one moment: whoever replaces them meanwhile judges afterwards what came of it.
pub(super) struct Judge<'a, P = Guard<Arc<Policy>>> {
    authority: &'a Authority,
    policy: P,
}

impl<'a, P: Deref<Target = Arc<Policy>>> Judge<'a, P> {
    pub(super) fn new(authority: &'a Authority, policy: P) -> Judge<'a, P> {
        Judge { authority, policy }
    }

    pub(super) fn decide<R: Request>(&self, request: &R) -> Result<R::Permit, ErrorCode> {
        let permit = self.judge(request).map_err(|denial| self.refused(denial))?;
        if self.authority.hears_permitted {
            self.authority.tell_permitted(&self.policy.grants, request, &permit);
        }
        Ok(permit)
    }

    /// As [`decide`](Self::decide), of what was permitted before and goes on: nobody hears of that again.
    pub(super) fn still<R: Request>(&self, request: &R) -> Result<(), ErrorCode> {
        self.judge(request).map(drop).map_err(|denial| self.refused(denial))
    }

    fn refused(&self, denial: Denial) -> ErrorCode {
        self.authority.tell(&Refusal::Grants(denial));
        ErrorCode::AccessDenied
    }

    pub(super) fn permits<R: Request>(&self, request: &R) -> bool {
        self.judge(request).is_ok()
    }

    pub(super) fn leaves<R: Request>(&self, request: &R) -> bool {
        match self.judge(request) {
            Ok(_) => true,
            Err(denial) => {
                self.authority.tell(&Refusal::Withdrawn(denial));
                false
            }
        }
    }

    fn judge<R: Request>(&self, request: &R) -> Result<R::Permit, Denial> {
        let permit = grants::decide(&self.policy.grants, request)?;
        self.authority.narrowing.pass(request, &permit)?;
        Ok(permit)
    }

    /// Of the ports that the host may pick for a permitted bind, those that an embedder leaves.
    pub(super) fn narrowed(&self, request: &Bind, permit: &BindPermit, ports: &PortSet) -> Result<Vec<u16>, ErrorCode> {
        let mut left = vec![];
        let mut why = Reason::Narrowed;
        for port in ports.iter() {
            let request = Bind {
                local: request.local.with_port(port),
                ..*request
            };
            match self.authority.narrowing.pass(&request, permit) {
                Ok(()) => left.push(port),
                Err(denial) => why = denial.reason(),
            }
        }
        match left.is_empty() {
            true => Err(self.refused(Denial::new(request.operation(), request.subject(), why))),
            false => Ok(left),
        }
    }

    /// Whom a socket hears that may stay as it is.
    pub(super) fn sources(&self, request: &Hold) -> Sources {
        self.policy.grants.sources(request)
    }

    /// Asks with the names that a destination is known by at a time, as far as they matter.
    pub(super) fn with_names<T>(&self, remote: &Endpoint, at: Instant, ask: impl FnOnce(&[Pin]) -> T) -> T {
        match self.policy.sends_by_name {
            true => ask(self.authority.pins().of(remote.ip(), at)),
            false => ask(&[]),
        }
    }
}
