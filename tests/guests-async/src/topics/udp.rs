//! The calls of the async socket, one after the other.

use crate::{bound, text};
use datagrant_guest::aio::{self, UdpSocket};
use datagrant_guest::burst::SendBurst;
use std::io;

pub async fn run() -> io::Result<()> {
    let (server, address) = bound().await?;
    let client = UdpSocket::connected(address).await?;
    assert_eq!(client.peer_addr()?, address);

    // Nothing is there yet: it waits, and the task that sends has its turn.
    let asking = aio::spawn({
        let client = client.clone();
        async move { client.send(b"hello").await }
    });
    let (hello, from) = text(&server).await?;
    assert_eq!(hello, "hello");
    assert_eq!(asking.await.expect("nobody aborts it")?, 5);
    server.send_to(b"peeked at", from).await?;
    let mut buffer = [0; 100];
    let (length, _) = client.peek_from(&mut buffer).await?;
    assert_eq!(client.recv(&mut buffer).await?, length);
    assert_eq!(&buffer[..length], b"peeked at");

    let mut burst = SendBurst::new();
    for text in [b"one", b"two"] {
        burst.push(text, from);
    }
    assert_eq!(server.send_burst(&burst).await?.headers, 2);
    let mut received = 0;
    while received < 2 {
        received += client.recv_burst(32).await?.len();
    }

    client.disconnect()?;
    client.connect(address).await?;
    server.send_to(b"again", client.local_addr()?).await?;
    assert_eq!(text(&client).await?.0, "again");

    // A denial is one here too.
    let denied = client.connect("192.0.2.1:9").await.expect_err("no grant says so");
    assert_eq!(denied.kind(), io::ErrorKind::PermissionDenied);
    Ok(())
}
