//! `wait`.

use super::Failure;
use crate::DgramCtxView;
use crate::bindings::datagrant::dgram::{types, wait};
use crate::socket::{self, Direction, ErrorCode, Wanted};
use std::time::Duration;
use types::{DurationNs, Interest};

impl wait::Host for DgramCtxView<'_> {
    async fn wait(&mut self, on: Interest, timeout: Option<DurationNs>) -> Result<Interest, Failure> {
        if on.receive.is_empty() && on.send.is_empty() && timeout.is_none() {
            return Err(types::ErrorCode::InvalidArgument.into());
        }
        let mut list = self.wanted(on.receive, Direction::Receive)?;
        list.extend(self.wanted(on.send, Direction::Send)?);
        let ready = socket::wait(&list, timeout.map(Duration::from_nanos))
            .await
            .map_err(ErrorCode::from)?;
        let mut answer = Interest {
            receive: vec![],
            send: vec![],
        };
        for wanted in list
            .iter()
            .zip(ready)
            .filter_map(|(wanted, ready)| ready.then_some(wanted))
        {
            match wanted.direction {
                Direction::Receive => answer.receive.push(wanted.socket.id()),
                Direction::Send => answer.send.push(wanted.socket.id()),
            }
        }
        Ok(answer)
    }
}

impl DgramCtxView<'_> {
    /// Each id once, however often the guest names it.
    fn wanted(&self, mut ids: Vec<u32>, direction: Direction) -> Result<Vec<Wanted>, Failure> {
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter()
            .map(|id| {
                let socket = self.ctx.socket(id).ok_or(types::ErrorCode::InvalidState)?.clone();
                Ok(Wanted { socket, direction })
            })
            .collect()
    }
}
