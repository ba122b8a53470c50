//! The smallest program for cold starts: binds, tells the address in its argument that it is there, echoes one datagram.

use std::time::Duration;

fn main() -> std::io::Result<()> {
    let teller = std::env::args().nth(1).expect("an address to tell");
    let socket = datagrant_guest::UdpSocket::bind("127.0.0.1:0")?;
    socket.set_read_timeout(Some(Duration::from_secs(2)))?;
    socket.send_to(b"here", &*teller)?;
    let mut buffer = [0; 64];
    let (length, from) = socket.recv_from(&mut buffer)?;
    socket.send_to(&buffer[..length], from)?;
    Ok(())
}
