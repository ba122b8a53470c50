//! Time.

use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use super::generated::wasi::clocks::monotonic_clock;

/// Waits for `duration`; the longest there is are 584 years.
///
/// ```no_run
/// use std::time::Duration;
/// use datagrant_guest::aio;
///
/// # async fn example() {
/// aio::sleep(Duration::from_millis(100)).await;
/// # }
/// ```
pub async fn sleep(duration: Duration) {
    monotonic_clock::wait_for(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)).await;
}

/// `future`, or [`Elapsed`] where it takes longer than `limit`; then it is dropped, which cancels it: a receive has taken no
/// datagram.
///
/// ```no_run
/// use std::time::Duration;
/// use datagrant_guest::aio::{self, UdpSocket};
///
/// # async fn example(socket: &UdpSocket) -> std::io::Result<()> {
/// let mut buffer = [0; 1500];
/// match aio::timeout(Duration::from_secs(2), socket.recv_from(&mut buffer)).await {
///     Ok(received) => println!("{} bytes", received?.0),
///     Err(aio::Elapsed) => println!("no answer in two seconds"),
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Elapsed`], which becomes an [`io::Error`] of the kind [`io::ErrorKind::TimedOut`] by `?`.
pub async fn timeout<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    let mut future = pin!(future);
    let mut end = pin!(sleep(limit));
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Ok(output)),
        Poll::Pending => end.as_mut().poll(cx).map(|()| Err(Elapsed)),
    })
    .await
}

/// The limit of a [`timeout`] was over first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time limit was over")
    }
}

impl std::error::Error for Elapsed {}

impl From<Elapsed> for io::Error {
    fn from(elapsed: Elapsed) -> Self {
        io::Error::new(io::ErrorKind::TimedOut, elapsed)
    }
}
