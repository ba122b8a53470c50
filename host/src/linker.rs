//! Linking.

use crate::bindings::datagrant::dgram::{granted, name_lookup, poll, sockets, types, wait, zones};
use crate::{Dgram, DgramView, host};
use wasmtime::component::Linker;

/// Adds every interface of `datagrant:dgram` to `linker`. Components are then instantiated and called with the `async`
/// functions of wasmtime, inside a tokio runtime: `wait` suspends.
///
/// The `poll` interface hands out `wasi:io` pollables: link wasmtime-wasi, or wasmtime-wasi-io, beside it, with the same
/// [`ResourceTable`](wasmtime::component::ResourceTable).
///
/// # Errors
/// When the linker has one of the interfaces already.
pub fn add_to_linker<T: DgramView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    types::add_to_linker::<T, Dgram>(linker, T::dgram)?;
    sockets::add_to_linker::<T, Dgram>(linker, T::dgram)?;
    host::add_bursts_to_linker(linker)?;
    name_lookup::add_to_linker::<T, Dgram>(linker, T::dgram)?;
    zones::add_to_linker::<T, Dgram>(linker, T::dgram)?;
    granted::add_to_linker::<T, Dgram>(linker, T::dgram)?;
    wait::add_to_linker::<T, Dgram>(linker, T::dgram)?;
    poll::add_to_linker::<T, Dgram>(linker, T::dgram)
}
