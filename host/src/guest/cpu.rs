//! How long a guest computes.

use super::LimitExceeded;
use super::ticker::Ticker;
use crate::limits::Limit;
use crate::socket::Quota;
use rustix::time::{ClockId, clock_gettime};
use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use wasmtime::{Engine, Store, UpdateDeadline};

thread_local! {
    /// How often a guest has asked to wait, on this thread.
    static WAITS: Cell<u64> = const { Cell::new(0) };
    /// A host function gives other tasks their turn, and waits for nothing.
    static GIVES_WAY: Cell<bool> = const { Cell::new(false) };
}

/// A guest asks to wait. What it waits for may be there: it is a wait all the same.
pub(crate) fn waits() {
    WAITS.set(WAITS.get().wrapping_add(1));
}

/// Leaves the runtime its turns, for a guest that calls in a loop.
pub(crate) async fn give_way() {
    GIVES_WAY.set(true);
    tokio::task::coop::consume_budget().await;
    GIVES_WAY.set(false);
}

/// `guest-cpu-milliseconds` for the stores of one engine, which must have
/// [`epoch_interruption`](wasmtime::Config::epoch_interruption): how much processor time a guest may use, in host functions
/// too, from one wait to the next. One that uses more ends as if it had trapped, with [`LimitExceeded`]. To look without
/// waiting (a timeout of 0) is no wait.
///
/// Meanwhile a thread counts the engine's epoch on, and the guest yields to the other tasks of its runtime. Without the limit
/// there is no thread, and the guest yields where the embedder counts the epoch on.
///
/// ```
/// # use datagrant::{GuestCpu, Limit, Limits, Quota};
/// # use wasmtime::{Config, Engine, Store};
/// # async fn call(store: &mut Store<()>) {}
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let engine = Engine::new(Config::new().epoch_interruption(true))?;
/// let mut limits = Limits::new();
/// limits.set(Limit::GuestCpuMilliseconds, 200)?;
/// let cpu = GuestCpu::new(&Quota::new(limits), &engine)?;
///
/// let mut store = Store::new(&engine, ());
/// let watch = cpu.watch(&mut store);
/// watch.run(call(&mut store)).await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct GuestCpu(Option<Arc<Limited>>);

#[derive(Debug)]
struct Limited {
    quota: Quota,
    milliseconds: u64,
    ticker: Ticker,
}

/// Watches one guest. Made by [`GuestCpu::watch`].
#[derive(Clone, Debug)]
pub struct CpuWatch(Option<Arc<Watched>>);

#[derive(Debug)]
struct Watched {
    limited: Arc<Limited>,
    /// Nanoseconds since the last wait, before it was polled this time.
    used: AtomicU64,
    /// The time of the thread when it was.
    since: AtomicU64,
    /// It was made to yield, and waits for nothing.
    yielded: AtomicBool,
    /// [`WAITS`] when it was looked at last.
    waits: AtomicU64,
}

impl GuestCpu {
    /// For the stores of `engine`.
    ///
    /// # Errors
    /// When the system has no thread left to count with.
    pub fn new(quota: &Quota, engine: &Engine) -> io::Result<GuestCpu> {
        let Some(milliseconds) = quota.limits().get(Limit::GuestCpuMilliseconds) else {
            return Ok(GuestCpu(None));
        };
        let period = Duration::from_millis((milliseconds / 4).clamp(1, 50));
        Ok(GuestCpu(Some(Arc::new(Limited {
            quota: quota.clone(),
            milliseconds,
            ticker: Ticker::start(engine, period)?,
        }))))
    }

    /// Watches the guest of a store. What the store does when its epoch has come to an end is settled by this.
    pub fn watch<T>(&self, store: &mut Store<T>) -> CpuWatch {
        store.set_epoch_deadline(1);
        let Some(limited) = &self.0 else {
            store.epoch_deadline_async_yield_and_update(1);
            return CpuWatch(None);
        };
        let watched = Arc::new(Watched {
            limited: limited.clone(),
            used: AtomicU64::new(0),
            since: AtomicU64::new(0),
            yielded: AtomicBool::new(false),
            waits: AtomicU64::new(0),
        });
        let watching = watched.clone();
        store.epoch_deadline_callback(move |_| match watching.check() {
            Ok(()) => Ok(UpdateDeadline::Yield(1)),
            Err(exceeded) => Err(exceeded.into()),
        });
        CpuWatch(Some(watched))
    }
}

impl CpuWatch {
    /// What `guest` comes to: the future that calls into the store.
    pub async fn run<F: Future>(&self, guest: F) -> F::Output {
        let mut guest = pin!(guest);
        let Some(watched) = &self.0 else {
            return guest.await;
        };
        poll_fn(|cx| {
            let _ticking = watched.limited.ticker.ticks();
            watched.begin();
            let polled = guest.as_mut().poll(cx);
            watched.end(polled.is_ready());
            polled
        })
        .await
    }
}

impl Watched {
    fn begin(&self) {
        self.since.store(thread_time(), Ordering::Relaxed);
        self.waits.store(WAITS.get(), Ordering::Relaxed);
        GIVES_WAY.set(false);
    }

    /// A guest that was made to yield goes on computing; else it waits.
    fn end(&self, ready: bool) {
        let goes_on = self.yielded.swap(false, Ordering::Relaxed) | GIVES_WAY.take() && !ready;
        let used = if goes_on { self.now() } else { 0 };
        self.used.store(used, Ordering::Relaxed);
    }

    /// Nanoseconds since the last wait; of one that did not take long, since it was seen.
    fn now(&self) -> u64 {
        let waits = WAITS.get();
        if self.waits.swap(waits, Ordering::Relaxed) != waits {
            self.used.store(0, Ordering::Relaxed);
            self.since.store(thread_time(), Ordering::Relaxed);
        }
        let polled = thread_time().saturating_sub(self.since.load(Ordering::Relaxed));
        self.used.load(Ordering::Relaxed) + polled
    }

    fn check(&self) -> Result<(), LimitExceeded> {
        let Limited {
            quota, milliseconds, ..
        } = &*self.limited;
        if self.now() <= milliseconds.saturating_mul(1_000_000) {
            self.yielded.store(true, Ordering::Relaxed);
            return Ok(());
        }
        quota.count_exceeded(Limit::GuestCpuMilliseconds);
        Err(LimitExceeded {
            limit: Limit::GuestCpuMilliseconds,
            value: *milliseconds,
        })
    }
}

/// The processor time of this thread, in nanoseconds.
fn thread_time() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
