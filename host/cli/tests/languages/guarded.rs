//! What panics fails the cells that wait for it, each with the reason.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `work` ends with, a panic too.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(text.unwrap_or("a panic that says nothing").to_owned())
    })
}
