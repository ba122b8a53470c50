//! `wait`.

use super::Failure;
use crate::bindings::datagrant::dgram::types;
use crate::bindings::datagrant::dgram::wait as interface;
use crate::socket::ErrorCode;
use crate::tape::Tape;
use crate::wait::{Wanted, wait};
use crate::{DgramCtx, DgramCtxView};
use std::time::Duration;
use types::{DurationNs, Interest};

impl interface::Host for DgramCtxView<'_> {
    async fn wait(&mut self, on: Interest, timeout: Option<DurationNs>) -> Result<Interest, Failure> {
        Ok(Waiting::new(self.ctx, on, timeout)?.ready().await?)
    }
}

/// A wait that is about to begin. It borrows nothing of the store.
pub(crate) struct Waiting {
    receive: Vec<u32>,
    send: Vec<u32>,
    /// In the order of both.
    list: Vec<Wanted>,
    timeout: Option<Duration>,
    tape: Option<Tape>,
}

impl Waiting {
    /// What the ids stand for. `invalid-argument` where there is nothing to wait for, and no timeout.
    pub(crate) fn new(ctx: &DgramCtx, on: Interest, timeout: Option<DurationNs>) -> Result<Waiting, ErrorCode> {
        if on.receive.is_empty() && on.send.is_empty() && timeout.is_none() {
            return Err(ErrorCode::InvalidArgument);
        }
        let receive = each_once(on.receive);
        let send = each_once(on.send);
        let mut list = Vec::with_capacity(receive.len() + send.len());
        for &id in &receive {
            list.push(ctx.waitable(id)?.to_receive());
        }
        for &id in &send {
            list.push(ctx.waitable(id)?.to_send()?);
        }
        Ok(Waiting {
            receive,
            send,
            list,
            timeout: timeout.map(Duration::from_nanos),
            tape: ctx.authority().network.tape().cloned(),
        })
    }

    /// What is ready; nothing when the time has passed.
    pub(crate) async fn ready(self) -> Result<Interest, ErrorCode> {
        let ready = wait(&self.list, self.timeout);
        let ready = match &self.tape {
            None => ready.await?,
            Some(tape) => tape.ask_later(|| self.question(), ready).await?,
        };
        let mut ready = ready.into_iter();
        let mut of = |ids: Vec<u32>| ids.into_iter().filter(|_| ready.next() == Some(true)).collect();
        Ok(Interest {
            receive: of(self.receive),
            send: of(self.send),
        })
    }

    /// As it is written down.
    fn question(&self) -> String {
        let mut text = "wait".to_owned();
        for (word, ids) in [("receive", &self.receive), ("send", &self.send)] {
            for id in ids {
                text += &format!(" {word} {id}");
            }
        }
        match self.timeout {
            None => text,
            Some(timeout) => format!("{text} timeout {}", timeout.as_nanos()),
        }
    }
}

/// However often the guest names it.
fn each_once(mut ids: Vec<u32>) -> Vec<u32> {
    ids.sort_unstable();
    ids.dedup();
    ids
}
