//! The limits of what a guest does without sockets: memory, and processor time. Its store is the embedder's, so that the
//! embedder installs them.

mod cpu;
mod memory;
mod ticker;

pub use cpu::{CpuWatch, GuestCpu};
pub use memory::GuestMemory;

pub(crate) use cpu::{give_way, waits};

use crate::limits::Limit;

/// Why a guest was ended, as if it had trapped: the error of wasmtime that its call ends with has this in it.
#[derive(Copy, Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the limit {limit}={value} was exceeded")]
#[non_exhaustive]
pub struct LimitExceeded {
    /// Which limit.
    pub limit: Limit,
    /// Its value.
    pub value: u64,
}
