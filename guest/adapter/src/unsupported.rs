//! The interfaces that are exported because a provider exports all of them, and that `wasi:sockets` has nothing for.

use crate::Adapter;
use crate::bindings::datagrant::dgram::types::ErrorCode;
use crate::bindings::outer::{granted, sockets, zones};

impl zones::Guest for Adapter {
    fn index(_: String) -> Result<u32, ErrorCode> {
        Err(ErrorCode::NotSupported)
    }

    fn name(_: u32) -> Result<String, ErrorCode> {
        Err(ErrorCode::NotSupported)
    }
}

/// A stock host hands no sockets in.
impl granted::Guest for Adapter {
    fn names() -> Vec<String> {
        Vec::new()
    }

    fn take(_: String) -> Result<sockets::Socket, ErrorCode> {
        Err(ErrorCode::InvalidArgument)
    }
}
