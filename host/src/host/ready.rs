//! `ready`: what `wait` waits for, one id at a time, while the component's other tasks go on.

use super::Failure;
use crate::bindings::asynchronous::datagrant::dgram::ready as interface;
use crate::socket::ErrorCode;
use crate::wait::{Waitable, Wanted, wait};
use crate::{Dgram, DgramCtxView};
use wasmtime::component::Accessor;

impl interface::Host for DgramCtxView<'_> {}

impl<T: Send> interface::HostWithStore<T> for Dgram {
    async fn receive(store: &Accessor<T, Self>, id: u32) -> Result<(), Failure> {
        until(of(store, id, |waitable| Ok(waitable.to_receive()))?).await
    }

    async fn send(store: &Accessor<T, Self>, id: u32) -> Result<(), Failure> {
        until(of(store, id, Waitable::to_send)?).await
    }
}

/// The store is borrowed for no longer than that.
fn of<T: Send>(
    store: &Accessor<T, Dgram>,
    id: u32,
    wanted: impl FnOnce(&Waitable) -> Result<Wanted, ErrorCode>,
) -> Result<Wanted, Failure> {
    store.with(|mut store| Ok(wanted(store.get().ctx.waitable(id)?)?))
}

async fn until(wanted: Wanted) -> Result<(), Failure> {
    wait(&[wanted], None).await.map_err(ErrorCode::from)?;
    Ok(())
}
