//! The echo server as a service: no `main`, no address. The host binds the socket and hands it in, and calls when there is
//! something to do; the callbacks are those of `echo-server`.

use std::io::{self, Write};

use datagrant_guest::EventLoop;

datagrant_guest::service!(echo);

fn echo(events: &EventLoop) -> io::Result<()> {
    let server = events.granted("echo")?;
    server.on_listening(|server| say(&format!("listening on {}", server.address()?)));
    server.on_message(|server, message, from| {
        // A datagram that cannot be answered is no reason to stop answering others.
        server.send_with(message, from, move |result| match result {
            Ok(_) => Ok(()),
            Err(error) => say(&format!("{from} not answered: {error}")),
        })
    });
    server.on_close(|_| say("closed"));
    Ok(())
}

/// A line, visible at once also where stdout is a pipe.
fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
