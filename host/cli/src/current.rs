//! The grants of all instances, as they are now.

use cap_std::ambient_authority;
use datagrant::grants::Grants;
use datagrant::{DgramCtx, DgramCtxBuilder, GrantsHandle};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What instances are granted: those that run, and those that are still to start.
pub struct Current(Mutex<Granted>);

struct Granted {
    grants: Grants,
    /// Of each instance that was built; those that are gone are let go of with the next one.
    handles: Vec<GrantsHandle>,
}

impl Current {
    pub fn new(grants: Grants) -> Current {
        let handles = vec![];
        Current(Mutex::new(Granted { grants, handles }))
    }

    /// One more instance.
    pub fn build(&self, builder: DgramCtxBuilder) -> DgramCtx {
        let mut granted = self.lock();
        let ctx = builder.grants(granted.grants.clone(), ambient_authority()).build();
        granted.handles.retain(|handle| !handle.is_gone());
        granted.handles.push(ctx.grants_handle());
        ctx
    }

    /// Replaces the grants of all. Whoever starts an instance meanwhile waits, and has the new ones.
    pub fn replace(&self, grants: Grants) {
        let mut granted = self.lock();
        grants.prepare();
        granted.grants = grants;
        for handle in &granted.handles {
            handle.replace(granted.grants.clone(), ambient_authority());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Granted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
