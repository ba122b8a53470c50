//! `wait`.

use super::Failure;
use crate::DgramCtxView;
use crate::bindings::datagrant::dgram::types;
use crate::bindings::datagrant::dgram::wait as interface;
use crate::socket::ErrorCode;
use crate::wait::wait;
use std::time::Duration;
use types::{DurationNs, Interest};

impl interface::Host for DgramCtxView<'_> {
    async fn wait(&mut self, on: Interest, timeout: Option<DurationNs>) -> Result<Interest, Failure> {
        if on.receive.is_empty() && on.send.is_empty() && timeout.is_none() {
            return Err(types::ErrorCode::InvalidArgument.into());
        }
        let receive = each_once(on.receive);
        let send = each_once(on.send);
        let mut list = Vec::with_capacity(receive.len() + send.len());
        for &id in &receive {
            list.push(self.ctx.waitable(id)?.to_receive());
        }
        for &id in &send {
            list.push(self.ctx.waitable(id)?.to_send()?);
        }
        let mut ready = wait(&list, timeout.map(Duration::from_nanos))
            .await
            .map_err(ErrorCode::from)?
            .into_iter();
        let mut of = |ids: Vec<u32>| ids.into_iter().filter(|_| ready.next() == Some(true)).collect();
        Ok(Interest {
            receive: of(receive),
            send: of(send),
        })
    }
}

/// However often the guest names it.
fn each_once(mut ids: Vec<u32>) -> Vec<u32> {
    ids.sort_unstable();
    ids.dedup();
    ids
}
