//! The same rules, where datagrams are sent and received by the interface `bursts`: it must be no way round them.

mod burst;

#[path = "../grants/bind.rs"]
mod bind;
#[path = "../grants/broadcast.rs"]
mod broadcast;
#[path = "../grants/canonical.rs"]
mod canonical;
#[path = "../grants/client.rs"]
mod client;
#[path = "../grants/connect.rs"]
mod connect;
#[path = "../grants/contract.rs"]
mod contract;
#[path = "../grants/default.rs"]
mod default;
#[path = "../grants/deny.rs"]
mod deny;
#[path = "../grants/dual_stack.rs"]
mod dual_stack;
#[path = "../grants/from.rs"]
mod from;
#[path = "../grants/granted.rs"]
mod granted;
#[path = "../grants/guest.rs"]
mod guest;
#[path = "../grants/join.rs"]
mod join;
#[path = "../grants/mapped.rs"]
mod mapped;
#[path = "../grants/multicast.rs"]
mod multicast;
#[path = "../grants/names.rs"]
mod names;
#[path = "../grants/operator.rs"]
mod operator;
#[path = "../grants/peer.rs"]
mod peer;
#[path = "../grants/ports.rs"]
mod ports;
#[path = "../grants/replaced/mod.rs"]
mod replaced;
#[path = "../grants/reply.rs"]
mod reply;
#[path = "../grants/shared.rs"]
mod shared;
#[path = "../grants/unspecified.rs"]
mod unspecified;

/// How each story begins.
const BEGIN: &[&str] = &["bursts on -> ok"];

/// Whether what sends or connects is bound by an operation of its own before.
const BINDS_FIRST: bool = false;
