//! What the conformance programs share: running checks one after the other, and sockets on loopback.
//!
//! A program is a topic, a check is a function whose name is a sentence. The first check that fails ends the program:
//! its name is the last line of stdout, and stderr says where and why.

mod address;
mod differs;
pub mod headers;
pub mod sdk;
mod sockets;

pub use address::{IpFamily, any, any_port, loopback, std_address, unspecified, v4, v6};
pub use datagrant_guest::bindings;
pub use differs::{Difference, differs};
pub use sockets::{
    Told, bound, bound_to, closed_port, create, drain, next_message, receive, send, told, wait_receive, wait_send,
};

/// Runs the named checks, in order, and says which one it is at.
#[macro_export]
macro_rules! checks {
    ($($check:ident),* $(,)?) => {
        fn main() {
            $(
                println!(stringify!($check));
                $check();
            )*
        }
    };
}

/// Both families, for checks that hold in each.
pub const FAMILIES: [IpFamily; 2] = [IpFamily::Ipv4, IpFamily::Ipv6];

/// A patience for what takes a moment on loopback, in nanoseconds: far more than it ever needs.
pub const PATIENCE_NS: u64 = 5_000_000_000;
