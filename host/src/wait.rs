//! Waiting for many things at once.
//!
//! A guest names what it waits for by ids, of one number space: a [`Waitable`] is what an id stands for, a [`Wanted`]
//! what is awaited of it. Both share what they name, so that a wait borrows nothing of the store.

use crate::lookup::Lookup;
use crate::socket::{ErrorCode, Socket};
use crate::sys::Watched;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
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
    // A guest that looks in a loop must leave the runtime its turns.
    tokio::task::coop::consume_budget().await;
    let may_wait = timeout != Some(Duration::ZERO);
    let mut ready = vec![false; list.len()];
    let mut edges = Vec::new();
    for (place, wanted) in list.iter().enumerate() {
        match wanted.now(may_wait)? {
            Now::Ready => ready[place] = true,
            Now::Never => {}
            Now::On(edge) => edges.push((place, edge)),
        }
    }
    if !may_wait || ready.contains(&true) {
        return Ok(ready);
    }
    // What is too far away to be told as a time is never.
    let deadline = timeout.and_then(|t| tokio::time::Instant::now().checked_add(t));
    let told = first_of(&edges, &mut ready);
    match deadline {
        None => told.await?,
        Some(deadline) => match timeout_at(deadline, told).await {
            Ok(told) => told?,
            Err(_) => ready.fill(false),
        },
    }
    Ok(ready)
}

/// How far a thing is from being ready.
pub(crate) enum Now<Edge> {
    Ready,
    Never,
    /// Not before this happens.
    On(Edge),
}

/// What makes a thing ready that was not.
enum Edge<'a> {
    Input(Arc<Watched>),
    Room(Arc<Watched>),
    Answer(&'a Lookup),
}

impl Wanted {
    /// `may_wait`: the edge may be awaited after that.
    fn now(&self, may_wait: bool) -> io::Result<Now<Edge<'_>>> {
        Ok(match self {
            Wanted::Event(socket) => socket.has_event(may_wait)?.map(Edge::Input),
            Wanted::Room(socket) => socket.has_room()?.map(Edge::Room),
            Wanted::Answer(lookup) if lookup.is_answered() => Now::Ready,
            Wanted::Answer(lookup) => Now::On(Edge::Answer(lookup)),
        })
    }
}

impl<E> Now<E> {
    fn map<F>(self, edge: impl FnOnce(E) -> F) -> Now<F> {
        match self {
            Now::Ready => Now::Ready,
            Now::Never => Now::Never,
            Now::On(e) => Now::On(edge(e)),
        }
    }
}

impl Edge<'_> {
    async fn told(&self) -> io::Result<()> {
        match self {
            Edge::Input(descriptor) => descriptor.input_edge().await,
            Edge::Room(descriptor) => descriptor.output_edge().await,
            Edge::Answer(lookup) => {
                lookup.answered().await;
                Ok(())
            }
        }
    }
}

/// Until an edge of one of them, or more, is told: their places are set in `ready`.
async fn first_of(edges: &[(usize, Edge<'_>)], ready: &mut [bool]) -> io::Result<()> {
    if let [(place, edge)] = edges {
        edge.told().await?;
        ready[*place] = true;
        return Ok(());
    }
    type Told<'a> = Pin<Box<dyn Future<Output = io::Result<()>> + Send + 'a>>;
    let mut list: Vec<(usize, Told<'_>)> = edges
        .iter()
        .map(|(place, edge)| (*place, Box::pin(edge.told()) as Told<'_>))
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
