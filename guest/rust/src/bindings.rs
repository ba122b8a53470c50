//! The contract as it is: generated from `wit/`, world `imports`, with nothing of this crate's own.
//!
//! Everything else in this crate is written on it. Use it for what has no nicer form: [`UdpSocket::as_raw`](crate::UdpSocket::as_raw) and
//! [`UdpSocket::from_raw`](crate::UdpSocket::from_raw) lead from one to the other.
//!
//! On the host the types work and the functions panic, for there is no provider to call.

#[allow(
    missing_docs,
    reason = "generated: what wit/ documents is documented here, and only that"
)]
mod generated {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "imports",
        generate_all,
        additional_derives: [PartialEq, Eq, Hash],
    });
}

pub use generated::datagrant::dgram::*;
