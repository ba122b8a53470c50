//! Adds up StatsD metrics and writes them to stdout at an interval, with bursts: many datagrams a call.

mod aggregate;
mod metric;

use std::io::{self, ErrorKind, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use aggregate::Aggregate;
use anyhow::Context;
use datagrant_guest::UdpSocket;
use datagrant_guest::burst::Options;

const USAGE: &str = "\
Usage: statsd ADDRESS [SECONDS]

Adds up the metrics that StatsD clients send, and writes them to stdout every SECONDS, in the text form of
Graphite: a name, a value and a time on each line.

  ADDRESS  where to listen, such as 127.0.0.1:8125 or [::1]:8125
  SECONDS  from one flush to the next: 0.1 to 3600 [default: 10]";

/// As many as the host gives at once.
const BURST: usize = 64;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (address, seconds) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        [address] => (address, "10"),
        [address, seconds] => (address, seconds),
        [] => return usage("an address to listen on is missing"),
        [_, _, extra, ..] => return usage(&format!("two arguments at most: {extra:?} is too much")),
    };
    let Ok(address) = address.parse::<SocketAddr>() else {
        return usage(&format!("not an address and port: {address:?}"));
    };
    let interval = match seconds.parse::<f64>() {
        Ok(number) if (0.1..=3600.0).contains(&number) => Duration::from_secs_f64(number),
        _ => return usage(&format!("not a number of seconds from 0.1 to 3600: {seconds:?}")),
    };
    match serve(address, interval) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("statsd: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn serve(address: SocketAddr, interval: Duration) -> anyhow::Result<()> {
    let socket = UdpSocket::bind(address)?;
    // Datagrams of one sender come put together, where the host can do it: several for the price of one.
    socket.configure_bursts(Options::COALESCE)?;
    eprintln!("statsd: listening on {}", socket.local_addr()?);

    let mut aggregate = Aggregate::default();
    let mut flushed = Instant::now();
    loop {
        // The clock is looked at after each burst, so that no flood puts a flush off.
        let left = interval.saturating_sub(flushed.elapsed());
        if left.is_zero() {
            write(&aggregate.flush(flushed.elapsed(), now())).context("nobody reads what is flushed")?;
            flushed = Instant::now();
            continue;
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv_burst(BURST) {
            Ok(burst) => burst.datagrams().for_each(|datagram| aggregate.add(datagram.data)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// Visible at once also where stdout is a pipe.
fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("statsd: {problem}\n\n{USAGE}");
    ExitCode::from(2)
}
