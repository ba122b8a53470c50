//! Futures that are dropped, and time limits.

use crate::{bound, text};
use datagrant_guest::aio::{self, Elapsed};
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_millis(20);

pub async fn run() -> io::Result<()> {
    a_time_limit_ends_a_wait().await?;
    a_dropped_receive_takes_nothing().await?;
    a_dropped_wait_for_the_contract().await
}

async fn a_time_limit_ends_a_wait() -> io::Result<()> {
    let (socket, local) = bound().await?;
    let before = Instant::now();
    assert_eq!(aio::timeout(LIMIT, text(&socket)).await.err(), Some(Elapsed));
    assert!(before.elapsed() >= LIMIT);
    assert_eq!(io::Error::from(Elapsed).kind(), io::ErrorKind::TimedOut);
    // It has left nothing behind that would take this one.
    socket.send_to(b"late", local).await?;
    assert_eq!(aio::timeout(Duration::from_secs(20), text(&socket)).await??.0, "late");
    Ok(())
}

/// Begun, dropped where it waits, with datagrams that come before and after: all of them are received, in order.
async fn a_dropped_receive_takes_nothing() -> io::Result<()> {
    const ROUNDS: u32 = 200;
    let ((socket, local), (sender, _)) = (bound().await?, bound().await?);
    for round in 0..ROUNDS {
        // A future that was polled once and is dropped with a datagram under way.
        {
            let mut receive = pin!(text(&socket));
            let polled = poll_fn(|cx| Poll::Ready(receive.as_mut().poll(cx))).await;
            assert!(polled.is_pending(), "nothing was sent yet");
            sender.send_to(round.to_string().as_bytes(), local).await?;
            if round % 2 == 0 {
                aio::sleep(Duration::from_micros(50)).await;
            }
        }
        assert_eq!(text(&socket).await?.0, round.to_string());
    }
    Ok(())
}

async fn a_dropped_wait_for_the_contract() -> io::Result<()> {
    let (socket, local) = bound().await?;
    let id = socket.socket().id();
    for _ in 0..3 {
        assert_eq!(
            aio::timeout(LIMIT / 10, aio::ready_to_receive(id)).await.err(),
            Some(Elapsed)
        );
    }
    // Whoever has room is ready to send at once.
    aio::ready_to_send(id).await?;
    socket.send_to(b"x", local).await?;
    aio::ready_to_receive(id).await?;
    // It took nothing: once more.
    aio::ready_to_receive(id).await?;
    assert_eq!(text(&socket).await?.0, "x");
    Ok(())
}
