//! What a datagram takes of the limits before it is sent.

use super::flow::Amount;
use super::state::State;
use super::{ErrorCode, Socket};
use crate::grants::{Endpoint, Via};
use std::time::Instant;

impl Socket {
    /// Takes what `length` bytes in segments of this size (0: one datagram) need to be sent: how much of them may go, of whole
    /// segments at least one.
    ///
    /// `would-block` where the rate lets none go now, `quota-exceeded` where an answer is beyond what its peer has earned.
    pub(super) fn charge(
        &self,
        state: &mut State,
        via: Via,
        target: &Endpoint,
        (length, segment_size): (usize, u16),
        now: Instant,
    ) -> Result<Amount, ErrorCode> {
        let quota = &self.authority.quota;
        let mut amount = Amount::of(length, segment_size);
        if let Some(flow) = quota.sent() {
            let (taken, short) = flow.take(length, segment_size, now);
            if let Some(limit) = short {
                quota.count_exceeded(limit);
            }
            amount = taken;
            if amount.datagrams == 0 {
                // Who waits for room waits for this one's.
                state.lacks = if segment_size == 0 { length } else { segment_size.into() } as u64;
                return Err(ErrorCode::WouldBlock);
            }
            state.lacks = 0;
        }
        if via == Via::Reply
            && let Some(bound) = &mut state.bound
            && let Err(limit) = bound.peers.spend(target, amount)
        {
            quota.count_exceeded(limit);
            if let Some(flow) = quota.sent() {
                flow.give_back(amount);
            }
            return Err(ErrorCode::QuotaExceeded);
        }
        Ok(amount)
    }

    /// What was charged, and not sent.
    pub(super) fn give_back(&self, state: &mut State, via: Via, target: &Endpoint, amount: Amount) {
        if let Some(flow) = self.authority.quota.sent() {
            flow.give_back(amount);
        }
        if via == Via::Reply
            && let Some(bound) = &mut state.bound
        {
            bound.peers.refund(target, amount);
        }
    }
}
