//! `poll`: the same readiness as `wasi:io` pollables.

use crate::DgramCtxView;
use crate::bindings::datagrant::dgram::{poll, types};
use crate::host::{Lookup, Socket};
use crate::socket::{Direction, Wanted, wait};
use wasmtime::component::Resource;
use wasmtime_wasi_io::async_trait;
use wasmtime_wasi_io::poll::{DynPollable, Pollable, subscribe};

/// What a pollable watches.
struct Subscription(Vec<Wanted>);

#[async_trait]
impl Pollable for Subscription {
    async fn ready(&mut self) {
        // No descriptor left to watch with: ready, and the guest meets the error where it can be told.
        let _ = wait(&self.0, None).await;
    }
}

impl poll::Host for DgramCtxView<'_> {
    fn subscribe(
        &mut self,
        socket: Resource<Socket>,
        directions: types::Direction,
    ) -> wasmtime::Result<Vec<Resource<DynPollable>>> {
        let socket = self.table.get(&socket)?;
        let list: Vec<Wanted> = [
            (types::Direction::RECEIVE, Direction::Receive),
            (types::Direction::SEND, Direction::Send),
        ]
        .into_iter()
        .filter(|(flag, _)| directions.contains(*flag))
        .map(|(_, direction)| Wanted {
            socket: socket.clone(),
            direction,
        })
        .collect();
        if list.is_empty() {
            return Ok(vec![]);
        }
        // No child of the socket: a guest that drops them in the wrong order is not to be trapped for it.
        let subscription = self.table.push(Subscription(list))?;
        Ok(vec![subscribe(self.table, subscription)?])
    }

    fn subscribe_lookup(&mut self, _: Resource<Lookup>) -> wasmtime::Result<Vec<Resource<DynPollable>>> {
        Ok(vec![])
    }
}
