//! `wasi:io/poll`, on the tape: what a guest of WASI 0.2 waits for beside sockets, its timers above all.

use crate::DgramCtxView;
use crate::tape::Tape;
use wasmtime::component::Resource;
use wasmtime_wasi_io::bindings::wasi::io::poll::{Host, HostPollable};
use wasmtime_wasi_io::poll::DynPollable;

impl Host for DgramCtxView<'_> {
    async fn poll(&mut self, list: Vec<Resource<DynPollable>>) -> wasmtime::Result<Vec<u32>> {
        let question = || format!("poll {}", list.len());
        match self.replayed() {
            Some(tape) => Ok(tape.ask_later(question, std::future::pending()).await),
            None => {
                let question = question();
                let ready = Host::poll(self.table, list).await?;
                self.write_down(question, &ready);
                Ok(ready)
            }
        }
    }
}

impl HostPollable for DgramCtxView<'_> {
    async fn block(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        let question = || "block".to_owned();
        match self.replayed() {
            Some(tape) => tape.ask_later(question, std::future::pending()).await,
            None => {
                HostPollable::block(self.table, pollable).await?;
                self.write_down(question(), &());
            }
        }
        Ok(())
    }

    async fn ready(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<bool> {
        let question = || "ready".to_owned();
        match self.replayed() {
            Some(tape) => Ok(tape.ask_later(question, std::future::pending()).await),
            None => {
                let ready = HostPollable::ready(self.table, pollable).await?;
                self.write_down(question(), &ready);
                Ok(ready)
            }
        }
    }

    fn drop(&mut self, pollable: Resource<DynPollable>) -> wasmtime::Result<()> {
        HostPollable::drop(self.table, pollable)
    }
}

impl DgramCtxView<'_> {
    fn replayed(&self) -> Option<Tape> {
        self.ctx
            .authority()
            .network
            .tape()
            .filter(|tape| tape.is_replay())
            .cloned()
    }

    fn write_down<T: crate::tape::Answer + Clone>(&self, question: String, answer: &T) {
        if let Some(tape) = self.ctx.authority().network.tape() {
            tape.ask(|| question, || answer.clone());
        }
    }
}
