//! Waiting for many sockets at once.

use super::Socket;
use crate::sys::{self, Watched};
use std::future::{Future, poll_fn};
use std::io;
use std::os::fd::RawFd;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::io::Interest;
use tokio::io::unix::AsyncFdReadyGuard;
use tokio::time::timeout_at;

/// What is waited for on a socket.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// An event of any kind.
    Receive,
    /// Room for a datagram.
    Send,
}

/// A socket to wait for.
pub(crate) struct Wanted {
    pub(crate) socket: Arc<Socket>,
    pub(crate) direction: Direction,
}

/// Until one of `list` is ready, or `timeout` (none: for ever; zero: only look) has passed. Which ones are ready, all of
/// them, in the order of `list`. Dropping the future cancels the wait and loses nothing.
///
/// tokio's readiness is edge triggered and remembered, so it may be stale; poll(2) tells the truth. Order matters: first
/// take what tokio remembers, then ask the kernel, then forget what was remembered of sockets that are not ready.
/// A datagram that arrives in between leaves a newer mark, which is not forgotten.
///
/// # Errors
/// When the system has no descriptor left to watch with.
pub(crate) async fn wait(list: &[Wanted], timeout: Option<Duration>) -> io::Result<Vec<bool>> {
    // A guest that looks in a loop must leave the runtime its turns.
    tokio::task::coop::consume_budget().await;
    // What is too far away to be told as a time is never.
    let deadline = timeout.and_then(|t| tokio::time::Instant::now().checked_add(t));
    let may_wait = timeout != Some(Duration::ZERO);
    loop {
        let descriptors: Vec<Option<Arc<Watched>>> = list.iter().map(Wanted::descriptor).collect();
        if !may_wait {
            return look(list, &descriptors);
        }
        let remembered = descriptors
            .iter()
            .zip(list)
            .map(remembered)
            .collect::<io::Result<Vec<_>>>()?;
        let ready = look(list, &descriptors)?;
        if ready.contains(&true) {
            return Ok(ready);
        }
        for mut guard in remembered.into_iter().flatten() {
            guard.clear_ready();
        }
        let woken = any_ready(list, &descriptors);
        match deadline {
            None => woken.await?,
            Some(deadline) => match timeout_at(deadline, woken).await {
                Ok(woken) => woken?,
                Err(_) => return Ok(vec![false; list.len()]),
            },
        }
    }
}

impl Wanted {
    /// What the kernel has to say about: nothing of a closed or unbound socket.
    fn descriptor(&self) -> Option<Arc<Watched>> {
        let state = self.socket.lock();
        state.bound.as_ref().and(state.descriptor.clone())
    }

    /// Ready whatever the kernel says.
    fn is_ready_by_itself(&self) -> bool {
        let state = self.socket.lock();
        let closed = state.descriptor.is_none();
        closed
            || match self.direction {
                Direction::Receive => !state.events.is_empty(),
                Direction::Send => state.events.has_own() || state.bound.is_none(),
            }
    }
}

/// What is ready now.
fn look(list: &[Wanted], descriptors: &[Option<Arc<Watched>>]) -> io::Result<Vec<bool>> {
    let mut ready: Vec<bool> = list.iter().map(Wanted::is_ready_by_itself).collect();
    let (places, mut asked): (Vec<usize>, Vec<sys::Interest<'_>>) = descriptors
        .iter()
        .zip(list)
        .enumerate()
        .filter_map(|(place, (descriptor, wanted))| {
            let socket = descriptor.as_ref()?.socket();
            let receive = wanted.direction == Direction::Receive;
            Some((
                place,
                sys::Interest {
                    socket,
                    receive,
                    send: !receive,
                    ready: false,
                },
            ))
        })
        .unzip();
    if !asked.is_empty() {
        sys::poll(&mut asked)?;
    }
    for (place, answer) in places.into_iter().zip(asked) {
        ready[place] |= answer.ready;
    }
    Ok(ready)
}

/// What tokio remembers of a socket's input, or none when that is nothing.
fn remembered<'a>(
    (descriptor, wanted): (&'a Option<Arc<Watched>>, &Wanted),
) -> io::Result<Option<AsyncFdReadyGuard<'a, RawFd>>> {
    let (Some(descriptor), Direction::Receive) = (descriptor, wanted.direction) else {
        return Ok(None);
    };
    let ready = pin!(descriptor.input()?.ready(Interest::READABLE | Interest::ERROR));
    match ready.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(guard) => guard.map(Some),
        Poll::Pending => Ok(None),
    }
}

/// Until tokio hears of one of them.
async fn any_ready(list: &[Wanted], descriptors: &[Option<Arc<Watched>>]) -> io::Result<()> {
    let mut waits: Vec<Pin<Box<dyn Future<Output = io::Result<()>> + Send + '_>>> = Vec::new();
    for (descriptor, wanted) in descriptors.iter().zip(list) {
        let Some(descriptor) = descriptor else { continue };
        match wanted.direction {
            Direction::Receive => {
                let input = descriptor.input()?;
                waits.push(Box::pin(async {
                    input.ready(Interest::READABLE | Interest::ERROR).await.map(drop)
                }));
            }
            Direction::Send => {
                let output = descriptor.output()?;
                waits.push(Box::pin(async move { output.writable().await.map(drop) }));
            }
        }
    }
    poll_fn(
        |cx| match waits.iter_mut().map(|wait| wait.as_mut().poll(cx)).find(Poll::is_ready) {
            Some(ready) => ready,
            None => Poll::Pending,
        },
    )
    .await
}
