//! Linking.

use crate::bindings::asynchronous::datagrant::dgram::ready;
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

/// Adds `ready` beside them, for components with `async func`s (WASI 0.3). It is apart because the engine must have
/// component-model async ([`Config::concurrency_support`](wasmtime::Config::concurrency_support), on by default where
/// wasmtime is built with it), which makes a host call about twice as dear: for components that do not need it, an embedder
/// makes an engine without, and calls [`add_to_linker`] alone.
///
/// ```
/// # use datagrant::{DgramCtx, DgramCtxView, DgramView};
/// # use wasmtime::component::{Component, Linker, ResourceTable};
/// # use wasmtime::{Config, Engine};
/// # use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
/// # struct Host { table: ResourceTable, wasi: WasiCtx, dgram: DgramCtx }
/// # impl WasiView for Host {
/// #     fn ctx(&mut self) -> WasiCtxView<'_> {
/// #         WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
/// #     }
/// # }
/// # impl DgramView for Host {
/// #     fn dgram(&mut self) -> DgramCtxView<'_> {
/// #         DgramCtxView { ctx: &mut self.dgram, table: &mut self.table }
/// #     }
/// # }
/// let mut config = Config::new();
/// config.concurrency_support(true);
/// let engine = Engine::new(&config)?;
/// let mut linker = Linker::<Host>::new(&engine);
/// wasmtime_wasi::p2::add_to_linker_async(&mut linker)?; // what Rust's std imports
/// wasmtime_wasi::p3::add_to_linker(&mut linker)?;
/// datagrant::add_to_linker(&mut linker)?;
/// datagrant::add_ready_to_linker(&mut linker)?;
/// // Then `wasmtime_wasi::p3::bindings::Command` runs a component, inside `Store::run_concurrent`.
/// # Ok::<(), wasmtime::Error>(())
/// ```
///
/// # Errors
/// When the linker has it already, or its engine has no component-model async.
pub fn add_ready_to_linker<T: DgramView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    ready::add_to_linker::<T, Dgram>(linker, T::dgram)
}

/// Puts a `wasi:io/poll` in the place of the one that is there, which a [`Tape`](crate::Tape) writes down or answers: for
/// guests of WASI 0.2 that are recorded, or whose recording is run again.
///
/// # Errors
/// When the linker does not let what it has be shadowed ([`Linker::allow_shadowing`]).
pub fn add_recorded_poll_to_linker<T: DgramView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    wasmtime_wasi_io::bindings::wasi::io::poll::add_to_linker::<T, Dgram>(linker, T::dgram)
}
