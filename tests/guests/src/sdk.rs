//! What the programs that try the SDK's event loop share: a log of what happened, and sockets in a loop.

use crate::PATIENCE_NS;
use datagrant_guest::event_loop::Socket;
use datagrant_guest::{Error, EventLoop, Family};
use std::cell::RefCell;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

/// A patience for what takes a moment on loopback.
pub const PATIENCE: Duration = Duration::from_nanos(PATIENCE_NS);
/// Loopback, and any port.
pub const HOME: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// What happened, in order.
#[derive(Clone, Default)]
pub struct Log(pub Rc<RefCell<Vec<String>>>);

impl Log {
    /// One line more.
    pub fn add(&self, line: impl Into<String>) {
        self.0.borrow_mut().push(line.into());
    }

    /// Asserts that this is all.
    #[track_caller]
    pub fn is(&self, expected: &[&str]) {
        assert_eq!(*self.0.borrow(), expected);
    }

    /// Writes down the events of a socket.
    pub fn all(&self, name: &'static str, socket: &Socket) {
        let log = || self.clone();
        let (listening, connect, message, error, close) = (log(), log(), log(), log(), log());
        socket
            .on_listening(move |_| listening.add(format!("{name} listening")))
            .on_connect(move |_| connect.add(format!("{name} connected")))
            .on_message(move |_, data, _| message.add(format!("{name} got {}", String::from_utf8_lossy(data))))
            .on_error(move |_, e| error.add(format!("{name} error {}", code(&e))))
            .on_close(move |_| close.add(format!("{name} closed")));
    }
}

/// What Node calls this error.
#[track_caller]
#[must_use]
pub fn code(error: &io::Error) -> &'static str {
    Error::of(error).expect("an error of the SDK").name()
}

/// What Node calls the error that there must be.
#[track_caller]
pub fn code_of(result: io::Result<impl Sized>) -> &'static str {
    code(&result.err().expect("an error"))
}

/// A loop that fails where it would go on without end.
#[must_use]
pub fn event_loop() -> EventLoop {
    let events = EventLoop::new();
    events.set_timeout(PATIENCE, || panic!("the loop goes on")).unref();
    events
}

/// Bound to loopback.
#[must_use]
pub fn bound_in(events: &EventLoop) -> (Socket, SocketAddr) {
    let socket = events.socket(Family::Ipv4).expect("a socket");
    let at = socket.bind_sync(HOME).expect("bind");
    (socket, at)
}

/// Closes itself after so many datagrams, which are written down.
#[must_use]
pub fn collector(events: &EventLoop, log: &Log, count: usize) -> SocketAddr {
    let (socket, at) = bound_in(events);
    let (log, mut left) = (log.clone(), count);
    socket.on_message(move |socket, data, _| {
        log.add(String::from_utf8_lossy(data));
        left -= 1;
        if left == 0 { socket.close() } else { Ok(()) }
    });
    at
}
