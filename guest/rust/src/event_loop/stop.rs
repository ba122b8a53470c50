//! The end of a service: asked for by the host, done by the loop.

use std::cell::{Cell, RefCell};
use std::io;

use super::core::Core;
use super::{EventLoop, Outcome};

type OnStop = Box<dyn FnOnce(&EventLoop) -> io::Result<()>>;

/// A socket that is never found empty is closed after that many turns: with 128 datagrams each, more than a kernel's
/// buffer holds.
const TURNS: u32 = 64;

#[derive(Default)]
pub(super) struct Stop {
    callback: RefCell<Option<OnStop>>,
    /// Turns that are left to drain in.
    draining: Cell<Option<u32>>,
}

impl Stop {
    pub fn is_draining(&self) -> bool {
        self.draining.get().is_some()
    }
}

impl EventLoop {
    /// Calls `callback` when the host asks a service to end (SIGTERM of `datagrant serve`), in place of
    /// [`drain`](Self::drain), which it may call. The service ends when nothing is left that could call back.
    pub fn on_stop<R: Outcome>(&self, callback: impl FnOnce(&EventLoop) -> R + 'static) {
        let callback: OnStop = Box::new(|events| callback(events).outcome());
        let old = self.core.stop.callback.replace(Some(callback));
        drop(old);
    }

    /// Ends all that goes on, and loses nothing of it: each socket is closed when what has arrived is delivered, and what
    /// was sent has gone. The loop does not go on for timers any more.
    pub fn drain(&self) {
        if self.core.stop.is_draining() {
            return;
        }
        self.core.stop.draining.set(Some(TURNS));
        for socket in self.core.held() {
            socket.mark(socket.is_open(), false);
        }
    }

    /// What a service does when it is asked to end.
    pub(crate) fn stop(&self) -> io::Result<()> {
        let callback = self.core.stop.callback.take();
        match callback {
            Some(callback) => callback(self),
            None => {
                self.drain();
                Ok(())
            }
        }
    }
}

impl Core {
    /// At the end of a turn: closes the sockets that have nothing left to do.
    pub fn drain_more(&self) {
        let Some(turns) = self.stop.draining.get() else {
            return;
        };
        self.stop.draining.set(Some(turns.saturating_sub(1)));
        let idle = self.names.is_empty();
        for socket in self.held() {
            let done = idle && !socket.is_ready() && socket.send_queue_count() == 0;
            if done || turns == 0 {
                socket.dispose();
            }
        }
    }
}
