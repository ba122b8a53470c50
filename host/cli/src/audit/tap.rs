//! Where the decisions of a worker come in.

use super::line::Decision;
use super::table::Table;
use super::writer::Wake;
use datagrant::Refusal;
use datagrant::grants::Permitted;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Hears the decisions of one worker, whatever instance it has.
pub struct Tap {
    worker: usize,
    /// Of its own, so that no guest knows which marks are the same.
    marks: RandomState,
    table: Mutex<Table>,
    wake: Arc<Wake>,
}

impl Tap {
    pub(super) fn new(worker: usize, wake: Arc<Wake>) -> Tap {
        Tap {
            worker,
            marks: RandomState::new(),
            table: Mutex::new(Table::new(worker)),
            wake,
        }
    }

    pub fn permitted(&self, permitted: &Permitted<'_>) {
        self.note(permitted, || Decision::allowed(self.worker, &permitted.grounds()));
    }

    pub fn refused(&self, refusal: &Refusal) {
        let decision = Decision::refused(self.worker, refusal);
        self.note(decision.line.clone(), || decision);
    }

    fn note(&self, of: impl Hash, describe: impl FnOnce() -> Decision) {
        let mark = self.marks.hash_one(of);
        let is_new = self.table().note(mark, describe);
        if is_new {
            self.wake.wake();
        }
    }

    /// Moves what is to be written to `text`, with the counts if they are wanted.
    pub(super) fn take(&self, counts: bool, text: &mut String) {
        let mut table = self.table();
        if counts {
            table.count();
        }
        let lines = table.take();
        drop(table);
        text.extend(lines);
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
