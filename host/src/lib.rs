//! UDP for WebAssembly components, by grant only: the native provider of `datagrant:dgram` for wasmtime embedders.
//!
//! A guest that imports [`datagrant:dgram`](https://github.com/datagrant/datagrant/tree/main/wit) gets sockets with the
//! semantics of Node.js `dgram`, on native sockets, and reaches no more than its [`Grants`](grants::Grants) say. Without
//! grants it reaches nothing.
//!
//! # A whole embedding
//!
//! ```
//! use cap_std::ambient_authority;
//! use datagrant::grants::{Grants, Right};
//! use datagrant::{DgramCtx, DgramCtxView, DgramView, Refusal};
//! use wasmtime::component::{Component, Linker, ResourceTable};
//! use wasmtime::{Engine, Store};
//! use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView, p2};
//!
//! struct Host { table: ResourceTable, wasi: WasiCtx, dgram: DgramCtx }
//!
//! impl WasiView for Host {
//!     fn ctx(&mut self) -> WasiCtxView<'_> {
//!         WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
//!     }
//! }
//! impl DgramView for Host {
//!     fn dgram(&mut self) -> DgramCtxView<'_> {
//!         DgramCtxView { ctx: &mut self.dgram, table: &mut self.table }
//!     }
//! }
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let engine = Engine::default();
//!     let mut linker = Linker::<Host>::new(&engine);
//!     p2::add_to_linker_async(&mut linker)?;
//!     datagrant::add_to_linker(&mut linker)?;
//!
//!     let mut grants = Grants::new();
//!     grants.allow(Right::Bind, "0.0.0.0:0")?;
//!     let dgram = DgramCtx::builder()
//!         .grants(grants, ambient_authority())
//!         .on_refusal(|refusal: &Refusal| eprintln!("{refusal}"))
//!         .build();
//!     let host = Host { table: ResourceTable::new(), wasi: WasiCtx::builder().build(), dgram };
//!     let mut store = Store::new(&engine, host);
//!     let component = Component::new(&engine, wat::parse_file("tests/bind.wat")?)?;
//!     let command = p2::bindings::Command::instantiate_async(&mut store, &component, &linker).await?;
//!     command.wasi_cli_run().call_run(&mut store).await?.map_err(|()| "the guest failed".into())
//! }
//! ```
//!
//! Programs that know nothing of the contract import `wasi:sockets`: [`add_wasi_sockets_to_linker`] gives them the same sockets,
//! under the same grants.
//!
//! # How it is made
//!
//! - [`grants`] is pure: a grammar, canonical addresses and one [`decide`](grants::decide) that every operation asks
//!   before its first system call.
//! - A refusal reaches the guest as `access-denied`, without a reason; the reason goes to the [`Observer`]. The library
//!   never prints.
//! - The host functions are asynchronous where they wait. They need a tokio runtime with I/O and time
//!   (`enable_all`), and a store stays with the runtime in which its guest first waited.

#[cfg(not(target_os = "linux"))]
compile_error!(
    "datagrant runs on Linux only, for now: its system calls and its grants were written and measured there. Guests \
     can run anywhere: see guest/adapter"
);

mod bindings;
mod ctx;
mod granted;
pub mod grants;
mod host;
mod linker;
mod lookup;
mod service;
mod socket;
mod sys;
mod view;
mod wait;
mod wasi_sockets;
mod workers;

pub use ctx::{DgramCtx, DgramCtxBuilder};
pub use granted::HandInError;
pub use linker::{add_ready_to_linker, add_to_linker};
pub use service::{Service, ServiceEnd};
pub use socket::{Observer, Refusal, Traffic, Unfit, Workers};
pub use view::{Dgram, DgramCtxView, DgramView};
pub use wasi_sockets::{add_wasi_sockets_0_3_to_linker, add_wasi_sockets_to_linker};
pub use workers::bind_group;
