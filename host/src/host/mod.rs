//! The host functions: table lookup, core, convert.

mod addresses;
mod bursts;
mod convert;
mod failure;
mod granted;
mod lookups;
mod poll;
mod ready;
mod recorded_poll;
mod sockets;
mod wait;
mod zones;

pub(crate) use addresses::addresses;
pub(crate) use bursts::add_to_linker as add_bursts_to_linker;
pub use failure::Failure;
pub(crate) use wait::Waiting;

/// What a guest's handle of a socket leads to: shared with waits in progress.
pub type Socket = std::sync::Arc<crate::socket::Socket>;

/// What a guest's handle of a lookup leads to: shared with waits in progress.
pub type Lookup = std::sync::Arc<crate::lookup::Lookup>;
