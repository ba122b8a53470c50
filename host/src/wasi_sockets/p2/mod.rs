//! `wasi:sockets` 0.2.

mod bindings;
mod lookup;
mod network;
mod streams;
mod tcp;
mod udp;

pub use lookup::Resolving;
pub use network::{Failure, Network};
pub use streams::{Incoming, Outgoing};
pub use udp::UdpSocket;

use crate::{Dgram, DgramView};
use bindings::wasi::sockets;
use wasmtime::component::Linker;

pub fn add_to_linker<T: DgramView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    // Its one function, which tells codes of errors of TCP streams, is not stable, and is left out.
    let options = sockets::network::LinkOptions::default();
    sockets::network::add_to_linker::<T, Dgram>(linker, &options, T::dgram)?;
    sockets::instance_network::add_to_linker::<T, Dgram>(linker, T::dgram)?;
    sockets::udp::add_to_linker::<T, Dgram>(linker, T::dgram)?;
    sockets::udp_create_socket::add_to_linker::<T, Dgram>(linker, T::dgram)?;
    sockets::tcp::add_to_linker::<T, Dgram>(linker, T::dgram)?;
    sockets::tcp_create_socket::add_to_linker::<T, Dgram>(linker, T::dgram)?;
    sockets::ip_name_lookup::add_to_linker::<T, Dgram>(linker, T::dgram)
}
