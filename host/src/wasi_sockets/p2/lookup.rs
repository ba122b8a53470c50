//! `ip-name-lookup`.

use super::bindings::wasi::sockets::{ip_name_lookup, network};
use super::{Failure, Network};
use crate::DgramCtxView;
use crate::wait::Wanted;
use crate::wasi_sockets::names::Addresses;
use wasmtime::component::Resource;
use wasmtime_wasi_io::poll::DynPollable;

/// The addresses of a name, one by one.
pub struct Resolving {
    addresses: Addresses,
    /// How many the guest has.
    told: usize,
}

impl ip_name_lookup::Host for DgramCtxView<'_> {
    fn resolve_addresses(&mut self, network: Resource<Network>, name: String) -> Result<Resource<Resolving>, Failure> {
        self.table.get(&network)?;
        let addresses = Addresses::of(&name, self.ctx)?;
        Ok(self.table.push(Resolving { addresses, told: 0 })?)
    }
}

impl ip_name_lookup::HostResolveAddressStream for DgramCtxView<'_> {
    fn resolve_next_address(&mut self, this: Resource<Resolving>) -> Result<Option<network::IpAddress>, Failure> {
        let this = self.table.get_mut(&this)?;
        let next = this.addresses.get()?.get(this.told).copied();
        this.told += usize::from(next.is_some());
        Ok(next.map(Into::into))
    }

    fn subscribe(&mut self, this: Resource<Resolving>) -> wasmtime::Result<Resource<DynPollable>> {
        let wanted = match &self.table.get(&this)?.addresses {
            Addresses::Known(_) => vec![],
            Addresses::Lookup(lookup) => vec![Wanted::Answer(lookup.clone())],
        };
        self.pollable(wanted)
    }

    fn drop(&mut self, this: Resource<Resolving>) -> wasmtime::Result<()> {
        if let Addresses::Lookup(lookup) = self.table.delete(this)?.addresses {
            // Here and now, also while a pollable still watches it.
            lookup.cancel();
        }
        Ok(())
    }
}
