//! How an embedder's store leads to its [`DgramCtx`].

use crate::DgramCtx;
use wasmtime::component::{HasData, ResourceTable};

/// The context and the table of a store, borrowed for a call of the guest.
pub struct DgramCtxView<'a> {
    /// What the guest may do, and what it has open.
    pub ctx: &'a mut DgramCtx,
    /// Where the guest's handles lead; may be shared with WASI.
    pub table: &'a mut ResourceTable,
}

/// Implemented by the `T` of an embedder's [`Store<T>`](wasmtime::Store).
pub trait DgramView: Send {
    /// Both parts, from wherever the embedder keeps them.
    fn dgram(&mut self) -> DgramCtxView<'_>;
}

/// The marker by which wasmtime finds [`DgramCtxView`]: for embedders that call the generated `add_to_linker`s themselves.
pub struct Dgram;

impl HasData for Dgram {
    type Data<'a> = DgramCtxView<'a>;
}
