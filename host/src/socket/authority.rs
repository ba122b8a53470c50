//! What an instance may do, and whom to tell when it may not.

use super::workers::Worker;
use super::zones::Seen;
use super::{ErrorCode, Quota, Traffic};
use crate::grants::{
    self, Bind, BindPermit, Denial, Endpoint, Grants, Name, Operation, Permitted, Pin, Pins, Request, Sources,
};
use crate::sys;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// An operation that was refused, for the operator. The guest learns `access-denied`, and nothing of this.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// By the grants, before any system call.
    Grants(Denial),
    /// A TCP socket, by `wasi:sockets`: there is no grant for it.
    Tcp,
    /// By the kernel (EACCES, EPERM), after the grants had allowed it.
    Kernel {
        /// What was tried.
        operation: Operation,
        /// On which address.
        address: SocketAddr,
        /// The kernel's answer.
        error: io::Error,
    },
}

/// One line, without a line end: operation, address or name, who refused and why.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Grants(denial) => denial.fmt(f),
            Refusal::Tcp => f.write_str("create a TCP socket: UDP is all that can be granted"),
            Refusal::Kernel {
                operation,
                address,
                error,
            } => write!(f, "{operation} {address}: {error}"),
        }
    }
}

impl Refusal {
    /// What it is counted by, labels that are stable: the operation, by whom it was refused (`denied`: the grants, `refused`:
    /// the kernel), and why.
    pub fn labels(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Refusal::Grants(denial) => (denial.operation().as_str(), "denied", denial.reason().as_str()),
            Refusal::Kernel { operation, error, .. } => {
                let reason = match error.raw_os_error() {
                    Some(libc::EPERM) => "EPERM",
                    _ => "EACCES",
                };
                (operation.as_str(), "refused", reason)
            }
            Refusal::Tcp => ("create-socket", "denied", "udp-only"),
        }
    }
}

/// Who is told of refusals and, if it wants to, of every decision. Called while a socket is locked: it must not wait, nor
/// use the instance's sockets. A closure is told of refusals alone.
pub trait Observer: Send + Sync {
    /// An operation was refused.
    fn refused(&self, refusal: &Refusal);

    /// Whether it hears of what is permitted, too. Asked once, when the context is built; otherwise such decisions cost
    /// nothing more.
    fn hears_permitted(&self) -> bool {
        false
    }

    /// The grants permitted an operation; what the kernel makes of it comes afterwards. In a burst, a run of datagrams to
    /// one peer is one decision.
    fn permitted(&self, _: &Permitted<'_>) {}
}

impl<F: Fn(&Refusal) + Send + Sync> Observer for F {
    fn refused(&self, refusal: &Refusal) {
        self(refusal);
    }
}

/// What an instance may do: its grants and limits, what it has looked up, its place among workers; who is told, and what is
/// counted.
pub(crate) struct Authority {
    grants: Grants,
    pins: Mutex<Pins>,
    /// Only then it matters what the pins are.
    sends_by_name: bool,
    /// Only then the names of interfaces matter for unicast.
    names_interfaces: bool,
    seen: Mutex<Seen>,
    observer: Option<Box<dyn Observer>>,
    hears_permitted: bool,
    pub(crate) quota: Quota,
    pub(crate) traffic: Arc<Traffic>,
    pub(crate) worker: Option<Worker>,
}

impl Authority {
    pub(crate) fn new(grants: Grants, observer: Option<Box<dyn Observer>>, quota: Quota) -> Authority {
        // Here and not at the first datagram.
        grants.prepare();
        Authority {
            sends_by_name: grants.sends_by_name(),
            names_interfaces: grants.names_interfaces(),
            seen: Mutex::default(),
            grants,
            pins: Mutex::default(),
            hears_permitted: observer.as_ref().is_some_and(|observer| observer.hears_permitted()),
            observer,
            quota,
            traffic: Arc::default(),
            worker: None,
        }
    }

    /// The decision point: every operation passes here before its first system call.
    pub(crate) fn decide<R: Request>(&self, request: &R) -> Result<R::Permit, ErrorCode> {
        match grants::decide(&self.grants, request) {
            Ok(permit) => {
                if self.hears_permitted {
                    self.tell_permitted(&self.grants, request, &permit);
                }
                Ok(permit)
            }
            Err(denial) => {
                self.tell(&Refusal::Grants(denial));
                Err(ErrorCode::AccessDenied)
            }
        }
    }

    /// What [`decide`](Self::decide) would say, without telling the observer: nothing is refused.
    pub(super) fn permits<R: Request>(&self, request: &R) -> bool {
        grants::decide(&self.grants, request).is_ok()
    }

    /// Whom a socket hears that was bound as permitted.
    pub(super) fn sources(&self, request: &Bind, permit: &BindPermit, port: u16) -> Sources {
        self.grants.sources(request, permit, port)
    }

    /// Asks with the names that a destination is known by, as far as they matter.
    pub(super) fn with_names<T>(&self, remote: &Endpoint, now: Instant, ask: impl FnOnce(&[Pin]) -> T) -> T {
        match self.sends_by_name {
            true => ask(self.pins().of(remote.ip(), now)),
            false => ask(&[]),
        }
    }

    /// Pins a name to what it was looked up to be.
    pub(crate) fn pin(&self, name: &Name, found: &[(IpAddr, Duration)], now: Instant) {
        if !self.sends_by_name {
            return;
        }
        let own = |ip: &IpAddr| sys::is_own_address(SocketAddr::new(*ip, 0));
        for (ip, ttl) in found {
            let embedded = grants::embedded_ipv4(*ip).map(IpAddr::V4);
            let own_address = own(ip) || embedded.as_ref().is_some_and(own);
            self.pins().pin(name, *ip, own_address, *ttl, now);
        }
    }

    /// What a guest is told that wants a TCP socket.
    pub(crate) fn refuse_tcp(&self) -> ErrorCode {
        self.tell(&Refusal::Tcp);
        ErrorCode::AccessDenied
    }

    /// Whether it matters what an interface's name is.
    pub(super) fn names_interfaces(&self) -> bool {
        self.names_interfaces
    }

    /// What addresses in the guest's hands carry.
    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pins(&self) -> MutexGuard<'_, Pins> {
        self.pins.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The code for an error of the kernel; the observer is told where it is a refusal.
    pub(super) fn failed(&self, operation: Operation, address: SocketAddr, error: io::Error) -> ErrorCode {
        let code = ErrorCode::from(&error);
        if code == ErrorCode::AccessDenied {
            self.tell(&Refusal::Kernel {
                operation,
                address,
                error,
            });
        }
        code
    }

    #[cold]
    fn tell_permitted<R: Request>(&self, grants: &Grants, request: &R, permit: &R::Permit) {
        if let Some(observer) = &self.observer {
            Permitted::tell(grants, request, permit, |permitted| observer.permitted(permitted));
        }
    }

    fn tell(&self, refusal: &Refusal) {
        self.traffic.count_refused(refusal);
        if let Some(observer) = &self.observer {
            observer.refused(refusal);
        }
    }
}
