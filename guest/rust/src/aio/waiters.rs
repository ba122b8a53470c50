//! The tasks that wait for one socket. The provider wakes them for what it has; they wake each other for what one of them
//! took from it and left in the guest's memory.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

#[derive(Default)]
pub(super) struct Waiters(Mutex<State>);

#[derive(Default)]
struct State {
    /// How often they were woken.
    calls: u64,
    wakers: Vec<Waker>,
}

impl Waiters {
    /// Wakes those that wait now.
    pub fn wake(&self) {
        let wakers = {
            let mut state = self.lock();
            state.calls += 1;
            std::mem::take(&mut state.wakers)
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    /// `wait`, or nothing where another task calls [`wake`](Self::wake) before it ends.
    pub async fn unless_woken<T>(&self, wait: impl Future<Output = T>) -> Option<T> {
        let mut wait = pin!(wait);
        let calls = self.lock().calls;
        poll_fn(|cx| {
            let mut state = self.lock();
            if state.calls != calls {
                return Poll::Ready(None);
            }
            if !state.wakers.iter().any(|waker| waker.will_wake(cx.waker())) {
                state.wakers.push(cx.waker().clone());
            }
            drop(state);
            wait.as_mut().poll(cx).map(Some)
        })
        .await
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
