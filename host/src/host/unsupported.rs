//! What is not there yet: `name-lookup` and `zones` answer `not-supported`. The README lists it.

use super::{Failure, Lookup};
use crate::DgramCtxView;
use crate::bindings::datagrant::dgram::{name_lookup, types, zones};
use types::{ErrorCode, IpAddress, IpAddressFamily};
use wasmtime::component::Resource;

const NOT_YET: Failure = Failure::Code(ErrorCode::NotSupported);

impl name_lookup::Host for DgramCtxView<'_> {}

impl name_lookup::HostLookup for DgramCtxView<'_> {
    fn start(&mut self, _: String, _: Option<IpAddressFamily>) -> Result<Resource<Lookup>, Failure> {
        Err(NOT_YET)
    }

    fn id(&mut self, this: Resource<Lookup>) -> wasmtime::Result<u32> {
        Ok(self.table.get(&this)?.id())
    }

    fn answer(&mut self, this: Resource<Lookup>) -> Result<Vec<IpAddress>, Failure> {
        match **self.table.get(&this)? {}
    }

    fn drop(&mut self, this: Resource<Lookup>) -> wasmtime::Result<()> {
        match *self.table.delete(this)? {}
    }
}

impl zones::Host for DgramCtxView<'_> {
    fn index(&mut self, _: String) -> Result<u32, Failure> {
        Err(NOT_YET)
    }

    fn name(&mut self, _: u32) -> Result<String, Failure> {
        Err(NOT_YET)
    }
}
