//! The rules of grants, each through a real guest on the native provider: what the guest is told, what the network
//! sees, and the line that the operator reads. A story is a transcript of the guest `scripted` (see its documentation):
//! operation, ` -> `, and how it ends. Rules 1 to 5, 7 to 10, 15 and 16 of the grants page; the pure decisions are tested
//! beside them, in `host/src/grants/tests`.
//!
//! Only loopback is used, and ports that the kernel gave.

mod bind;
mod broadcast;
mod canonical;
mod client;
mod connect;
mod contract;
mod default;
mod deny;
mod dual_stack;
mod from;
mod granted;
mod guest;
mod join;
mod lookups;
mod mapped;
mod multicast;
mod names;
mod operator;
mod peer;
mod ports;
mod replaced;
mod reply;
mod shared;
mod sixty_seconds;
mod unspecified;

/// How each story begins.
const BEGIN: &[&str] = &[];

/// Whether what sends or connects is bound by an operation of its own before.
const BINDS_FIRST: bool = false;
