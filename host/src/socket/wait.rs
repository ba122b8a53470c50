//! What a wait asks of a socket.

use super::Socket;
use crate::sys::Watched;
use crate::wait::Now;
use std::io;
use std::sync::Arc;

impl Socket {
    /// Whether an event of any kind is there; `may_wait`: the next one makes an edge if none is.
    pub(crate) fn has_event(&self, may_wait: bool) -> io::Result<Now<Arc<Watched>>> {
        let state = self.lock();
        let Some(descriptor) = &state.descriptor else {
            return Ok(Now::Ready);
        };
        if !state.events.is_empty() {
            return Ok(Now::Ready);
        }
        // An unbound socket receives nothing.
        if state.bound.is_none() {
            return Ok(Now::Never);
        }
        let descriptor = descriptor.clone();
        drop(state);
        Ok(match may_wait {
            true if descriptor.has_input()? => Now::Ready,
            false if descriptor.socket().has_input()? => Now::Ready,
            _ => Now::On(descriptor),
        })
    }

    /// Whether there is room for a datagram.
    pub(crate) fn has_room(&self) -> io::Result<Now<Arc<Watched>>> {
        let state = self.lock();
        let Some(descriptor) = &state.descriptor else {
            return Ok(Now::Ready);
        };
        if state.events.has_own() || state.bound.is_none() {
            return Ok(Now::Ready);
        }
        let descriptor = descriptor.clone();
        drop(state);
        Ok(match descriptor.socket().has_room()? {
            true => Now::Ready,
            false => Now::On(descriptor),
        })
    }
}
