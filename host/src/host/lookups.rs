//! `name-lookup`.

use super::{Failure, Lookup};
use crate::DgramCtxView;
use crate::bindings::datagrant::dgram::{name_lookup, types};
use types::{IpAddress, IpAddressFamily};
use wasmtime::component::Resource;

impl name_lookup::Host for DgramCtxView<'_> {}

impl name_lookup::HostLookup for DgramCtxView<'_> {
    fn start(&mut self, name: String, family: Option<IpAddressFamily>) -> Result<Resource<Lookup>, Failure> {
        let lookup = self.ctx.look_up(&name, family.map(Into::into))?;
        Ok(self.table.push(lookup)?)
    }

    fn id(&mut self, this: Resource<Lookup>) -> wasmtime::Result<u32> {
        Ok(self.table.get(&this)?.id())
    }

    fn answer(&mut self, this: Resource<Lookup>) -> Result<Vec<IpAddress>, Failure> {
        let found = self.table.get(&this)?.answer()?;
        Ok(found.into_iter().map(Into::into).collect())
    }

    fn drop(&mut self, this: Resource<Lookup>) -> wasmtime::Result<()> {
        let lookup = self.table.delete(this)?;
        self.ctx.forget(lookup.id());
        // Here and now, also while a pollable still watches it.
        lookup.cancel();
        Ok(())
    }
}
