//! Linking.

use super::{p2, p3};
use crate::DgramView;
use wasmtime::component::Linker;

/// Adds `wasi:sockets` 0.2, on the guest's grants: UDP is the same sockets as `datagrant:dgram`'s, names are looked up under
/// `resolve`, TCP is refused. Programs that know nothing of the contract work so: Rust's `std::net::UdpSocket`, Python's
/// `socket`.
///
/// wasmtime-wasi has `wasi:sockets` of its own. Link it first, allow shadowing, and nothing of its sockets can be reached:
///
/// ```
/// use cap_std::ambient_authority;
/// use datagrant::grants::{Grants, Right};
/// use datagrant::{DgramCtx, DgramCtxView, DgramView};
/// use wasmtime::Engine;
/// use wasmtime::component::{Linker, ResourceTable};
/// use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
///
/// struct Host { table: ResourceTable, wasi: WasiCtx, dgram: DgramCtx }
///
/// impl WasiView for Host {
///     fn ctx(&mut self) -> WasiCtxView<'_> {
///         WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
///     }
/// }
/// impl DgramView for Host {
///     fn dgram(&mut self) -> DgramCtxView<'_> {
///         DgramCtxView { ctx: &mut self.dgram, table: &mut self.table }
///     }
/// }
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let engine = Engine::default();
///     let mut linker = Linker::<Host>::new(&engine);
///     wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
///     linker.allow_shadowing(true);
///     datagrant::add_wasi_sockets_to_linker(&mut linker)?;
///     linker.allow_shadowing(false);
///
///     let mut grants = Grants::new();
///     grants.allow(Right::Send, "@loopback:53")?;
///     let host = Host {
///         table: ResourceTable::new(),
///         wasi: WasiCtx::builder().inherit_stdio().build(),
///         dgram: DgramCtx::builder().grants(grants, ambient_authority()).build(),
///     };
///     // Then instantiate with `linker` in a `Store::new(&engine, host)`.
///     # drop(host);
///     Ok(())
/// }
/// ```
///
/// # Errors
/// When the linker has one of the interfaces already, and no shadowing is allowed.
pub fn add_wasi_sockets_to_linker<T: DgramView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    p2::add_to_linker(linker)
}

/// Adds `wasi:sockets` 0.3, as [`add_wasi_sockets_to_linker`] adds 0.2. It is apart because the engine must have component-model
/// async: see [`add_ready_to_linker`](crate::add_ready_to_linker).
///
/// ```
/// # use datagrant::{DgramCtx, DgramCtxView, DgramView};
/// # use wasmtime::component::{Linker, ResourceTable};
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
/// linker.allow_shadowing(true);
/// datagrant::add_wasi_sockets_to_linker(&mut linker)?;
/// datagrant::add_wasi_sockets_0_3_to_linker(&mut linker)?;
/// # Ok::<(), wasmtime::Error>(())
/// ```
///
/// # Errors
/// When the linker has one of the interfaces already, and no shadowing is allowed; or its engine has no component-model async.
pub fn add_wasi_sockets_0_3_to_linker<T: DgramView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    p3::add_to_linker(linker)
}
