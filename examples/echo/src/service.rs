//! The echo server as a service: no `main`, and no address where the host binds the socket and hands it in; it calls when
//! there is something to do. The callbacks are those of `echo-server`.
//!
//! Where nothing is handed in, as over plain `wasi:sockets`, it binds the address that is its first argument.

use std::io::{self, Write};
use std::net::SocketAddr;

use datagrant_guest::{EventLoop, Family, granted_names};

datagrant_guest::service!(echo);

fn echo(events: &EventLoop) -> io::Result<()> {
    let is_handed_in = granted_names()?.iter().any(|name| name == "echo");
    let address = std::env::args().nth(1).filter(|_| !is_handed_in);
    let address: Option<SocketAddr> = address.map(|text| text.parse().map_err(io::Error::other)).transpose()?;
    let server = match address {
        Some(address) if address.is_ipv6() => events.socket(Family::Ipv6)?,
        Some(_) => events.socket(Family::Ipv4)?,
        None => events.granted("echo")?,
    };
    server.on_listening(|server| say(&format!("listening on {}", server.address()?)));
    server.on_message(|server, message, from| {
        // A datagram that cannot be answered is no reason to stop answering others.
        server.send_with(message, from, move |result| match result {
            Ok(_) => Ok(()),
            Err(error) => say(&format!("{from} not answered: {error}")),
        })
    });
    server.on_close(|_| say("closed"));
    address.map_or(Ok(()), |address| server.bind(address))
}

/// A line, visible at once also where stdout is a pipe.
fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
