//! The event loop over the network and the clock of the unit tests.

mod bursts;
mod lifetime;
mod names;
mod options;
mod reentry;
mod sending;
mod sockets;
mod timers;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::{EventLoop, Socket};
use crate::Family;

const SECOND: Duration = Duration::from_secs(1);

/// What happened, in order.
#[derive(Clone, Default)]
struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    fn add(&self, line: impl Into<String>) {
        self.0.borrow_mut().push(line.into());
    }

    #[track_caller]
    fn is(&self, expected: &[&str]) {
        assert_eq!(*self.0.borrow(), expected);
    }

    /// Writes down every event of a socket.
    fn all(&self, name: &'static str, socket: &Socket) {
        let log = || self.clone();
        let (listening, connect, message, error, close) = (log(), log(), log(), log(), log());
        socket
            .on_listening(move |s| listening.add(format!("{name} listening {}", s.local_addr().unwrap())))
            .on_connect(move |s| connect.add(format!("{name} connected {}", s.peer_addr().unwrap())))
            .on_message(move |_, data, from| {
                message.add(format!("{name} got {} from {from}", String::from_utf8_lossy(data)));
            })
            .on_error(move |_, e| error.add(format!("{name} error {e}")))
            .on_close(move |_| close.add(format!("{name} closed")));
    }
}

/// A loop with a socket bound to 127.0.0.1:1000 that writes everything down.
fn bound() -> (EventLoop, Socket, Log) {
    let (events, log) = (EventLoop::new(), Log::default());
    let socket = events.socket(Family::Ipv4).unwrap();
    log.all("one", &socket);
    socket.bind("127.0.0.1:1000").unwrap();
    (events, socket, log)
}
