//! A socket that is full. The second argument is an address to which the way is slow.

use datagrant_guest::aio::{self, UdpSocket};
use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

/// A burst of them fills any buffer.
const MANY: usize = 1000;
const DATAGRAM: [u8; 1000] = [b'x'; 1000];

pub async fn run() -> io::Result<()> {
    let to = std::env::args().nth(2).unwrap_or_default();
    let socket = UdpSocket::bind("0.0.0.0:0").await?;
    socket.connect(&*to).await?;
    let ticks = Rc::new(Cell::new(0));
    let clock = aio::spawn({
        let ticks = ticks.clone();
        async move {
            loop {
                aio::sleep(Duration::from_millis(1)).await;
                ticks.set(ticks.get() + 1);
            }
        }
    });

    fill(&socket)?;
    // Dropped where it waits: nothing is lost by that.
    let cancelled = aio::timeout(Duration::from_millis(1), aio::ready_to_send(socket.socket().id()));
    println!("a wait for room is dropped: {}", cancelled.await.is_err());
    aio::ready_to_send(socket.socket().id()).await?;
    socket.socket().send(&DATAGRAM)?;
    println!("there is room");

    fill(&socket)?;
    let before = ticks.get();
    socket.send(&DATAGRAM).await?;
    println!("a send waited, and others did not: {}", ticks.get() > before);
    clock.abort();
    Ok(())
}

/// Sends without waiting until that is refused.
fn fill(socket: &UdpSocket) -> io::Result<()> {
    for _ in 0..MANY {
        match socket.socket().send(&DATAGRAM) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other(format!("not full after {MANY}")))
}
