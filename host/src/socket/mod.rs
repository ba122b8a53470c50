//! The core: what a socket is and does. It knows system calls and grants, and nothing of wasmtime.
//!
//! - [`Socket`]: the state machine (unbound, bound, connected, closed) and its operations
//! - [`Authority`]: what an instance may do, and whom to tell when it may not
//!
//! Grants can be replaced while sockets live: each operation is judged by those of the moment when it began, and whoever
//! replaces them judges afterwards, under each socket's lock, what it holds (`review`).
//!
//! Each operation asks [`decide`](crate::grants::decide) before its first system call, by way of [`Authority::decide`].

mod authority;
mod batch;
mod bucket;
mod buffer;
mod charge;
mod drops;
mod error;
mod event;
mod family;
mod flood;
mod flow;
mod handed_in;
mod header;
mod interface;
mod judge;
mod live;
mod memberships;
mod multicast;
mod narrow;
mod operations;
mod peers;
mod quota;
mod receive;
mod receive_burst;
mod review;
mod segments;
mod send;
mod send_burst;
mod state;
mod traffic;
mod wait;
mod waits;
mod workers;
mod zones;

pub use authority::{Observer, Refusal};
pub use error::ErrorCode;
pub use event::Event;
pub(crate) use event::Told;
pub use family::Family;
pub use handed_in::Unfit;
pub use narrow::Narrow;
pub use quota::Quota;
pub use state::Socket;
pub use traffic::Traffic;
pub use workers::Workers;
pub use zones::find_interface;

pub(crate) use authority::Authority;
pub(crate) use handed_in::HandedIn;
pub(crate) use interface::InterfaceRef;
pub(crate) use live::Live;
pub(crate) use narrow::Narrowing;
pub(crate) use quota::Held;
pub(crate) use receive_burst::ReceivedBurst;
pub(crate) use send_burst::SendReport;
pub(crate) use state::CreateFlags;
pub(crate) use wait::Edge;

#[cfg(test)]
mod tests;
