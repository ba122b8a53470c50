//! `wasi:sockets` 0.3.

mod bindings;
mod failure;
mod lookup;
mod tcp;
mod udp;

pub use failure::{Failure, LookupFailure};

use crate::{Dgram, DgramView};
use bindings::wasi::sockets;
use wasmtime::component::Linker;

pub fn add_to_linker<T: DgramView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    sockets::types::add_to_linker::<T, Dgram>(linker, T::dgram)?;
    sockets::ip_name_lookup::add_to_linker::<T, Dgram>(linker, T::dgram)
}
