//! What is not there yet: `zones` answers `not-supported`. The README lists it.

use super::Failure;
use crate::DgramCtxView;
use crate::bindings::datagrant::dgram::{types, zones};
use types::ErrorCode;

const NOT_YET: Failure = Failure::Code(ErrorCode::NotSupported);

impl zones::Host for DgramCtxView<'_> {
    fn index(&mut self, _: String) -> Result<u32, Failure> {
        Err(NOT_YET)
    }

    fn name(&mut self, _: u32) -> Result<String, Failure> {
        Err(NOT_YET)
    }
}
