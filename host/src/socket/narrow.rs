//! What an embedder's own code and pool take away from what is granted.

use crate::grants::{Denial, Operation, Reason, Request, Subject};
use cap_primitives::net::Pool;

/// An embedder's own code, which narrows what the grants permit and can add nothing: whatever the grants refuse, it is not
/// asked about.
///
/// It is asked after the grants have permitted, before the first system call: about each bind, explicit and implicit,
/// each connect, each datagram (replies, and each run of datagrams to one peer in a burst, once), each join, each lookup
/// when it begins and when its answer is there, each source address of a burst (as a bind to it), and each interface that
/// is chosen or shown. When the grants are replaced, or [reviewed](crate::GrantsHandle::review), it is asked again about
/// what each socket holds: its bind, its peer, its memberships, and the peers that a client socket hears. It is not asked
/// about datagrams that arrive, nor about taking a socket that was handed in.
///
/// A bind to port 0 is asked about with port 0, and where the host then picks from granted ports, about these too.
///
/// It is called while a socket is locked: it must not wait, nor use the instance's sockets, nor replace its grants.
pub trait Narrow: Send + Sync {
    /// Whether the guest may do this, as far as the embedder is concerned. `false` is `access-denied` for the guest, and
    /// [`Reason::Narrowed`] for the operator.
    fn permits(&self, operation: Operation, subject: &Subject) -> bool;
}

impl<F: Fn(Operation, &Subject) -> bool + Send + Sync> Narrow for F {
    fn permits(&self, operation: Operation, subject: &Subject) -> bool {
        self(operation, subject)
    }
}

/// All that narrows: each of them has to permit.
#[derive(Default)]
pub(crate) struct Narrowing {
    codes: Vec<Box<dyn Narrow>>,
    pools: Vec<Pool>,
}

impl Narrowing {
    pub(crate) fn by_code(&mut self, code: impl Narrow + 'static) {
        self.codes.push(Box::new(code));
    }

    pub(crate) fn by_pool(&mut self, pool: Pool) {
        self.pools.push(pool);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.codes.is_empty() && self.pools.is_empty()
    }

    /// Whether what the grants have permitted stays permitted.
    #[inline]
    pub(super) fn pass<R: Request>(&self, request: &R, permit: &R::Permit) -> Result<(), Denial> {
        match self.is_empty() {
            true => Ok(()),
            false => self.ask(request, permit),
        }
    }

    #[cold]
    fn ask<R: Request>(&self, request: &R, permit: &R::Permit) -> Result<(), Denial> {
        let (operation, subject) = (request.operation(), request.subject());
        if !self.pools.is_empty()
            && let Some(address) = request.address(permit)
        {
            // "IPv4 embedded in IPv6 is judged as both" (grants, rule 2).
            let mut both = [Some(address), address.embedded()].into_iter().flatten();
            let inside = both.all(|address| {
                let address = address.socket_addr();
                self.pools.iter().all(|pool| pool.check_addr(&address).is_ok())
            });
            if !inside {
                return Err(Denial::new(operation, subject, Reason::OutsidePool));
            }
        }
        match self.codes.iter().all(|code| code.permits(operation, &subject)) {
            true => Ok(()),
            false => Err(Denial::new(operation, subject, Reason::Narrowed)),
        }
    }
}
