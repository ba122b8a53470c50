//! Names, without waiting for them: lookups that are under way, and what is to be called with their answers.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::rc::{Rc, Weak};
use std::{fmt, io, mem};

use super::core::{Core, Task};
use super::{EventLoop, Outcome, Socket};
use crate::address::fitting;
use crate::names::answer;
use crate::provider::{self, Lookup};
use crate::{Error, ErrorCode, Family};

type Callback = Box<dyn FnOnce(io::Result<Vec<IpAddr>>) -> io::Result<()>>;
/// What a socket does with the address.
pub(super) type Found = Box<dyn FnOnce(&Socket, io::Result<SocketAddr>) -> io::Result<()>>;

/// A lookup of a socket's own: see [`SocketOptions::lookup`](super::SocketOptions::lookup).
pub(super) type OwnLookup = Rc<dyn Fn(&str, Family, Reply)>;

#[derive(Default)]
pub(super) struct Names(RefCell<BTreeMap<u32, UnderWay>>);

struct UnderWay {
    lookup: Lookup,
    name: String,
    family: Option<Family>,
    ready: bool,
    waiting: Vec<Waiting>,
}

struct Waiting {
    /// The socket that it ends with.
    socket: Option<u32>,
    done: Callback,
}

impl Names {
    /// One lookup serves all that ask for the same at a time, and answers them in their order.
    fn start(&self, core: &Core, socket: Option<u32>, name: &str, family: Option<Family>, done: Callback) {
        let waiting = Waiting { socket, done };
        let mut all = self.0.borrow_mut();
        let same = all.values_mut().find(|l| l.name == name && l.family == family);
        if let Some(under_way) = same {
            under_way.waiting.push(waiting);
            return;
        }
        match provider::lookup(name, family) {
            Ok(lookup) => {
                let under_way = UnderWay {
                    name: name.to_owned(),
                    family,
                    ready: false,
                    waiting: vec![waiting],
                    lookup,
                };
                all.insert(under_way.lookup.id(), under_way);
            }
            Err(error) => core.owe(Task::Call(Box::new(move || (waiting.done)(Err(error))))),
        }
    }

    /// What `socket` waits for, and nobody else, is not looked up any more.
    pub fn cancel(&self, socket: u32) {
        let mut gone: Vec<Vec<_>> = vec![];
        self.0.borrow_mut().retain(|_, under_way| {
            let waiting = mem::take(&mut under_way.waiting);
            let (its, others) = waiting.into_iter().partition(|w| w.socket == Some(socket));
            gone.push(its);
            under_way.waiting = others;
            !under_way.waiting.is_empty()
        });
        // After the borrow: dropping a closure can run the guest's code.
        drop(gone);
    }

    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    pub fn ids(&self) -> Vec<u32> {
        self.0.borrow().keys().copied().collect()
    }

    pub fn mark(&self, ready: &[u32]) {
        for (id, under_way) in self.0.borrow_mut().iter_mut() {
            under_way.ready |= ready.contains(id);
        }
    }

    /// Hands out the answers that are there.
    pub fn run(&self, core: &Core) {
        let mut all = self.0.borrow_mut();
        let ready = all.iter_mut().filter_map(|(id, under_way)| {
            let asked = mem::take(&mut under_way.ready);
            let answer = asked.then(|| answer(&under_way.lookup, &under_way.name))??;
            Some((*id, answer))
        });
        let ready: Vec<_> = ready.collect();
        for (id, answer) in ready {
            for waiting in all.remove(&id).into_iter().flat_map(|under_way| under_way.waiting) {
                let answer = answer.clone().map_err(io::Error::from);
                core.owe(Task::Call(Box::new(move || (waiting.done)(answer))));
            }
        }
    }
}

impl Socket {
    /// Tells `then` the address of a name, by the loop; never, if the socket is closed before that.
    pub(super) fn look_up(&self, name: String, port: u16, then: Found) -> io::Result<()> {
        let core = self.core()?;
        let (socket, family) = (self.clone(), self.family());
        let done: Callback = Box::new(move |found| {
            if !socket.is_open() {
                return Ok(());
            }
            let address = found.and_then(|all| {
                let all: Vec<_> = all.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
                fitting("getaddrinfo", &all, family)
            });
            then(&socket, address)
        });
        match &self.inner().settings.lookup {
            None => core.names.start(&core, Some(self.id()), &name, Some(family), done),
            Some(own) => {
                let reply = Reply {
                    core: Rc::downgrade(&core),
                    name: name.clone(),
                    done: Some(done),
                };
                own(&name, family, reply);
            }
        }
        Ok(())
    }
}

impl EventLoop {
    /// Looks a name up, and tells `done` its addresses in the order to try them, of one family if it is given; see
    /// [`lookup`](crate::lookup) for names and errors. The loop goes on until then.
    pub fn lookup<R: Outcome>(
        &self,
        name: &str,
        family: Option<Family>,
        done: impl FnOnce(io::Result<Vec<IpAddr>>) -> R + 'static,
    ) {
        let done: Callback = Box::new(|found| done(found).outcome());
        self.core.names.start(&self.core, None, name, family, done);
    }
}

/// Where an own lookup function puts its answer, at once or later. Dropping it without one is a failure
/// ([`ErrorCode::TemporaryResolverFailure`]).
pub struct Reply {
    core: Weak<Core>,
    name: String,
    done: Option<Callback>,
}

impl Reply {
    /// The address, or why there is none.
    pub fn answer(mut self, address: io::Result<IpAddr>) {
        self.owe(address.map(|ip| vec![ip]));
    }

    fn owe(&mut self, found: io::Result<Vec<IpAddr>>) {
        if let (Some(done), Some(core)) = (self.done.take(), self.core.upgrade()) {
            core.owe(Task::Call(Box::new(|| done(found))));
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        let error = Error::named("getaddrinfo", &self.name, ErrorCode::TemporaryResolverFailure);
        self.owe(Err(error.into()));
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
