//! `poll`: the same readiness as `wasi:io` pollables.

use crate::DgramCtxView;
use crate::bindings::datagrant::dgram::{poll, types};
use crate::host::{Lookup, Socket};
use crate::wait::{Waitable, Wanted, wait};
use std::time::Duration;
use wasmtime::component::Resource;
use wasmtime_wasi_io::async_trait;
use wasmtime_wasi_io::poll::{DynPollable, Pollable, subscribe};

/// A wait that only looks.
const NOW: Option<Duration> = Some(Duration::ZERO);

/// What a pollable watches: any of these; nothing, which is ready.
struct Subscription(Vec<Wanted>);

#[async_trait]
impl Pollable for Subscription {
    async fn ready(&mut self) {
        while !self.0.is_empty() {
            // No descriptor left to watch with: ready, and the guest meets the error where it can be told.
            let told = wait(&self.0, None).await;
            // What told of a datagram may come when it was taken already: who only asks whether it is ready would believe it.
            let stale = told.is_ok() && wait(&self.0, NOW).await.is_ok_and(|ready| !ready.contains(&true));
            if !stale {
                return;
            }
        }
    }
}

impl poll::Host for DgramCtxView<'_> {
    fn subscribe(
        &mut self,
        socket: Resource<Socket>,
        directions: types::Direction,
    ) -> wasmtime::Result<Vec<Resource<DynPollable>>> {
        let socket = Waitable::Socket(self.table.get(&socket)?.clone());
        let mut list = vec![];
        if directions.contains(types::Direction::RECEIVE) {
            list.push(socket.to_receive());
        }
        if directions.contains(types::Direction::SEND) {
            list.push(socket.to_send()?);
        }
        if list.is_empty() {
            return Ok(vec![]);
        }
        Ok(vec![self.pollable(list)?])
    }

    fn subscribe_lookup(&mut self, lookup: Resource<Lookup>) -> wasmtime::Result<Vec<Resource<DynPollable>>> {
        let lookup = Waitable::Lookup(self.table.get(&lookup)?.clone());
        Ok(vec![self.pollable(vec![lookup.to_receive()])?])
    }
}

impl DgramCtxView<'_> {
    /// No child of what it watches: a guest that drops them in the wrong order is not to be trapped for it.
    pub(crate) fn pollable(&mut self, list: Vec<Wanted>) -> wasmtime::Result<Resource<DynPollable>> {
        let subscription = self.table.push(Subscription(list))?;
        subscribe(self.table, subscription)
    }
}
