//! Asks an NTP server how far the clock of this machine is off, with a blocking socket. It sets no clock.

mod packet;
mod time;

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, bail};
use datagrant_guest::UdpSocket;
use packet::{Refusal, Reply, Request};
use time::{Sample, Timestamp};

const USAGE: &str = "\
Usage: ntp-client ADDRESS [SAMPLES]

Asks the NTP server at ADDRESS how far the clock of this machine is off, and prints each sample and the best one.

  ADDRESS  the server, such as 192.0.2.1:123 or [2001:db8::1]:123
  SAMPLES  how often to ask, two seconds apart: 1 to 8 [default: 4]";

/// A server takes it amiss if it is asked faster (RFC 8633, section 3.2 has minutes; this is the burst of NTP daemons).
const BETWEEN: Duration = Duration::from_secs(2);
const TIMEOUT: Duration = Duration::from_secs(3);
/// Longer than any answer without extensions, which nobody asks for here.
const BUFFER: usize = 512;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (address, samples) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        [address] => (address, "4"),
        [address, samples] => (address, samples),
        [] => return usage("the address of a server is missing"),
        [_, _, extra, ..] => return usage(&format!("two arguments at most: {extra:?} is too much")),
    };
    let Ok(server) = address.parse::<SocketAddr>() else {
        return usage(&format!("not an address and port: {address:?}"));
    };
    let samples = match samples.parse() {
        Ok(number @ 1..=8) => number,
        _ => return usage(&format!("not a number of samples from 1 to 8: {samples:?}")),
    };
    match ask(server, samples) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ntp-client: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn ask(server: SocketAddr, samples: u32) -> anyhow::Result<()> {
    // From a port of the host's choice, which others have to guess, and deaf to all but the server.
    let socket = UdpSocket::connected(server)?;
    let mut best: Option<Sample> = None;
    for number in 1..=samples {
        if number > 1 {
            thread::sleep(BETWEEN);
        }
        match sample(&socket) {
            Ok((sample, reply)) => {
                println!("sample {number}: {sample}, stratum {}", reply.stratum);
                best = best.filter(|best| best.delay <= sample.delay).or(Some(sample));
            }
            // The server has spoken: it is not asked again.
            Err(error) if error.is::<Refusal>() => return Err(error),
            Err(error) => eprintln!("ntp-client: sample {number}: {error:#}"),
        }
    }
    let Some(best) = best else {
        bail!("no answer from {server} that is of use");
    };
    // The one that was under way for the shortest time has the least error (RFC 5905, section 10).
    println!("{best}");
    Ok(())
}

fn sample(socket: &UdpSocket) -> anyhow::Result<(Sample, Reply)> {
    let request = Request::new(getrandom::u64().context("no random number")?);
    // The clock is read once: what passes until the answer is measured by one that nobody sets.
    let (sent_at, sent) = (Timestamp::from(SystemTime::now()), Instant::now());
    socket.send(&request.to_bytes())?;
    let mut buffer = [0; BUFFER];
    loop {
        let left = TIMEOUT.saturating_sub(sent.elapsed());
        let length = match receive(socket, left, &mut buffer) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => bail!("no answer in {} s", TIMEOUT.as_secs()),
            received => received?,
        };
        let received_at = sent_at + sent.elapsed();
        match request.read_reply(&buffer[..length]) {
            Ok(reply) => return Ok((Sample::new(sent_at, &reply, received_at), reply)),
            // Not from who was asked, or late: the answer may still come.
            Err(Refusal::NotAnAnswer(why)) => eprintln!("ntp-client: a datagram is left aside: {why}"),
            Err(refusal) => return Err(refusal.into()),
        }
    }
}

fn receive(socket: &UdpSocket, left: Duration, buffer: &mut [u8]) -> io::Result<usize> {
    if left.is_zero() {
        return Err(ErrorKind::WouldBlock.into());
    }
    socket.set_read_timeout(Some(left))?;
    socket.recv(buffer)
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("ntp-client: {problem}\n\n{USAGE}");
    ExitCode::from(2)
}
