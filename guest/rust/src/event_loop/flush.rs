//! What is queued goes when there is room: as bursts where several wait.

use std::io;

use super::Socket;
use super::sends::Queued;
use crate::burst::{SendBurst, Sent};
use crate::provider::BATCH;
use crate::{Error, ErrorCode};

/// A burst is a copy of what is queued: no more of it than any socket buffer takes at once.
const BURST_BYTES: usize = 256 * 1024;

impl Socket {
    /// Sends what is queued, as far as there is room.
    pub(super) fn flush(&self) {
        if !self.inner().writable.replace(false) || !self.is_open() {
            return;
        }
        let mut burst = SendBurst::new();
        while self.send_queue_count() > 0 {
            self.fill(&mut burst);
            let room = if burst.len() > 1 {
                self.flush_burst(&burst)
            } else {
                self.flush_one()
            };
            if !room {
                return;
            }
        }
    }

    /// The first datagrams of the queue that may go in one burst.
    fn fill(&self, burst: &mut SendBurst) {
        burst.clear();
        let queue = self.inner().sends.datagrams.borrow();
        let Some(named) = queue.front().map(|first| first.remote.is_some()) else {
            return;
        };
        for Queued { data, remote, .. } in queue.iter().take(BATCH) {
            // One header of another kind would stop them all.
            let fits = burst.is_empty() || burst.payload_bytes() + data.len() <= BURST_BYTES;
            if !fits || remote.is_some() != named {
                return;
            }
            burst.push(data, *remote);
        }
    }

    /// Whether there may be room for more.
    fn flush_burst(&self, burst: &SendBurst) -> bool {
        let report = self.with_raw("send", None, |raw| {
            let rest = burst.rest(Sent::default()).map_err(|_| ErrorCode::InvalidArgument)?;
            Ok(self.inner().exchange.send(raw, &rest))
        });
        self.note_implicit_bind();
        let Ok(report) = report else {
            return false;
        };
        let went = if report.stopped.is_some() {
            report.sent as usize
        } else {
            burst.len()
        };
        for _ in 0..went {
            self.finish_next(|next| Ok(next.data.len()));
        }
        match report.stopped {
            Some(ErrorCode::WouldBlock) => return false,
            Some(code) => self.finish_next(|next| {
                let remote = next.remote.or(self.inner().peer.get());
                Err(Error::new("send", remote, code).into())
            }),
            None => {}
        }
        true
    }

    fn flush_one(&self) -> bool {
        let Some(next) = self.inner().sends.pop() else {
            return false;
        };
        match self.transmit(&next.data, next.remote) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.inner().sends.unpop(next);
                false
            }
            result => {
                // An error here means that the loop is gone, and then nobody flushes.
                drop(self.finish(next.done, result));
                true
            }
        }
    }

    fn finish_next(&self, result: impl FnOnce(&Queued) -> io::Result<usize>) {
        if let Some(next) = self.inner().sends.pop() {
            let result = result(&next);
            drop(self.finish(next.done, result));
        }
    }
}
