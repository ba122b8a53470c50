//! Messages on their way to one system call.

use super::flow::Amount;
use super::send_burst::SendReport;
use crate::grants::{Endpoint, Via};
use crate::sys::Outgoing;

/// Messages that are judged and wait for their system call.
pub(super) struct Batch<'a> {
    pub(super) messages: Vec<Outgoing<'a>>,
    pub(super) marks: Vec<Mark>,
    pub(super) broadcast: bool,
}

/// How far a burst is when a message went.
#[derive(Copy, Clone)]
pub(super) struct Mark {
    /// The header that the message is of.
    pub(super) index: usize,
    /// Bytes of it that are behind, with this message.
    pub(super) end: usize,
    pub(super) whole: bool,
    /// Whom it was charged for, and by what right it goes.
    pub(super) target: Endpoint,
    pub(super) via: Via,
}

impl Batch<'_> {
    /// What did not go, of what was charged.
    pub(super) fn left(&self, report: &SendReport) -> impl Iterator<Item = (&Mark, Amount)> {
        let SendReport { sent, partial, .. } = *report;
        self.messages
            .iter()
            .zip(&self.marks)
            .filter_map(move |(message, mark)| {
                let length = message.data.len();
                let start = mark.end - length;
                let gone = match mark.index {
                    index if index < sent => return None,
                    index if index == sent => partial.saturating_sub(start),
                    _ => 0,
                };
                // Nothing of a datagram without data is something.
                let left = gone == 0 || gone < length;
                left.then(|| (mark, Amount::of(length - gone, message.segment_size)))
            })
    }
}
