//! Answers DNS queries for the zones of master files, on the event loop.

mod answer;
mod zone;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::{Context, bail};
use datagrant_guest::{EventLoop, Family};
use zone::{Zone, Zones};

const USAGE: &str = "\
Usage: dns-server ADDRESS ZONE-FILE...

Answers DNS queries over UDP for the zones of these files, and refuses all others.

  ADDRESS    where to listen, such as 127.0.0.1:53 or [::1]:53
  ZONE-FILE  a master file (RFC 1035, section 5) with one SOA record and its $ORIGIN";

/// Answers that wait for room in the kernel. What comes when as many wait is not answered: who asked asks again.
const MOST_QUEUED: usize = 1000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (address, files) = match &arguments[..] {
        [help] if help == "--help" || help == "-h" => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        [] => return usage("an address to listen on is missing"),
        [_] => return usage("a zone file is missing"),
        [address, files @ ..] => (address, files),
    };
    let Ok(address) = address.parse::<SocketAddr>() else {
        return usage(&format!("not an address and port: {address:?}"));
    };
    match load(files).and_then(|zones| serve(address, zones)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dns-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn load(files: &[String]) -> anyhow::Result<Zones> {
    let mut zones = Zones::default();
    for file in files {
        let text = std::fs::read_to_string(file).with_context(|| format!("{file} cannot be read"))?;
        let zone = Zone::parse(text).with_context(|| format!("{file} is no zone"))?;
        let apex = zone.apex().to_string();
        if !zones.add(zone) {
            bail!("{file}: there is a file for {apex} already");
        }
        say(&format!("zone {apex} of {file}"))?;
    }
    Ok(zones)
}

fn serve(address: SocketAddr, zones: Zones) -> anyhow::Result<()> {
    let events = EventLoop::new();
    let family = if address.is_ipv4() { Family::Ipv4 } else { Family::Ipv6 };
    let server = events.socket(family).context("no socket")?;

    server.on_error(|server, error| {
        server.close()?;
        Err(error)
    });
    server.on_message(move |server, query, from| {
        if server.send_queue_count() >= MOST_QUEUED {
            return Ok(());
        }
        let Some(answer) = answer::answer(&zones, query) else {
            return Ok(());
        };
        // One that cannot be reached is no reason to stop answering others.
        server.send_with(answer, from, move |result| {
            if let Err(error) = result {
                eprintln!("dns-server: {from} not answered: {error}");
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
    eprintln!("dns-server: {problem}\n\n{USAGE}");
    ExitCode::from(2)
}
