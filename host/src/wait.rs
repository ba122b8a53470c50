//! Waiting for many things at once.
//!
//! A guest names what it waits for by ids, of one number space: a [`Waitable`] is what an id stands for, a [`Wanted`]
//! what is awaited of it. Both share what they name, so that a wait borrows nothing of the store.

use crate::guest;
use crate::lookup::Lookup;
use crate::socket::{self, ErrorCode, Socket};
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::timeout_at;

/// What an id stands for.
#[derive(Clone)]
pub(crate) enum Waitable {
    Socket(Arc<Socket>),
    Lookup(Arc<Lookup>),
}

impl Waitable {
    /// What an id in `interest.receive` asks for.
    pub(crate) fn to_receive(&self) -> Wanted {
        match self {
            Waitable::Socket(socket) => Wanted::Event(socket.clone()),
            Waitable::Lookup(lookup) => Wanted::Answer(lookup.clone()),
        }
    }

    /// What an id in `interest.send` asks for. `invalid-argument` for a lookup, which sends nothing.
    pub(crate) fn to_send(&self) -> Result<Wanted, ErrorCode> {
        match self {
            Waitable::Socket(socket) => Ok(Wanted::Room(socket.clone())),
            Waitable::Lookup(_) => Err(ErrorCode::InvalidArgument),
        }
    }
}

/// What is waited for.
pub(crate) enum Wanted {
    /// An event of any kind, on a socket.
    Event(Arc<Socket>),
    /// Room for a datagram, in a socket.
    Room(Arc<Socket>),
    /// The answer of a lookup.
    Answer(Arc<Lookup>),
}

/// Until one of `list` is ready, or `timeout` (none: for ever; zero: only look) has passed. Which ones are ready, in the
/// order of `list`. Dropping the future cancels the wait and loses nothing.
///
/// # Errors
/// When the system has no descriptor left to watch with.
pub(crate) async fn wait(list: &[Wanted], timeout: Option<Duration>) -> io::Result<Vec<bool>> {
    guest::give_way().await;
    let may_wait = timeout != Some(Duration::ZERO);
    if may_wait {
        guest::waits();
    }
    let mut ready = Vec::with_capacity(list.len());
    for wanted in list {
        ready.push(wanted.is_ready(may_wait)?);
    }
    if !may_wait || ready.contains(&true) {
        return Ok(ready);
    }
    // What is too far away to be told as a time is never.
    let deadline = timeout.and_then(|t| tokio::time::Instant::now().checked_add(t));
    let told = first_of(list, &mut ready);
    match deadline {
        None => told.await?,
        Some(deadline) => match timeout_at(deadline, told).await {
            Ok(told) => told?,
            Err(_) => ready.fill(false),
        },
    }
    Ok(ready)
}

/// Until an edge of one of them, or more, is told: their places are set in `ready`.
async fn first_of(list: &[Wanted], ready: &mut [bool]) -> io::Result<()> {
    let mut edges: Vec<Edge<'_>> = list.iter().map(Wanted::edge).collect();
    poll_fn(|cx| {
        let mut told = Poll::Pending;
        for (edge, ready) in edges.iter_mut().zip(&mut *ready) {
            if let Poll::Ready(result) = edge.poll(cx) {
                result?;
                *ready = true;
                told = Poll::Ready(Ok(()));
            }
        }
        told
    })
    .await
}

impl Wanted {
    /// `may_wait`: [`edge`](Self::edge) may be called after that.
    fn is_ready(&self, may_wait: bool) -> io::Result<bool> {
        match self {
            Wanted::Event(socket) => socket.has_event(may_wait),
            Wanted::Room(socket) => socket.has_room(),
            Wanted::Answer(lookup) => Ok(lookup.is_answered()),
        }
    }

    fn edge(&self) -> Edge<'_> {
        match self {
            Wanted::Event(socket) => Edge::Socket(socket.event_edge()),
            Wanted::Room(socket) => Edge::Socket(socket.room_edge()),
            Wanted::Answer(lookup) => Edge::Answer(Box::pin(lookup.answered())),
        }
    }
}

/// What makes a thing ready that was not.
enum Edge<'a> {
    Socket(socket::Edge),
    Answer(Pin<Box<dyn Future<Output = ()> + Send + 'a>>),
}

impl Edge<'_> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Edge::Socket(edge) => Pin::new(edge).poll(cx),
            Edge::Answer(answered) => answered.as_mut().poll(cx).map(Ok),
        }
    }
}
