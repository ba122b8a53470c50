//! What an instance may do, and whom to tell when it may not.

use super::judge::{Judge, Policy, Share};
use super::live::Living;
use super::narrow::Narrowing;
use super::workers::Worker;
use super::zones::Seen;
use super::{ErrorCode, Quota, Traffic};
use crate::grants::{self, Denial, Grants, Name, Operation, Permitted, Pins, Request, Resolve};
use crate::network::Network;
use arc_swap::{ArcSwap, Cache};
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
    /// Nothing new was refused: a socket, or a lookup under way, had what replaced grants do not give, and was closed.
    Withdrawn(Denial),
    /// A TCP socket, by `wasi:sockets`: there is no grant for it.
    Tcp,
    /// Whatever `wasi:sockets` is asked for, by [`deny_wasi_sockets`](crate::DgramCtxBuilder::deny_wasi_sockets).
    WasiSockets,
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
            Refusal::Grants(denial) | Refusal::Withdrawn(denial) => denial.fmt(f),
            Refusal::Tcp => f.write_str("create a TCP socket: UDP is all that can be granted"),
            Refusal::WasiSockets => f.write_str("wasi:sockets is closed to this guest"),
            Refusal::Kernel {
                operation,
                address,
                error,
            } => write!(f, "{operation} {address}: {error}"),
        }
    }
}

impl Refusal {
    /// What it is counted by, labels that are stable: the operation, how it was refused (`denied` by the grants, `refused` by
    /// the kernel, `withdrawn` after it was permitted), and why.
    pub fn labels(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Refusal::Grants(denial) => (denial.operation().as_str(), "denied", denial.reason().as_str()),
            Refusal::Withdrawn(denial) => (denial.operation().as_str(), "withdrawn", denial.reason().as_str()),
            Refusal::Kernel { operation, error, .. } => {
                let reason = match error.raw_os_error() {
                    Some(libc::EPERM) => "EPERM",
                    _ => "EACCES",
                };
                (operation.as_str(), "refused", reason)
            }
            Refusal::Tcp => ("create-socket", "denied", "udp-only"),
            Refusal::WasiSockets => ("create-socket", "denied", "wasi-sockets"),
        }
    }
}

/// Who is told of refusals and, if it wants to, of every decision. Called while a socket is locked: it must not wait, nor
/// use the instance's sockets, nor replace its grants (another thread may). A closure is told of refusals alone.
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

/// What an instance may do: its grants and limits, what narrows them, what it has looked up, its place among workers; who
/// is told, and what is counted.
pub(crate) struct Authority {
    policy: Arc<ArcSwap<Policy>>,
    pub(crate) narrowing: Narrowing,
    pins: Mutex<Pins>,
    seen: Mutex<Seen>,
    observer: Option<Box<dyn Observer>>,
    pub(super) hears_permitted: bool,
    pub(crate) quota: Quota,
    pub(crate) traffic: Arc<Traffic>,
    pub(crate) worker: Option<Worker>,
    /// Whether `wasi:sockets` gives nothing, whatever is granted.
    pub(crate) wasi_sockets_denied: bool,
    pub(crate) living: Living,
    pub(crate) network: Network,
}

impl Authority {
    pub(crate) fn new(grants: Grants, observer: Option<Box<dyn Observer>>) -> Authority {
        Authority {
            policy: Arc::new(ArcSwap::from_pointee(Policy::new(grants))),
            narrowing: Narrowing::default(),
            pins: Mutex::default(),
            seen: Mutex::default(),
            hears_permitted: observer.as_ref().is_some_and(|observer| observer.hears_permitted()),
            observer,
            quota: Quota::default(),
            traffic: Arc::default(),
            worker: None,
            wasi_sockets_denied: false,
            living: Living::default(),
            network: Network::default(),
        }
    }

