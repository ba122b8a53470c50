//! Sends each datagram back to where it came from, then prints its length and source: the first example of Node's
//! manual for `dgram`, on the event loop.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context;
use datagrant_guest::{EventLoop, Family};

const USAGE: &str = "\
Usage: echo-server [ADDRESS]

Sends each datagram back to where it came from, then prints its length and source.

  ADDRESS  where to listen, such as 0.0.0.0:7 or [::1]:41234 [default: 127.0.0.1:41234]";

fn main() -> ExitCode {
    let mut address = "127.0.0.1:41234".to_string();
    let mut arguments = std::env::args().skip(1);
    match (arguments.next(), arguments.next()) {
        (Some(help), None) if help == "--help" || help == "-h" => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        (_, Some(extra)) => return usage(&format!("one argument at most: {extra:?} is too much")),
        (Some(argument), None) => address = argument,
        (None, None) => {}
    }
    let Ok(address) = address.parse::<SocketAddr>() else {
        return usage(&format!("not an address and port: {address:?}"));
    };
    match serve(address) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("echo-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn serve(address: SocketAddr) -> anyhow::Result<()> {
    let events = EventLoop::new();
    let family = if address.is_ipv4() { Family::Ipv4 } else { Family::Ipv6 };
    let server = events.socket(family).context("no socket")?;

    server.on_error(|server, error| {
        // Closing lets the loop end; the error says how.
        server.close()?;
        Err(error)
    });
    server.on_message(|server, message, from| {
        let length = message.len();
        // A datagram that cannot be answered is no reason to stop answering others.
        server.send_with(message, from, move |result| match result {
            Ok(_) => say(&format!("{length} bytes from {from}")),
            Err(error) => {
                eprintln!("echo-server: {length} bytes from {from} not answered: {error}");
                Ok(())
            }
        })
    });
    server.on_listening(|server| say(&format!("listening on {}", server.local_addr()?)));

    server.bind(address)?;
    Ok(events.run()?)
}

/// A line, visible at once also where stdout is a pipe.
fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("echo-server: {problem}\n\n{USAGE}");
    ExitCode::from(2)
}
