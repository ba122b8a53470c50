//! The host functions: table lookup, core, convert.

mod convert;
mod failure;
mod poll;
mod sockets;
mod unsupported;
mod wait;

pub use failure::Failure;
pub use unsupported::Lookup;

/// What a guest's handle of a socket leads to: shared with waits in progress.
pub type Socket = std::sync::Arc<crate::socket::Socket>;