    /// The grants of this moment. An operation that asks several questions asks them of one of these.
    #[inline]
    pub(super) fn judge(&self) -> Judge<'_> {
        Judge::new(self, self.policy.load())
    }

    /// For a socket to keep.
    pub(super) fn share(&self) -> Share {
        Cache::new(self.policy.clone())
    }

    /// The decision point: every operation passes here before its first system call.
    pub(crate) fn decide<R: Request>(&self, request: &R) -> Result<R::Permit, ErrorCode> {
        self.judge().decide(request)
    }

    /// As [`decide`](Self::decide), of what was permitted before and goes on: nobody hears of that again.
    pub(crate) fn still<R: Request>(&self, request: &R) -> Result<(), ErrorCode> {
        self.judge().still(request)
    }

    /// What [`decide`](Self::decide) would say, without telling the observer: nothing is refused.
    pub(super) fn permits<R: Request>(&self, request: &R) -> bool {
        self.judge().permits(request)
    }

    /// Whether something may stay that was permitted before. The observer is told what may not.
    pub(crate) fn leaves<R: Request>(&self, request: &R) -> bool {
        self.judge().leaves(request)
    }

    /// Other grants, for all that comes. What no longer fits is gone when this returns: whoever holds a socket's lock still
    /// ends what it has begun, and what it came to is judged by the new grants.
    pub(crate) fn replace(&self, grants: Grants) {
        if let Some(tape) = self.network.tape() {
            // No replay asks that: the grants of another time cannot be had again.
            tape.ask(|| "grants-replaced".to_owned(), || ());
        }
        self.policy.store(Arc::new(Policy::new(grants)));
        self.judge_again();
    }

    /// Judges by the grants of this moment whatever was permitted before.
    pub(crate) fn judge_again(&self) {
        let mut pins = self.pins();
        let judge = self.judge();
        pins.judge_again(|name| judge.permits(&Resolve { name }));
        drop((judge, pins));
        self.living.judge_again();
    }

    /// Pins a name to what it was looked up to be, if it may still be looked up.
    pub(crate) fn pin(&self, name: &Name, found: &[(IpAddr, Duration)], now: Instant) -> Result<(), ErrorCode> {
        let own = |ip: &IpAddr| self.network.is_own_address(SocketAddr::new(*ip, 0));
        let own_address = |ip| own(&ip) || grants::embedded_ipv4(ip).map(IpAddr::V4).as_ref().is_some_and(own);
        let found: Vec<_> = found.iter().map(|(ip, ttl)| (*ip, *ttl, own_address(*ip))).collect();
        // Asked under the lock: whoever replaces the grants in between judges the pins afterwards.
        let mut pins = self.pins();
        if !self.leaves(&Resolve { name }) {
            return Err(ErrorCode::AccessDenied);
        }
        for (ip, ttl, own_address) in found {
            pins.pin(name, ip, own_address, ttl, now);
        }
        Ok(())
    }

    /// Asked before `wasi:sockets` gives anything.
    pub(crate) fn gives_wasi_sockets(&self) -> Result<(), ErrorCode> {
        if !self.wasi_sockets_denied {
            return Ok(());
        }
        self.tell(&Refusal::WasiSockets);
        Err(ErrorCode::AccessDenied)
    }

    /// What a guest is told that wants a TCP socket.
    pub(crate) fn refuse_tcp(&self) -> ErrorCode {
        self.tell(&Refusal::Tcp);
        ErrorCode::AccessDenied
    }

    /// Whether it matters what an interface's name is.
    pub(super) fn names_interfaces(&self) -> bool {
        self.policy.load().names_interfaces
    }

    /// What addresses in the guest's hands carry.
    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn pins(&self) -> MutexGuard<'_, Pins> {
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
    pub(super) fn tell_permitted<R: Request>(&self, grants: &Grants, request: &R, permit: &R::Permit) {
        if let Some(observer) = &self.observer {
            Permitted::tell(grants, request, permit, |permitted| observer.permitted(permitted));
        }
    }

    pub(super) fn tell(&self, refusal: &Refusal) {
        self.write_down(refusal);
        self.traffic.count_refused(refusal);
        if let Some(observer) = &self.observer {
            observer.refused(refusal);
        }
    }

    /// What the grants refuse, a replay asks again: it is to be refused there, too.
    fn write_down(&self, refusal: &Refusal) {
        let Some(tape) = self.network.tape() else { return };
        match refusal {
            Refusal::Grants(denial) => {
                tape.ask(|| format!("refused {} {}", denial.operation(), denial.subject()), || ())
            }
            Refusal::Tcp => tape.ask(|| "refused tcp".to_owned(), || ()),
            Refusal::WasiSockets => tape.ask(|| "refused wasi:sockets".to_owned(), || ()),
            Refusal::Withdrawn(_) | Refusal::Kernel { .. } => tape.note(|| refusal.to_string()),
        }
    }
}
