//! Keeps what CoAP clients give it and hands it out again, on the event loop.

mod blocks;
mod messages;
mod requests;
mod store;

use std::cell::RefCell;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use datagrant_guest::{EventLoop, Family};
use messages::Messages;

const USAGE: &str = "\
Usage: coap-server ADDRESS

Keeps what CoAP clients PUT and hands it out to who GETs it. What there is stands in /.well-known/core.

  ADDRESS  where to listen, such as 127.0.0.1:5683 or [::1]:5683";

/// Answers that wait for room in the kernel. What comes when as many wait is not answered: who asked asks again.
const MOST_QUEUED: usize = 1000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let address = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        [address] => address,
        [] => return usage("an address to listen on is missing"),
        [_, extra, ..] => return usage(&format!("one argument at most: {extra:?} is too much")),
    };
    let Ok(address) = address.parse::<SocketAddr>() else {
        return usage(&format!("not an address and port: {address:?}"));
    };
    match serve(address) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("coap-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn serve(address: SocketAddr) -> anyhow::Result<()> {
    let events = EventLoop::new();
    let family = if address.is_ipv4() { Family::Ipv4 } else { Family::Ipv6 };
    let server = events.socket(family).context("no socket")?;

    server.on_error(|server, error| {
        server.close()?;
        Err(error)
    });
    let messages = RefCell::new(Messages::default());
    server.on_message(move |server, datagram, from| {
        if server.send_queue_count() >= MOST_QUEUED {
            return Ok(());
        }
        let Some(answer) = messages.borrow_mut().answer(datagram, from, Instant::now()) else {
            return Ok(());
        };
        // One that cannot be reached is no reason to stop answering others.
        server.send_with(answer, from, move |result| {
            if let Err(error) = result {
                eprintln!("coap-server: {from} not answered: {error}");
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
    eprintln!("coap-server: {problem}\n\n{USAGE}");
    ExitCode::from(2)
}
