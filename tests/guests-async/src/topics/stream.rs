//! The events of a socket as a stream.

use crate::bound;
use datagrant_guest::aio::{self, Event, Events};
use futures_core::Stream;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::time::Duration;

pub async fn run() -> io::Result<()> {
    let ((socket, local), (peer, from)) = (bound().await?, bound().await?);
    socket.connect(from).await?;
    let mut events = socket.events();

    peer.send_to(b"one", local).await?;
    assert_eq!(message(&mut events).await, "one");

    // A stream that is waited for without success has lost nothing.
    assert!(aio::timeout(Duration::from_millis(5), next(&mut events)).await.is_err());
    peer.send_to(b"two", local).await?;
    assert_eq!(message(&mut events).await, "two");

    // A refusal is an event, and not the last one.
    peer.close();
    socket.send(b"anybody there?").await?;
    let refused = next(&mut events).await;
    assert!(
        matches!(&refused, Some(Event::Error(e)) if e.kind() == io::ErrorKind::ConnectionRefused),
        "{refused:?}"
    );

    let closing = aio::spawn(async move {
        aio::sleep(Duration::from_millis(5)).await;
        socket.close();
    });
    assert!(matches!(next(&mut events).await, Some(Event::Close)));
    assert!(next(&mut events).await.is_none());
    closing.await.expect("nobody aborts it");
    Ok(())
}

async fn next(events: &mut Events) -> Option<Event> {
    poll_fn(|cx| Pin::new(&mut *events).poll_next(cx)).await
}

async fn message(events: &mut Events) -> String {
    match next(events).await {
        Some(Event::Message { data, .. }) => String::from_utf8_lossy(&data).into_owned(),
        other => panic!("no datagram: {other:?}"),
    }
}
