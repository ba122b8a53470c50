//! A flood at a client socket.

use super::state::State;
use super::{ErrorCode, Socket};
use crate::grants::Endpoint;

impl Socket {
    /// Where one call has thrown away all that it may: has the kernel do it, before it queues them and wakes anybody, for as
    /// long as there is one peer only (grants, rule 11). It lets through all that [`accept`](Self::accept) would, so that
    /// nothing changes but the price; where it cannot be had, that stays.
    pub(super) fn have_flood_dropped(&self, state: &mut State) {
        let client = state.bound.as_ref().filter(|bound| bound.is_client());
        let only = client.and_then(|bound| bound.peers.only()).copied();
        if let (Some(only), Some(descriptor), false) = (only, &state.descriptor, state.filtered) {
            state.filtered = descriptor.hear_only(self.family().address(only)).is_ok();
        }
    }

    /// Before a client socket writes to a peer: it is to hear the answer.
    pub(super) fn hear_also(&self, state: &mut State, peer: &Endpoint) -> Result<(), ErrorCode> {
        if !state.filtered {
            return Ok(());
        }
        let only = state.bound.as_ref().and_then(|bound| bound.peers.only());
        if only != Some(peer) {
            state.open()?.hear_all()?;
            state.filtered = false;
        }
        Ok(())
    }
}
