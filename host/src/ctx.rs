//! What an embedder builds for each guest.

use crate::grants::Grants;
use crate::socket::{Authority, CreateFlags, ErrorCode, Family, Observer, Socket};
use crate::wait::Waitable;
use cap_std::AmbientAuthority;
use std::collections::HashMap;
use std::sync::Arc;

/// The UDP of one guest: what it may do, and the sockets that it has. Without grants it may do nothing.
///
/// Dropping it, with the resource table of its store, closes the guest's sockets.
pub struct DgramCtx {
    authority: Arc<Authority>,
    max_sockets: usize,
    /// By id, for waits: the same things as in the resource table.
    waitables: HashMap<u32, Waitable>,
    sockets: usize,
    last_id: u32,
}

impl DgramCtx {
    /// How many sockets a guest may have open at once, unless [`DgramCtxBuilder::max_sockets`] says otherwise.
    pub const DEFAULT_MAX_SOCKETS: usize = 256;

    /// A context is built from what is granted; nothing is by default.
    pub fn builder() -> DgramCtxBuilder {
        DgramCtxBuilder {
            grants: Grants::default(),
            observer: None,
            max_sockets: Self::DEFAULT_MAX_SOCKETS,
        }
    }

    pub(crate) fn create(&mut self, family: Family, flags: CreateFlags) -> Result<Arc<Socket>, ErrorCode> {
        if self.sockets >= self.max_sockets {
            return Err(ErrorCode::QuotaExceeded);
        }
        let id = self.next_id()?;
        let socket = Arc::new(Socket::create(id, family, flags, self.authority.clone())?);
        self.waitables.insert(id, Waitable::Socket(socket.clone()));
        self.sockets += 1;
        Ok(socket)
    }

    /// What an id stands for. `invalid-state` for one that never was, or whose socket or lookup was dropped.
    pub(crate) fn waitable(&self, id: u32) -> Result<&Waitable, ErrorCode> {
        self.waitables.get(&id).ok_or(ErrorCode::InvalidState)
    }

    /// When the guest has dropped what the id stands for.
    pub(crate) fn forget(&mut self, id: u32) {
        if let Some(Waitable::Socket(_)) = self.waitables.remove(&id) {
            self.sockets -= 1;
        }
    }

    /// Never 0 and never used again, so that an id that a guest kept cannot come to mean another thing.
    fn next_id(&mut self) -> Result<u32, ErrorCode> {
        self.last_id = self.last_id.checked_add(1).ok_or(ErrorCode::QuotaExceeded)?;
        Ok(self.last_id)
    }
}

/// Made by [`DgramCtx::builder`].
pub struct DgramCtxBuilder {
    grants: Grants,
    observer: Option<Box<dyn Observer>>,
    max_sockets: usize,
}

impl DgramCtxBuilder {
    /// What the guest may do. The token says that this is where the process's own authority over the network is handed
    /// on: [`cap_std::ambient_authority`].
    pub fn grants(mut self, grants: Grants, _: AmbientAuthority) -> Self {
        self.grants = grants;
        self
    }

    /// Who is told when an operation is refused, by the grants or by the kernel. The library itself never prints.
    pub fn on_refusal(mut self, observer: impl Observer + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// How many sockets the guest may have open at once; one more is `quota-exceeded`.
    pub fn max_sockets(mut self, count: usize) -> Self {
        self.max_sockets = count;
        self
    }

    /// The context.
    pub fn build(self) -> DgramCtx {
        DgramCtx {
            authority: Arc::new(Authority::new(self.grants, self.observer)),
            max_sockets: self.max_sockets,
            waitables: HashMap::new(),
            sockets: 0,
            last_id: 0,
        }
    }
}
