//! What an embedder builds for each guest.

use crate::grants::Grants;
use crate::socket::{Authority, CreateFlags, ErrorCode, Family, Observer, Socket};
use cap_std::AmbientAuthority;
use std::collections::HashMap;
use std::sync::Arc;

/// The UDP of one guest: what it may do, and the sockets that it has. Without grants it may do nothing.
///
/// Dropping it, with the resource table of its store, closes the guest's sockets.
pub struct DgramCtx {
    authority: Arc<Authority>,
    max_sockets: usize,
    /// By id, for waits: the same sockets as in the resource table.
    sockets: HashMap<u32, Arc<Socket>>,
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
        if self.sockets.len() >= self.max_sockets {
            return Err(ErrorCode::QuotaExceeded);
        }
        // Never used again, so that an id that a guest kept cannot come to mean another socket.
        let id = self.last_id.checked_add(1).ok_or(ErrorCode::QuotaExceeded)?;
        let socket = Arc::new(Socket::create(id, family, flags, self.authority.clone())?);
        self.last_id = id;
        self.sockets.insert(id, socket.clone());
        Ok(socket)
    }

    pub(crate) fn socket(&self, id: u32) -> Option<&Arc<Socket>> {
        self.sockets.get(&id)
    }

    pub(crate) fn forget(&mut self, id: u32) {
        self.sockets.remove(&id);
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
            sockets: HashMap::new(),
            last_id: 0,
        }
    }
}
