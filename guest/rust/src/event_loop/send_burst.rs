//! Bursts that a program sends by the loop.

use std::io;

use super::Socket;
use super::core::Task;
use crate::burst::{Header, Rest, SendBurst, Sent};
use crate::{Error, ErrorCode};

impl Socket {
    /// Sends the datagrams of `burst` in order: for speed. What cannot go is an error event, each, and the others go all
    /// the same. Where there is no room the rest is queued, datagram by datagram, and without ECN bits and packet info.
    ///
    /// Returned errors are those of [`send`](Self::send), and malformed bursts: nothing goes then. Every header needs a
    /// remote on a socket that is not connected, and none on one that is.
    pub fn send_burst(&self, burst: &SendBurst) -> io::Result<()> {
        self.check_open("send")?;
        let mut sent = Sent::default();
        loop {
            let rest = burst.rest(sent)?;
            if rest.headers.is_empty() {
                return Ok(());
            }
            if self.one_by_one() {
                return self.send_each(&rest);
            }
            let report = self.with_raw("send", None, |raw| Ok(self.inner().exchange.send(raw, &rest)))?;
            self.note_implicit_bind();
            sent = match report.stopped {
                None => return Ok(()),
                Some(ErrorCode::WouldBlock) => {
                    let rest = burst.rest(sent.and(&report))?;
                    return self.send_each(&rest);
                }
                Some(code) => {
                    sent = sent.and(&report);
                    let remote = burst.remote(sent.headers, self.family()).or(self.inner().peer.get());
                    let error = Error::new("send", remote, code).after(sent).into();
                    if matches!(code, ErrorCode::InvalidArgument | ErrorCode::InvalidState) {
                        return Err(error);
                    }
                    self.core()?.owe(Task::Failed(self.clone(), error));
                    let headers = sent.headers + 1;
                    Sent { headers, partial: 0 }
                }
            };
        }
    }

    /// Others wait already, or each has to be looked at.
    fn one_by_one(&self) -> bool {
        let inner = self.inner();
        self.send_queue_count() > 0 || inner.binding.get() || !inner.settings.send_block_list.is_empty()
    }

    fn send_each(&self, rest: &Rest<'_>) -> io::Result<()> {
        let mut payload = rest.payload;
        for header in rest.headers.chunks_exact(rest.stride) {
            let Some(header) = Header::decode(header, self.family()) else {
                return Ok(());
            };
            let (data, after) = payload.split_at(payload.len().min(header.length as usize));
            payload = after;
            let size = match usize::from(header.segment_size) {
                0 => data.len(),
                size => size,
            };
            let mut segments = data.chunks(size.max(1));
            let mut next = segments.next().or(Some(&[]));
            while let Some(segment) = next {
                match header.remote {
                    Some(remote) => self.send(segment, remote)?,
                    None => self.send_connected(segment)?,
                }
                next = segments.next();
            }
        }
        Ok(())
    }
}
