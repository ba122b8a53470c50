//! UDP for WebAssembly components, by grant only: the native provider of `datagrant:dgram` for wasmtime embedders.
#[cfg(not(target_os = "linux"))]
compile_error!(
    "datagrant runs on Linux: its system calls (recvmmsg, sendmmsg) and its grants were made and measured there"
);

mod bindings;
mod ctx;
pub mod grants;
mod host;
mod linker;
mod socket;
mod sys;
mod view;

pub use ctx::{DgramCtx, DgramCtxBuilder};
pub use linker::add_to_linker;
pub use socket::{Observer, Refusal};
pub use view::{Dgram, DgramCtxView, DgramView};
