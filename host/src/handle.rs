//! Replacing the grants of a guest that runs.

use crate::grants::Grants;
use crate::socket::Authority;
use cap_std::AmbientAuthority;
use std::sync::{Arc, Weak};

/// Replaces the grants of one instance, from any thread, before it runs, while it does, and after: then nothing happens.
/// It keeps nothing of the instance alive. Clones are handles of the same instance.
///
/// # What is replaced
///
/// The whole set. When [`replace`](Self::replace) returns, each operation that begins is judged by the new grants, and what
/// no longer fits is gone:
///
/// | of the guest's | goes | stays |
/// |---|---|---|
/// | socket | whole, where the new grants would not give it its bind as it stands (address, port, both families, `shared`), its connected peer or a group that it has joined; a client socket too, when nothing may be sent any more. It is closed and its port is free; the guest is woken, and is told `error(access-denied)`, then `close` | every other one, with its queue, and with no more than it was bound with: a client socket does not become a server |
/// | socket handed in | as above for its peer and its groups, and where a bind to its address is denied. It goes back as it came | otherwise, whatever is allowed: its name is its grant |
/// | datagrams not yet received | those of sources that the new `from`s leave out, or of peers that a client socket may not send to any more | all others |
/// | reply right | of those whom the new `from`s leave out; of those whom `send` denies | of everybody else, for its 60 s |
/// | lookup | under way, or answered and not asked yet, where the name may not be looked up: `access-denied` | |
/// | name that was looked up | it gives no address any more where it may not be looked up | a denied name denies what it was looked up to be, for as long as the answer holds |
///
/// Limits, the embedder's own [`Narrow`](crate::Narrow) and pool, name servers and sockets that are handed in are not
/// grants, and stay. The [`Observer`](crate::Observer) is told what goes, as [`Refusal::Withdrawn`](crate::Refusal::Withdrawn).
#[derive(Clone, Debug)]
pub struct GrantsHandle(Weak<Authority>);

impl GrantsHandle {
    pub(crate) fn new(authority: &Arc<Authority>) -> GrantsHandle {
        GrantsHandle(Arc::downgrade(authority))
    }

    /// Replaces all of the grants. The token says that this is where the process's own authority over the network is
    /// handed on, or taken back: [`cap_std::ambient_authority`].
    ///
    /// An operation that another thread has begun is waited for, and what comes of it is judged by the new grants. Do not
    /// call it from an [`Observer`](crate::Observer) or a [`Narrow`](crate::Narrow) of the same instance, which are called
    /// in the middle of one: it would wait for itself.
    pub fn replace(&self, grants: Grants, _: AmbientAuthority) {
        if let Some(authority) = self.0.upgrade() {
            authority.replace(grants);
        }
    }

    /// Judges anew what the guest has by the grants that it has: for embedders whose [`Narrow`](crate::Narrow) says
    /// otherwise than before. As [`replace`](Self::replace) by the same grants.
    pub fn review(&self) {
        if let Some(authority) = self.0.upgrade() {
            authority.judge_again();
        }
    }

    /// Whether the instance is gone: its context and its sockets.
    pub fn is_gone(&self) -> bool {
        self.0.strong_count() == 0
    }
}

#[cfg(test)]
mod tests {
    use crate::DgramCtx;
    use crate::grants::{Grants, Right};
    use crate::socket::{CreateFlags, ErrorCode, Family};
    use cap_std::ambient_authority;

    fn any_port() -> Grants {
        let mut grants = Grants::new();
        grants.allow(Right::Bind, "127.0.0.1:0").unwrap();
        grants
    }

    #[test]
    fn grants_are_replaced_before_a_guest_runs_and_after_it_is_gone() {
        let mut ctx = DgramCtx::builder().build();
        let handle = ctx.grants_handle();
        std::thread::spawn({
            let handle = handle.clone();
            move || handle.replace(any_port(), ambient_authority())
        })
        .join()
        .unwrap();
        let socket = ctx.create(Family::Ipv4, CreateFlags::default()).unwrap();
        let loopback = Some("127.0.0.1:0".parse().unwrap());
        socket.bind(loopback, false).unwrap();
        // The sockets may outlive the context for a moment: a table is dropped after it.
        drop(ctx);
        assert!(!handle.is_gone());
        handle.replace(Grants::new(), ambient_authority());
        assert_eq!(socket.local_address(), Err(ErrorCode::InvalidState));
        drop(socket);
        assert!(handle.is_gone());
        handle.replace(any_port(), ambient_authority());
        handle.review();
    }
}
