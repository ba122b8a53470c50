//! The guest of WASI 0.3: `wasi:cli/run@0.3.0`, with the topic as its argument. Each file of `topics` is one, and a test of
//! `tests/tests/conformance_async.rs` on every provider. Three are none of them: `full` needs a network that is slow,
//! `withdrawn` grants that are replaced, and `spin` never ends.

mod full;
mod topics;
mod withdrawn;

use datagrant_guest::aio::{self, UdpSocket};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

datagrant_guest::command!(run);

async fn run() -> io::Result<()> {
    let topic = std::env::args().nth(1).unwrap_or_default();
    match topic.as_str() {
        "cancel" => topics::cancel::run().await,
        "close" => topics::close::run().await,
        "ids" => topics::ids::run().await,
        "lookups" => topics::lookups::run().await,
        "stream" => topics::stream::run().await,
        "tasks" => topics::tasks::run().await,
        "udp" => topics::udp::run().await,
        "full" => full::run().await,
        "withdrawn" => withdrawn::run().await,
        "spin" => spin().await,
        _ => Err(io::Error::other(format!("no such topic: {topic:?}"))),
    }
}

/// Computes for ever, beside a task that waits.
async fn spin() -> io::Result<()> {
    let waiting = aio::spawn(async { bound().await?.0.recv(&mut [0]).await });
    aio::sleep(Duration::from_millis(1)).await;
    while !waiting.is_finished() {
        std::hint::spin_loop();
    }
    Ok(())
}

/// A socket bound to loopback, and where.
async fn bound() -> io::Result<(UdpSocket, SocketAddr)> {
    let socket = UdpSocket::bind("127.0.0.1:0").await?;
    let local = socket.local_addr()?;
    Ok((socket, local))
}

/// The next datagram, as text.
async fn text(socket: &UdpSocket) -> io::Result<(String, SocketAddr)> {
    let mut buffer = [0; 100];
    let (length, from) = socket.recv_from(&mut buffer).await?;
    Ok((String::from_utf8_lossy(&buffer[..length]).into_owned(), from))
}
