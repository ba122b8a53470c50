//! What an instance has, for whoever replaces its grants.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// A socket or a lookup: what is judged again when the grants are others than before.
pub(crate) trait Live: Send + Sync {
    /// Goes, if it no longer fits.
    fn judge_again(&self);
}

/// All that lives, by where it is in memory. It keeps nothing alive: whatever ends takes itself out.
#[derive(Default)]
pub(crate) struct Living(Mutex<HashMap<usize, Weak<dyn Live>>>);

impl Living {
    pub(crate) fn add<T: Live + 'static>(&self, new: &Arc<T>) {
        let weak: Weak<T> = Arc::downgrade(new);
        self.lock().insert(place(&**new), weak);
    }

    /// To be called when it is dropped.
    pub(crate) fn remove<T>(&self, ended: &T) {
        self.lock().remove(&place(ended));
    }

    /// Judges all of them. Nothing is locked meanwhile but the one that is judged, so that others come and go.
    pub(super) fn judge_again(&self) {
        let all: Vec<Arc<dyn Live>> = self.lock().values().filter_map(Weak::upgrade).collect();
        all.iter().for_each(|one| one.judge_again());
    }

    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<usize, Weak<dyn Live>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn place<T>(thing: &T) -> usize {
    std::ptr::from_ref(thing).addr()
}
