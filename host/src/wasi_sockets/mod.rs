//! `wasi:sockets` on the same sockets, under the same grants: what `std::net::UdpSocket`, Python's `socket` and other
//! programs that know nothing of the contract import.
//!
//! A socket is the core's own, told by calls and IPv6 only, as wasi:sockets has it. TCP is refused: no guest ever has a
//! [`TcpSocket`]. Names are looked up as by `name-lookup`, under `resolve`. What each function does is quoted from its
//! documentation, in `host/wit/`.

mod buffer_size;
mod linker;
mod names;
mod p2;
mod p3;

pub use linker::{add_wasi_sockets_0_3_to_linker, add_wasi_sockets_to_linker};

use crate::socket::{CreateFlags, Told};

/// There is none: whatever a guest would do with one cannot be called.
pub enum TcpSocket {}

impl CreateFlags {
    /// "On IPv6 sockets, IPV6_V6ONLY is enabled by default and can't be configured otherwise."
    const WASI_SOCKETS: CreateFlags = CreateFlags {
        reuse_address: false,
        reuse_port: false,
        ipv6_only: true,
        told: Told::ByCalls,
    };
}

/// Implements functions of a TCP socket, which no guest has to call them with.
macro_rules! of_no_tcp_socket {
    ($failure:ty; $($name:ident($($argument:ty),*) -> $answer:ty;)+) => {$(
        fn $name(&mut self, this: Resource<TcpSocket>, $(_: $argument),*) -> Result<$answer, $failure> {
            match self.table.get(&this) {
                Ok(none) => match *none {},
                Err(no_handle) => Err(no_handle.into()),
            }
        }
    )+};
}

use of_no_tcp_socket;
