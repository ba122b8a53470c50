//! The waits in progress on a socket.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// What the waits in progress wait for. It is kept here, not with who waits, so that `close` lets go of the descriptor, and
/// so frees the port, while others wait for it; and so that what one task does to a socket ends the waits of the others.
#[derive(Default)]
pub(super) struct Waits {
    /// By number, ascending.
    list: Vec<Wait>,
    last: u64,
}

struct Wait {
    number: u64,
    edge: Pin<Box<dyn Future<Output = io::Result<()>> + Send>>,
    waker: Option<Waker>,
}

/// A wait's own, until it drops it.
pub(super) struct Place(u64);

impl Waits {
    /// Begins to wait for `edge`.
    pub(super) fn begin(&mut self, edge: impl Future<Output = io::Result<()>> + Send + 'static) -> Place {
        self.last += 1;
        self.list.push(Wait {
            number: self.last,
            edge: Box::pin(edge),
            waker: None,
        });
        Place(self.last)
    }

    /// Whether the edge of this wait has come, or [`end_all`](Self::end_all) was called.
    pub(super) fn poll(&mut self, place: &Place, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(index) = self.find(place) else {
            return Poll::Ready(Ok(()));
        };
        let wait = &mut self.list[index];
        let told = wait.edge.as_mut().poll(cx);
        if told.is_ready() {
            self.list.remove(index);
        } else {
            wait.waker = Some(cx.waker().clone());
        }
        told
    }

    pub(super) fn end(&mut self, place: &Place) {
        if let Some(index) = self.find(place) {
            self.list.remove(index);
        }
    }

    /// Something has happened that no edge tells of.
    pub(super) fn end_all(&mut self) {
        for Wait { edge, waker, .. } in self.list.drain(..) {
            drop(edge);
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    fn find(&self, place: &Place) -> Option<usize> {
        self.list.binary_search_by_key(&place.0, |wait| wait.number).ok()
    }
}
