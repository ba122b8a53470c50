//! Tasks.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// Runs `future` beside the others of this component. The handle may be dropped: the task goes on.
///
/// ```no_run
/// use datagrant_guest::aio::{self, UdpSocket};
///
/// # async fn example() -> std::io::Result<()> {
/// let socket = UdpSocket::bind("127.0.0.1:41234").await?;
/// let receiver = aio::spawn({
///     let socket = socket.clone();
///     async move { socket.recv_from(&mut [0; 1500]).await }
/// });
/// socket.send_to(b"to myself", socket.local_addr()?).await?;
/// let (length, _) = receiver.await.expect("nobody aborts it")?;
/// # Ok(())
/// # }
/// ```
///
/// # Panics
/// Outside an async function that the host has called, such as that of [`command!`](crate::command), the task never runs,
/// and a handle that is awaited panics.
pub fn spawn<T: 'static>(future: impl Future<Output = T> + 'static) -> JoinHandle<T> {
    let state = Rc::new(RefCell::new(State::default()));
    let task = JoinHandle(state.clone());
    wit_bindgen::spawn_local(async move {
        let mut future = Some(Box::pin(future));
        let output = poll_fn(|cx| {
            if state.borrow().aborted {
                future = None;
            }
            let Some(running) = &mut future else {
                return Poll::Ready(None);
            };
            state.borrow_mut().task = Some(cx.waker().clone());
            running.as_mut().poll(cx).map(Some)
        })
        .await;
        let joiner = {
            let mut state = state.borrow_mut();
            (state.ended, state.task, state.output) = (true, None, output);
            state.joiner.take()
        };
        joiner.into_iter().for_each(Waker::wake);
    });
    task
}

/// A task: awaiting it gives what its future did, or `None` after an [`abort`](Self::abort).
#[derive(Debug)]
pub struct JoinHandle<T>(Rc<RefCell<State<T>>>);

#[derive(Debug)]
struct State<T> {
    output: Option<T>,
    ended: bool,
    aborted: bool,
    task: Option<Waker>,
    joiner: Option<Waker>,
}

impl<T> Default for State<T> {
    fn default() -> Self {
        Self {
            output: None,
            ended: false,
            aborted: false,
            task: None,
            joiner: None,
        }
    }
}

impl<T> JoinHandle<T> {
    /// Drops the task's future when its turn comes, wherever it waits. Nothing, if it has ended.
    pub fn abort(&self) {
        let task = {
            let mut state = self.0.borrow_mut();
            state.aborted = true;
            state.task.take()
        };
        task.into_iter().for_each(Waker::wake);
    }

    /// Whether it has ended.
    pub fn is_finished(&self) -> bool {
        self.0.borrow().ended
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let mut state = self.0.borrow_mut();
        if state.ended {
            return Poll::Ready(state.output.take());
        }
        state.joiner = Some(cx.waker().clone());
        Poll::Pending
    }
}
