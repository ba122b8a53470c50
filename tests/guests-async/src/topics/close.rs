//! What one task does to a socket ends the waits of another.

use crate::{bound, text};
use datagrant_guest::aio::{self, JoinHandle, UdpSocket};
use datagrant_guest::bindings::sockets::Socket;
use datagrant_guest::bindings::types::{CreateFlags, Event, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress};
use std::io;
use std::time::Duration;

pub async fn run() -> io::Result<()> {
    close_ends_a_receive_and_frees_the_port().await?;
    close_and_drop_complete_ready().await?;
    bind_completes_ready().await
}

async fn close_ends_a_receive_and_frees_the_port() -> io::Result<()> {
    let (socket, local) = bound().await?;
    let receiver = aio::spawn({
        let socket = socket.clone();
        async move { text(&socket).await }
    });
    let waiting = waits_for(socket.socket().id()).await;
    socket.close();
    // Without a turn for those that waited.
    UdpSocket::bind(local).await?;
    waiting.await.expect("nobody aborts it")?;
    let error = receiver.await.expect("nobody aborts it").expect_err("it is closed");
    assert_eq!(
        datagrant_guest::error_code(&error),
        Some(datagrant_guest::ErrorCode::InvalidState)
    );
    Ok(())
}

async fn close_and_drop_complete_ready() -> io::Result<()> {
    let socket = raw();
    socket.bind(Some(loopback()), false).expect("it is granted");
    socket.next_events(64);
    let waiting = waits_for(socket.id()).await;
    socket.close();
    waiting.await.expect("nobody aborts it")?;
    // A closed socket is ready, either way.
    aio::ready_to_receive(socket.id()).await?;
    aio::ready_to_send(socket.id()).await?;

    let socket = raw();
    socket.bind(Some(loopback()), false).expect("it is granted");
    socket.next_events(64);
    let waiting = waits_for(socket.id()).await;
    drop(socket);
    waiting.await.expect("nobody aborts it")
}

/// An unbound socket receives nothing; `listening` is an event.
async fn bind_completes_ready() -> io::Result<()> {
    let socket = raw();
    let waiting = waits_for(socket.id()).await;
    socket.bind(Some(loopback()), false).expect("it is granted");
    waiting.await.expect("nobody aborts it")?;
    assert!(matches!(socket.next_events(64)[..], [Event::Listening(_)]));
    Ok(())
}

/// A task that waits for the socket to have an event, when the answer comes.
async fn waits_for(id: u32) -> JoinHandle<io::Result<()>> {
    let waiting = aio::spawn(aio::ready_to_receive(id));
    aio::sleep(Duration::from_millis(5)).await;
    assert!(!waiting.is_finished());
    waiting
}

fn raw() -> Socket {
    Socket::create(IpAddressFamily::Ipv4, CreateFlags::empty()).expect("a socket")
}

fn loopback() -> IpSocketAddress {
    let (port, address) = (0, (127, 0, 0, 1));
    IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address })
}
