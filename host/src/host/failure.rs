//! A failing host function: an answer to the guest, or a trap.

use crate::DgramCtxView;
use crate::bindings::datagrant::dgram::types;
use crate::socket::ErrorCode;
use wasmtime::component::ResourceTableError;

/// An error of a host function. `C` is the interface's own type of codes.
pub enum Failure<C = types::ErrorCode> {
    /// For the guest to handle.
    Code(C),
    /// The guest broke the rules of the component model: it has no such handle.
    Trap(wasmtime::Error),
}

impl<C> Failure<C> {
    /// As generated code wants it.
    pub(crate) fn code(self) -> wasmtime::Result<C> {
        match self {
            Failure::Code(code) => Ok(code),
            Failure::Trap(error) => Err(error),
        }
    }
}

impl<C: From<ErrorCode>> From<ErrorCode> for Failure<C> {
    fn from(code: ErrorCode) -> Failure<C> {
        Failure::Code(code.into())
    }
}

impl From<types::ErrorCode> for Failure {
    fn from(code: types::ErrorCode) -> Failure {
        Failure::Code(code)
    }
}

impl<C> From<ResourceTableError> for Failure<C> {
    fn from(error: ResourceTableError) -> Failure<C> {
        Failure::Trap(error.into())
    }
}

impl types::Host for DgramCtxView<'_> {
    fn convert_error_code(&mut self, failure: Failure) -> wasmtime::Result<types::ErrorCode> {
        failure.code()
    }
}
