//! Limits, each through a real guest that wants more on the native provider: it is held, told the right code, and counted,
//! and goes on afterwards (rules 3 and 11 of the grants page). A story is a transcript of the guest `scripted`, as in
//! `tests/tests/grants`. Only loopback is used, and ports that the kernel gave.

mod bursts;
mod counts;
mod flood;
mod guest_limits;
mod held;
mod peers;
mod received;
mod replies;
mod sent;
mod wasi_sockets;

#[path = "../grants/guest.rs"]
#[allow(
    dead_code,
    reason = "the same guest as for grants, of whose rights few are needed here"
)]
mod guest;
#[path = "../grants/peer.rs"]
#[allow(dead_code, reason = "as above")]
mod peer;

/// How each story begins.
const BEGIN: &[&str] = &[];

/// Whether what sends or connects is bound by an operation of its own before.
const BINDS_FIRST: bool = false;
