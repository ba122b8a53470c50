//! A failing host function: an answer to the guest, or a trap.

use crate::DgramCtxView;
use crate::bindings::datagrant::dgram::types;
use crate::socket::ErrorCode;
use wasmtime::component::ResourceTableError;

/// An error of a host function.
pub enum Failure {
    /// For the guest to handle.
    Code(types::ErrorCode),
    /// The guest broke the rules of the component model: it has no such handle.
    Trap(wasmtime::Error),
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Failure {
        Failure::Code(code.into())
    }
}

impl From<types::ErrorCode> for Failure {
    fn from(code: types::ErrorCode) -> Failure {
        Failure::Code(code)
    }
}

impl From<ResourceTableError> for Failure {
    fn from(error: ResourceTableError) -> Failure {
        Failure::Trap(error.into())
    }
}

impl types::Host for DgramCtxView<'_> {
    fn convert_error_code(&mut self, failure: Failure) -> wasmtime::Result<types::ErrorCode> {
        match failure {
            Failure::Code(code) => Ok(code),
            Failure::Trap(error) => Err(error),
        }
    }
}
