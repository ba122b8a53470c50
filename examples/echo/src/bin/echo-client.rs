//! Sends a text to an echo server and prints what comes back, with a blocking socket.

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use datagrant_guest::UdpSocket;

const USAGE: &str = "\
Usage: echo-client ADDRESS [TEXT]

Sends TEXT to the echo server at ADDRESS and prints what comes back.

  ADDRESS  the server, such as 127.0.0.1:41234 or [::1]:41234
  TEXT     what to send [default: hello]";

/// UDP may lose a datagram, or its answer.
const TRIES: u32 = 3;
const TIMEOUT: Duration = Duration::from_secs(2);
/// The longest datagram that UDP can carry, and one byte to see that it was not longer.
const LONGEST: usize = 65_535 + 1;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (address, text) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        [address] => (address, "hello"),
        [address, text] => (address, text),
        [] => return usage("the address of a server is missing"),
        [_, _, extra, ..] => return usage(&format!("two arguments at most: {extra:?} is too much")),
    };
    let Ok(server) = address.parse::<SocketAddr>() else {
        return usage(&format!("not an address and port: {address:?}"));
    };
    match echo(server, text) {
        Ok(answer) => {
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("echo-client: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn echo(server: SocketAddr, text: &str) -> anyhow::Result<String> {
    // Hears the server only, on a port of the host's choice: a grant to send there is enough.
    let socket = UdpSocket::connected(server)?;
    for attempt in 1..=TRIES {
        match try_once(&socket, text) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let seconds = TIMEOUT.as_secs();
                eprintln!("echo-client: no answer from {server} in {seconds} s (try {attempt} of {TRIES})");
            }
            Err(error) => return Err(error).with_context(|| format!("no echo from {server}")),
            Ok(answer) if answer == text.as_bytes() => return Ok(text.to_string()),
            Ok(answer) => bail!(
                "{server} did not send back what it was sent, but {} bytes: {:?}",
                answer.len(),
                String::from_utf8_lossy(&answer)
            ),
        }
    }
    bail!("no answer from {server} to {TRIES} datagrams")
}

fn try_once(socket: &UdpSocket, text: &str) -> io::Result<Vec<u8>> {
    socket.send(text.as_bytes())?;
    socket.set_read_timeout(Some(TIMEOUT))?;
    let mut buffer = vec![0; LONGEST];
    let length = socket.recv(&mut buffer)?;
    buffer.truncate(length);
    Ok(buffer)
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("echo-client: {problem}\n\n{USAGE}");
    ExitCode::from(2)
}
