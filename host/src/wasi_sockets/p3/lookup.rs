//! `ip-name-lookup`.

use super::LookupFailure;
use super::bindings::wasi::sockets::{ip_name_lookup, types};
use crate::Dgram;
use crate::wasi_sockets::names::Addresses;
use wasmtime::component::Accessor;

impl<T: Send> ip_name_lookup::HostWithStore<T> for Dgram {
    async fn resolve_addresses(
        store: &Accessor<T, Self>,
        name: String,
    ) -> Result<Vec<types::IpAddress>, LookupFailure> {
        // A call that is dropped drops the lookup, which cancels it.
        let addresses = store.with(|mut store| Addresses::of(&name, store.get().ctx))?;
        if let Addresses::Lookup(lookup) = &addresses {
            lookup.answered().await;
        }
        Ok(addresses.get()?.into_iter().map(Into::into).collect())
    }
}
