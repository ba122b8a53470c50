//! Waiting for many sockets at once.

use super::Socket;
use crate::sys::Watched;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
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
/// # Errors
/// When the system has no descriptor left to watch with.
pub(crate) async fn wait(list: &[Wanted], timeout: Option<Duration>) -> io::Result<Vec<bool>> {
    // A guest that looks in a loop must leave the runtime its turns.
    tokio::task::coop::consume_budget().await;
    let may_wait = timeout != Some(Duration::ZERO);
    let mut ready = vec![false; list.len()];
    let mut watched = Vec::new();
    for (place, wanted) in list.iter().enumerate() {
        match wanted.now() {
            Now::Ready => ready[place] = true,
            Now::Never => {}
            Now::Ask(descriptor) => {
                ready[place] = match wanted.direction {
                    Direction::Receive if may_wait => descriptor.has_input()?,
                    Direction::Receive => descriptor.socket().has_input()?,
                    Direction::Send => descriptor.socket().has_room()?,
                };
                watched.push((place, wanted.direction, descriptor));
            }
        }
    }
    if !may_wait || ready.contains(&true) {
        return Ok(ready);
    }
    // What is too far away to be told as a time is never.
    let deadline = timeout.and_then(|t| tokio::time::Instant::now().checked_add(t));
    let edges = edges(&watched, &mut ready);
    match deadline {
        None => edges.await?,
        Some(deadline) => match timeout_at(deadline, edges).await {
            Ok(told) => told?,
            Err(_) => ready.fill(false),
        },
    }
    Ok(ready)
}

/// What is known of a socket without asking the kernel.
enum Now {
    Ready,
    /// An unbound socket receives nothing.
    Never,
    Ask(Arc<Watched>),
}

impl Wanted {
    fn now(&self) -> Now {
        let state = self.socket.lock();
        let Some(descriptor) = &state.descriptor else {
            return Now::Ready;
        };
        let (pending, unbound) = match self.direction {
            Direction::Receive => (!state.events.is_empty(), Now::Never),
            Direction::Send => (state.events.has_own(), Now::Ready),
        };
        match (pending, &state.bound) {
            (true, _) => Now::Ready,
            (false, None) => unbound,
            (false, Some(_)) => Now::Ask(descriptor.clone()),
        }
    }
}

/// Until an edge of one of them, or more, is told: their places are set in `ready`.
async fn edges(watched: &[(usize, Direction, Arc<Watched>)], ready: &mut [bool]) -> io::Result<()> {
    if let [(place, direction, descriptor)] = watched {
        edge(*direction, descriptor).await?;
        ready[*place] = true;
        return Ok(());
    }
    type Edge<'a> = Pin<Box<dyn Future<Output = io::Result<()>> + Send + 'a>>;
    let mut list: Vec<(usize, Edge<'_>)> = watched
        .iter()
        .map(|(place, direction, descriptor)| (*place, Box::pin(edge(*direction, descriptor)) as Edge<'_>))
        .collect();
    poll_fn(|cx| {
        let mut told = Poll::Pending;
        for (place, edge) in &mut list {
            if let Poll::Ready(result) = edge.as_mut().poll(cx) {
                result?;
                ready[*place] = true;
                told = Poll::Ready(Ok(()));
            }
        }
        told
    })
    .await
}

async fn edge(direction: Direction, descriptor: &Watched) -> io::Result<()> {
    match direction {
        Direction::Receive => descriptor.input_edge().await,
        Direction::Send => descriptor.output_edge().await,
    }
}
