//! The interfaces that are exported because a provider exports all of them, and that do nothing here yet.

use crate::Adapter;
use crate::bindings::datagrant::dgram::types::{ErrorCode, IpAddress, IpAddressFamily};
use crate::bindings::outer::{granted, name_lookup, sockets, zones};

/// A lookup. None can be made, so that its methods are never called.
pub(crate) struct Lookup;

impl name_lookup::Guest for Adapter {
    type Lookup = Lookup;
}

impl name_lookup::GuestLookup for Lookup {
    fn start(_: String, _: Option<IpAddressFamily>) -> Result<name_lookup::Lookup, ErrorCode> {
        Err(ErrorCode::NotSupported)
    }

    fn id(&self) -> u32 {
        0
    }

    fn answer(&self) -> Result<Vec<IpAddress>, ErrorCode> {
        Err(ErrorCode::NotSupported)
    }
}

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
