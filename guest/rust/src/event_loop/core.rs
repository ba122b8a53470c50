//! The loop itself: sockets that are ready, timers that are due, callbacks that are owed, then a wait for more.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::{io, time::Duration};

use super::Socket;
use super::sends::Done;
use super::timers::Timers;
use crate::bindings::types::Interest;
use crate::{Error, provider};

#[derive(Default)]
pub(super) struct Core {
    /// The loop's own hold on sockets that are bound, or that owe an event.
    sockets: RefCell<BTreeMap<u32, Socket>>,
    tasks: RefCell<VecDeque<Task>>,
    pub timers: Timers,
    running: Cell<bool>,
}

/// A callback that is owed: called in the next turn, in the order in which it came to be.
pub(super) enum Task {
    Sent(Done, io::Result<usize>),
    Failed(Socket, io::Error),
    Closed(Socket),
}

impl Core {
    pub fn run(&self) -> io::Result<()> {
        if self.running.replace(true) {
            return Err(Error::state("run", "the event loop is running").into());
        }
        let _running = Running(&self.running);
        loop {
            self.turn()?;
            if !self.has_reason_to_go_on() {
                return Ok(());
            }
            self.wait()?;
        }
    }

    /// One round: what is ready, due and owed now. What comes up in it is for the next one, so that none of the three
    /// starves the others.
    fn turn(&self) -> io::Result<()> {
        for socket in self.held() {
            socket.flush();
            socket.take_events()?;
        }
        self.timers.run()?;
        let owed = self.tasks.borrow().len();
        for _ in 0..owed {
            let Some(task) = self.next_task() else { break };
            match task {
                Task::Sent(done, result) => done(result)?,
                Task::Failed(socket, error) => socket.emit_error(error)?,
                Task::Closed(socket) => socket.emit_close()?,
            }
        }
        Ok(())
    }

    fn has_reason_to_go_on(&self) -> bool {
        !self.tasks.borrow().is_empty()
            || self.sockets.borrow().values().any(Socket::keeps_loop)
            || self.timers.any_referenced()
    }

    /// Waits for what is next, be it a socket or a timer, and marks the sockets that are ready.
    fn wait(&self) -> io::Result<()> {
        let sockets = self.held();
        let mut on = Interest {
            receive: vec![],
            send: vec![],
        };
        for socket in &sockets {
            if !socket.is_ready() {
                on.receive.push(socket.id());
            }
            if socket.send_queue_count() > 0 {
                on.send.push(socket.id());
            }
        }
        let work = !self.tasks.borrow().is_empty() || sockets.iter().any(Socket::is_ready);
        let timeout = if work {
            Some(Duration::ZERO)
        } else {
            self.timers.until_next()
        };
        if on.receive.is_empty() && on.send.is_empty() && timeout == Some(Duration::ZERO) {
            return Ok(());
        }
        let ready = provider::wait(&on, timeout)?;
        for socket in sockets {
            socket.mark(ready.receive.contains(&socket.id()), ready.send.contains(&socket.id()));
        }
        Ok(())
    }

    /// The sockets that the loop holds now; callbacks may change which.
    fn held(&self) -> Vec<Socket> {
        self.sockets.borrow().values().cloned().collect()
    }

    pub fn hold(&self, socket: &Socket) {
        let old = self.sockets.borrow_mut().insert(socket.id(), socket.clone());
        drop(old);
    }

    pub fn let_go(&self, socket: &Socket) {
        let old = self.sockets.borrow_mut().remove(&socket.id());
        drop(old);
    }

    pub fn owe(&self, task: Task) {
        self.tasks.borrow_mut().push_back(task);
    }

    fn next_task(&self) -> Option<Task> {
        self.tasks.borrow_mut().pop_front()
    }
}

/// Ends the run also when a callback panics.
struct Running<'a>(&'a Cell<bool>);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}
