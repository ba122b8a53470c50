//! The loop itself: sockets that are ready, timers that are due, callbacks that are owed, then a wait for more.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::{io, time::Duration};

use super::Socket;
use super::names::Names;
use super::sends::Done;
use super::stop::Stop;
use super::timers::Timers;
use crate::bindings::types::Interest;
use crate::error::Refusal;
use crate::{Error, provider};

#[derive(Default)]
pub(super) struct Core {
    /// The loop's own hold on sockets that are bound, or that owe an event.
    sockets: RefCell<BTreeMap<u32, Socket>>,
    tasks: RefCell<VecDeque<Task>>,
    pub timers: Timers,
    pub names: Names,
    pub stop: Stop,
    running: Cell<bool>,
}

/// A callback that is owed: called in the next turn, in the order in which it came to be.
pub(super) enum Task {
    Sent(Done, io::Result<usize>),
    Failed(Socket, io::Error),
    Closed(Socket),
    Call(Box<dyn FnOnce() -> io::Result<()>>),
}

/// What to wait for, and how long at most.
pub(super) type Wanted = (Interest, Option<Duration>);

impl Core {
    pub fn run(&self) -> io::Result<()> {
        let _running = self.start()?;
        loop {
            self.turn()?;
            let Some((on, timeout)) = self.wanted() else {
                return Ok(());
            };
            if !on.receive.is_empty() || !on.send.is_empty() || timeout != Some(Duration::ZERO) {
                self.mark(&provider::wait(&on, timeout)?);
            }
        }
    }

    /// One round, after a wait that found these ready; `None` when all is done.
    pub fn step(&self, ready: &Interest) -> io::Result<Option<Wanted>> {
        let _running = self.start()?;
        self.mark(ready);
        self.turn()?;
        Ok(self.wanted())
    }

    fn start(&self) -> io::Result<Running<'_>> {
        if self.running.replace(true) {
            return Err(Error::refused("run", Refusal::LoopRunning).into());
        }
        Ok(Running(&self.running))
    }

    /// One round: what is ready, due and owed now. What comes up in it is for the next one, so that none of the three
    /// starves the others.
    fn turn(&self) -> io::Result<()> {
        for socket in self.held() {
            socket.flush();
            socket.take_events()?;
        }
        self.timers.run()?;
        self.names.run(self);
        let owed = self.tasks.borrow().len();
        for _ in 0..owed {
            let Some(task) = self.next_task() else { break };
            match task {
                Task::Sent(done, result) => done(result)?,
                Task::Failed(socket, error) => socket.emit_error(error)?,
                Task::Closed(socket) => socket.emit_close()?,
                Task::Call(call) => call()?,
            }
        }
        self.drain_more();
        Ok(())
    }

    /// `None` when nothing is left that could call back.
    fn wanted(&self) -> Option<Wanted> {
        let sockets = self.held();
        let tasks = !self.tasks.borrow().is_empty();
        let names = !self.names.is_empty();
        let timers = self.timers.any_referenced() && !self.stop.is_draining();
        if !tasks && !names && !timers && !sockets.iter().any(Socket::keeps_loop) {
            return None;
        }
        let mut on = Interest {
            receive: self.names.ids(),
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
        let work = tasks || sockets.iter().any(Socket::is_ready);
        let timeout = if work {
            Some(Duration::ZERO)
        } else {
            self.timers.until_next()
        };
        Some((on, timeout))
    }

    fn mark(&self, ready: &Interest) {
        self.names.mark(&ready.receive);
        for socket in self.held() {
            socket.mark(ready.receive.contains(&socket.id()), ready.send.contains(&socket.id()));
        }
    }

    /// The sockets that the loop holds now; callbacks may change which.
    pub fn held(&self) -> Vec<Socket> {
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
