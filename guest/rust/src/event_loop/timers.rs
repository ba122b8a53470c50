//! Timers, in the order of their time and, at the same time, of being set.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};
use std::{fmt, io};

use super::core::Core;
use crate::provider;

type Callback = Box<dyn FnMut() -> io::Result<()>>;
type Key = (Instant, u64);

/// A timer of an [`EventLoop`](super::EventLoop). Dropping the handle does not stop it; [`clear`](Self::clear) does.
#[derive(Clone)]
pub struct Timer(Rc<Inner>);

struct Inner {
    core: Weak<Core>,
    period: Option<Duration>,
    /// Where it stands in the queue.
    key: Cell<Option<Key>>,
    /// Empty while it runs.
    callback: RefCell<Option<Callback>>,
    cleared: Cell<bool>,
    referenced: Cell<bool>,
}

impl Timer {
    pub(super) fn start(core: &Rc<Core>, delay: Duration, period: Option<Duration>, callback: Callback) -> Self {
        let timer = Self(Rc::new(Inner {
            core: Rc::downgrade(core),
            period,
            key: Cell::new(None),
            callback: RefCell::new(Some(callback)),
            cleared: Cell::new(false),
            referenced: Cell::new(true),
        }));
        core.timers.schedule(&timer, delay);
        timer
    }

    /// Stops it. Again, or after it fired for the last time: nothing happens.
    pub fn clear(&self) {
        self.0.cleared.set(true);
        if let (Some(core), Some(key)) = (self.0.core.upgrade(), self.0.key.take()) {
            core.timers.remove(&key);
        }
        let callback = self.0.callback.take();
        drop(callback);
    }

    /// The loop need not go on for it.
    pub fn unref(&self) -> &Self {
        self.0.referenced.set(false);
        self
    }

    /// The loop goes on for it, as at first: undoes [`unref`](Self::unref). (Node's `ref`, which is a keyword here.)
    pub fn re_ref(&self) -> &Self {
        self.0.referenced.set(true);
        self
    }

    /// Whether the loop goes on for it.
    pub fn has_ref(&self) -> bool {
        self.0.referenced.get()
    }

    fn fire(&self, timers: &Timers) -> io::Result<()> {
        self.0.key.set(None);
        let Some(mut callback) = self.0.callback.take() else {
            return Ok(());
        };
        let result = callback();
        if let Some(period) = self.0.period.filter(|_| !self.0.cleared.get()) {
            *self.0.callback.borrow_mut() = Some(callback);
            timers.schedule(self, period);
        }
        result
    }
}

impl fmt::Debug for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.0.key.get();
        f.debug_struct("Timer")
            .field("active", &key.is_some())
            .finish_non_exhaustive()
    }
}

#[derive(Default)]
pub(super) struct Timers {
    queue: RefCell<BTreeMap<Key, Timer>>,
    last: Cell<u64>,
}

impl Timers {
    /// Fires what is due now, not what its callbacks set.
    pub fn run(&self) -> io::Result<()> {
        if self.queue.borrow().is_empty() {
            return Ok(());
        }
        let (now, last) = (provider::now(), self.last.get());
        loop {
            let due = match self.queue.borrow_mut().first_entry() {
                Some(first) if first.key().0 <= now && first.key().1 <= last => first.remove(),
                _ => return Ok(()),
            };
            due.fire(self)?;
        }
    }

    /// How long until the next one; `None` if there is none.
    pub fn until_next(&self) -> Option<Duration> {
        let next = self.queue.borrow().first_key_value().map(|(key, _)| key.0)?;
        Some(next.saturating_duration_since(provider::now()))
    }

    pub fn any_referenced(&self) -> bool {
        self.queue.borrow().values().any(Timer::has_ref)
    }

    fn schedule(&self, timer: &Timer, delay: Duration) {
        let now = provider::now();
        // A time that cannot be told is in the far future: a year, again and again, would be no other.
        let at = now
            .checked_add(delay)
            .unwrap_or(now + Duration::from_secs(365 * 24 * 3600));
        let key = (at, self.last.get() + 1);
        self.last.set(key.1);
        timer.0.key.set(Some(key));
        self.queue.borrow_mut().insert(key, timer.clone());
    }

    fn remove(&self, key: &Key) {
        let removed = self.queue.borrow_mut().remove(key);
        drop(removed);
    }
}
