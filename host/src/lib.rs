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
//! # Watching, narrowing, and taking back
//!
//! Grants are what an operator writes. An embedder has three ways more, none of which can add to them: code of its own that
//! is asked about what they permit ([`Narrow`]), a pool of addresses that it holds ([`DgramCtxBuilder::pool`]), and a
//! handle that replaces them while the guest runs ([`GrantsHandle`]), after which what no longer fits is closed. The
//! [`Observer`] is told of each refusal, with the reason and the grant that would have allowed it.
//!
//! ```
//! use cap_primitives::net::Pool;
//! use cap_std::ambient_authority;
//! use datagrant::grants::{Grants, Operation, Reason, Right, Subject};
//! use datagrant::{DgramCtx, GrantsHandle, Refusal};
//! use std::sync::atomic::{AtomicBool, Ordering};
//! use std::sync::{Arc, mpsc};
//! # use datagrant::{DgramCtxView, DgramView};
//! # use wasmtime::component::{Component, Linker, ResourceTable};
//! # use wasmtime::{Engine, Store};
//! # use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView, p2};
//! # struct Host { table: ResourceTable, wasi: WasiCtx, dgram: DgramCtx }
//! # impl WasiView for Host {
//! #     fn ctx(&mut self) -> WasiCtxView<'_> {
//! #         WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
//! #     }
//! # }
//! # impl DgramView for Host {
//! #     fn dgram(&mut self) -> DgramCtxView<'_> {
//! #         DgramCtxView { ctx: &mut self.dgram, table: &mut self.table }
//! #     }
//! # }
//!
//! /// What a tenant may do: what the operator wrote, inside of what this program leaves to tenants.
//! fn tenant(
//!     written: Grants,
//!     names: Arc<AtomicBool>,
//!     refused: mpsc::Sender<String>,
//! ) -> Result<DgramCtx, Box<dyn std::error::Error>> {
//!     // Whatever is written, nothing but these networks, and binds to any port of this host.
//!     let mut pool = Pool::new();
//!     pool.insert_ip_net_port_any("10.1.0.0/16".parse()?, ambient_authority());
//!     pool.insert_socket_addr("0.0.0.0:0".parse()?, ambient_authority());
//!
//!     // And no names while a switch is off, which no grant can say.
//!     let code = move |operation: Operation, _: &Subject| {
//!         operation != Operation::Resolve || names.load(Ordering::Relaxed)
//!     };
//!
//!     Ok(DgramCtx::builder()
//!         .grants(written, ambient_authority())
//!         .pool(pool)
//!         .narrow(code)
//!         .on_refusal(move |refusal: &Refusal| {
//!             let line = match refusal {
//!                 Refusal::Grants(denial) if denial.reason() == Reason::NotGranted => format!("ask for it: {denial}"),
//!                 Refusal::Withdrawn(denial) => format!("closed: {denial}"),
//!                 refusal => format!("never: {refusal}"),
//!             };
//!             let _ = refused.send(line); // nobody listens any more
//!         })
//!         .build())
//! }
//!
//! /// Another thread, for as long as tenants run: what the operator writes then is in force at once.
//! fn rewritten(tenants: &[GrantsHandle], written: &Grants) {
//!     for tenant in tenants.iter().filter(|tenant| !tenant.is_gone()) {
//!         tenant.replace(written.clone(), ambient_authority());
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut written = Grants::new();
//! written.allow(Right::Bind, "0.0.0.0:0")?.allow(Right::Send, "@private:53")?;
//! let (refused, lines) = mpsc::channel();
//! let dgram = tenant(written, Arc::default(), refused)?;
//! let handle = dgram.grants_handle();
//! # let engine = Engine::default();
//! # let mut linker = Linker::<Host>::new(&engine);
//! # p2::add_to_linker_async(&mut linker)?;
//! # datagrant::add_to_linker(&mut linker)?;
//! # let component = Component::new(&engine, wat::parse_file("tests/bind.wat")?)?;
//! # let host = Host { table: ResourceTable::new(), wasi: WasiCtx::builder().build(), dgram };
//! # let mut store = Store::new(&engine, host);
//! // A store with it, and a guest that binds a socket, as above.
//! # let command = p2::bindings::Command::instantiate_async(&mut store, &component, &linker).await?;
//! # command.wasi_cli_run().call_run(&mut store).await?.map_err(|()| "the guest failed")?;
//! std::thread::spawn(move || rewritten(&[handle], &Grants::new())).join().expect("it does not panic");
//! let line = lines.recv()?;
//! assert!(line.starts_with("closed: bind 0.0.0.0:") && line.ends_with(": not granted"), "{line}");
//! # Ok(())
//! # }
//! ```
//!
//! Ambient authority enters by a [`cap_std::AmbientAuthority`] token and nowhere else: with grants, when they are given and
//! when they are replaced; with name servers that the host is to ask; with [`bind_group`]. A
//! [`cap_std::net::UdpSocket`] is an authority that the embedder has, and hands in.
//!
//! # How it is made
//!
//! - [`grants`] is pure: a grammar, canonical addresses and one [`decide`](grants::decide) that every operation asks
//!   before its first system call.
//! - A refusal reaches the guest as `access-denied`, without a reason; the reason goes to the [`Observer`]. The library
//!   never prints.
//! - What sockets are told goes by one seam at system calls: a [`Tape`] there writes a run down, or tells it again without
//!   any network.
//! - The host functions are asynchronous where they wait. They need a tokio runtime with I/O and time
//!   (`enable_all`), and a store stays with the runtime in which its guest first waited.

#[cfg(not(target_os = "linux"))]
compile_error!(
    "datagrant runs on Linux only, for now: its system calls and its grants were written and measured there. Guests \
     can run anywhere: see guest/adapter"
);

mod bindings;
#[cfg(test)]
mod corpus;
mod ctx;
mod granted;
pub mod grants;
mod guest;
mod handle;
mod host;
mod limits;
mod linker;
mod lookup;
mod metrics;
mod network;
mod service;
mod socket;
mod suggest;
mod sys;
mod tape;
mod view;
mod wait;
mod wasi_sockets;
mod workers;

pub use crate::metrics::describe_metrics;
pub use ctx::{DgramCtx, DgramCtxBuilder};
pub use granted::HandInError;
pub use guest::{CpuWatch, GuestCpu, GuestMemory, LimitExceeded};
pub use handle::GrantsHandle;
pub use limits::{Limit, LimitError, Limits};
pub use linker::{add_ready_to_linker, add_recorded_poll_to_linker, add_to_linker};
pub use service::{Service, ServiceEnd};
pub use socket::{Narrow, Observer, Quota, Refusal, Traffic, Unfit, Workers, find_interface};
pub use tape::{Datagram, Over, Recorder, Step, Tape};
pub use view::{Dgram, DgramCtxView, DgramView};
pub use wasi_sockets::{add_wasi_sockets_0_3_to_linker, add_wasi_sockets_to_linker};
pub use workers::bind_group;
