//! Exit statuses: those that a shell tells of its commands.

use std::process::ExitCode;

/// How a run ended.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// The guest's own code; 0 is success.
    Exited(u8),
    /// The guest trapped.
    Trapped,
    /// The program was told to end, by this signal.
    Signalled(u8),
}

impl Status {
    /// The component could not be run, or failed without a code of its own.
    pub const FAILED: Status = Status::Exited(1);

    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Status::Exited(code) => code,
            // As if aborted: 128 + SIGABRT.
            Status::Trapped => 134,
            Status::Signalled(signal) => 128 + signal,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(status.code())
    }
}
