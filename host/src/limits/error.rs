//! What is wrong with a limit.

use super::Limit;

/// A limit that is not understood: what was read, the rule that it breaks, and how to put it right.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{read}: {rule}: {mend}")]
pub struct LimitError {
    pub(super) read: String,
    pub(super) rule: String,
    pub(super) mend: String,
}

impl LimitError {
    /// What was read.
    pub fn read(&self) -> &str {
        &self.read
    }

    /// The rule that is broken.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// What to do instead.
    pub fn mend(&self) -> &str {
        &self.mend
    }
}

impl Limit {
    /// The error for a value that is no number, or outside of what the limit may be.
    pub fn wrong_value(self, read: &str) -> LimitError {
        LimitError {
            read: read.to_owned(),
            rule: format!("{self} is a whole number"),
            mend: format!("write one from {} to {}", self.least(), self.greatest()),
        }
    }
}
