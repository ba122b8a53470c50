//! How a program ended.

use datagrant::Limit;
use std::time::Duration;

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// By itself: 0 is success.
    Exited(i32),
    /// By a trap, or before it started: what the host says.
    Failed(String),
    /// It was still running at its time limit.
    TimedOut,
    /// It was still running when the test stopped it.
    Stopped,
}

/// How a program ended, and what it printed until then.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
    /// The time that its thread has used of a processor, compiling left out.
    pub processor: Duration,
    /// What the native provider refused, one line each: `grants: OPERATION ADDRESS: REASON; fix: RIGHT PATTERN`, the fix
    /// where there is one, or `kernel: OPERATION ADDRESS: ERROR`.
    pub refusals: Vec<String>,
    /// The limits that were in the way, and how often.
    pub exceeded: Vec<(Limit, u64)>,
}

impl Outcome {
    /// # Panics
    /// If the program did not exit with 0, with what it printed.
    #[track_caller]
    pub fn assert_success(&self) {
        assert!(self.status == Status::Exited(0), "{}", self.told());
    }

    /// All of it, for people.
    #[must_use]
    pub fn told(&self) -> String {
        format!(
            "the guest ended with {:?}\n--- stdout\n{}--- stderr\n{}--- refused\n{:#?}\n---",
            self.status, self.stdout, self.stderr, self.refusals
        )
    }
}
