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

/// Until one of `list` is ready, or `timeout` (none: for ever; zero: only look) has passed. Which ones are ready, in the
/// order of `list`. Dropping the future cancels the wait and loses nothing.
///
/// tokio's readiness is edge triggered and remembered: it may be stale, and an edge comes but once. So a socket whose edge
/// has been told is asked about by poll(2), until a receive has found it empty; only then the next edge is awaited.
/// Order matters: what tokio remembers is taken before the kernel is asked, and only what was taken is forgotten. What
/// arrives in between leaves a newer mark.
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
        let settled = |(wanted, descriptor): (&Wanted, &Option<Arc<Watched>>)| wanted.is_settled(descriptor.as_deref());
        if remembered.iter().any(Option::is_some) || !list.iter().zip(&descriptors).all(settled) {
            let ready = look(list, &descriptors)?;
            if ready.contains(&true) {
                return Ok(ready);
            }
            for mut guard in remembered.into_iter().flatten() {
                guard.clear_ready();
            }
        }
        let woken = any_ready(list, &descriptors);
        let ready = match deadline {
            None => woken.await?,
            Some(deadline) => match timeout_at(deadline, woken).await {
                Ok(woken) => woken?,
                Err(_) => return Ok(vec![false; list.len()]),
            },
        };
        if ready.contains(&true) {
            return Ok(ready);
        }
    }
}

impl Wanted {
    /// What the kernel has to say about: nothing of a closed or unbound socket.
    fn descriptor(&self) -> Option<Arc<Watched>> {
        let state = self.socket.lock();
        state.bound.as_ref().and(state.descriptor.clone())
    }

    /// Known not to be ready, so that only an edge can change it.
    fn is_settled(&self, descriptor: Option<&Watched>) -> bool {
        let empty = descriptor.is_none_or(|d| self.direction == Direction::Receive && d.is_empty());
        empty && !self.is_ready_by_itself()
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

/// Until tokio hears of one of them, or more: which. An edge that is told is not remembered.
async fn any_ready(list: &[Wanted], descriptors: &[Option<Arc<Watched>>]) -> io::Result<Vec<bool>> {
    type Edge<'a> = Pin<Box<dyn Future<Output = io::Result<()>> + Send + 'a>>;
    let mut edges: Vec<(usize, Edge<'_>)> = Vec::new();
    for (place, (descriptor, wanted)) in descriptors.iter().zip(list).enumerate() {
        let Some(descriptor) = descriptor else { continue };
        let edge: Edge<'_> = match wanted.direction {
            Direction::Receive => {
                let input = descriptor.input()?;
                Box::pin(async {
                    input.ready(Interest::READABLE | Interest::ERROR).await?.clear_ready();
                    descriptor.set_empty(false);
                    Ok(())
                })
            }
            Direction::Send => {
                let output = descriptor.output()?;
                Box::pin(async move { output.writable().await.map(drop) })
            }
        };
        edges.push((place, edge));
    }
    poll_fn(|cx| {
        let mut ready = vec![false; list.len()];
        let mut any = false;
        for (place, edge) in &mut edges {
            if let Poll::Ready(result) = edge.as_mut().poll(cx) {
                result?;
                ready[*place] = true;
                any = true;
            }
        }
        if any { Poll::Ready(Ok(ready)) } else { Poll::Pending }
    })
    .await
}
