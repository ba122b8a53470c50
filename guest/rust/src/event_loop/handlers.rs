//! Callbacks: kept in slots that are empty while they run, so that they may do to their socket what they like.

use std::cell::RefCell;
use std::{io, net::SocketAddr};

use super::Socket;
use crate::burst::Burst;

/// What a callback may return: nothing, or an [`io::Result<()>`] whose error ends the loop.
pub trait Outcome {
    /// The same as a result.
    fn outcome(self) -> io::Result<()>;
}

impl Outcome for () {
    fn outcome(self) -> io::Result<()> {
        Ok(())
    }
}

impl Outcome for io::Result<()> {
    fn outcome(self) -> io::Result<()> {
        self
    }
}

/// `!`, by a way that stable Rust has of naming it: for callbacks that end the program.
pub type Never = <fn() -> ! as Returns>::Type;

pub trait Returns {
    type Type;
}

impl<T> Returns for fn() -> T {
    type Type = T;
}

impl Outcome for Never {
    fn outcome(self) -> io::Result<()> {
        self
    }
}

pub(super) type OnSocket = dyn FnMut(&Socket) -> io::Result<()>;
pub(super) type OnMessage = dyn FnMut(&Socket, &[u8], SocketAddr) -> io::Result<()>;
pub(super) type OnBurst = dyn FnMut(&Socket, &Burst) -> io::Result<()>;
pub(super) type OnError = dyn FnMut(&Socket, io::Error) -> io::Result<()>;

#[derive(Default)]
pub(super) struct Handlers {
    pub listening: Slot<OnSocket>,
    pub connect: Slot<OnSocket>,
    pub message: Slot<OnMessage>,
    pub burst: Slot<OnBurst>,
    pub error: Slot<OnError>,
    pub close: Slot<OnSocket>,
}

impl Handlers {
    /// Lets go of all of them, and of what they hold.
    pub fn clear(&self) {
        self.listening.set(None);
        self.connect.set(None);
        self.message.set(None);
        self.burst.set(None);
        self.error.set(None);
        self.close.set(None);
    }
}

pub(super) struct Slot<F: ?Sized>(RefCell<Option<Box<F>>>);

impl<F: ?Sized> Default for Slot<F> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<F: ?Sized> Slot<F> {
    /// What was there is dropped after the borrow: dropping a closure can run the guest's code.
    pub fn set(&self, callback: Option<Box<F>>) {
        let old = self.0.replace(callback);
        drop(old);
    }

    pub fn is_set(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Calls it, if it is there; it goes back unless another one was set meanwhile.
    pub fn call<R>(&self, run: impl FnOnce(&mut F) -> R) -> Option<R> {
        let mut callback = self.0.take()?;
        let result = run(&mut callback);
        let mut slot = self.0.borrow_mut();
        let replaced = if slot.is_none() {
            slot.replace(callback)
        } else {
            Some(callback)
        };
        drop(slot);
        drop(replaced);
        Some(result)
    }
}
