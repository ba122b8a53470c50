//! `datagrant serve`, from outside: workers that answer, trap, stop and share ports.

#[path = "../common/mod.rs"]
mod common;

mod audit;
mod client;
mod echo;
mod ends;
mod flags;
mod limits;
mod metrics;
mod ports;
mod replaced;
mod signals;
mod traps;
mod workers;

use common::{Program, Started, unused};
use datagrant_tests::SERVICE;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// A service with a socket `dns`, which it takes, and where that is.
struct Service {
    program: Program,
    at: SocketAddr,
}

fn service() -> Service {
    let at = unused("127.0.0.1");
    Service {
        program: common::serve(SERVICE).arg("--socket").arg(format!("dns={at}")),
        at,
    }
}

impl Service {
    fn args<const N: usize>(mut self, args: [&str; N]) -> Service {
        self.program = self.program.args(args);
        self
    }

    /// Starts it, and waits until so many workers have taken the socket. `first` is what they are told before.
    #[track_caller]
    fn start<const N: usize>(self, workers: usize, first: [&str; N]) -> (Started, SocketAddr) {
        let count = workers.to_string();
        let program = self.program.args(["--workers", &count, "--"]).args(first);
        let started = program.arg("take dns").start();
        wait_for_lines(&started, &format!("take dns -> {}", self.at), workers);
        (started, self.at)
    }
}

/// Waits until so many lines of its stdout are this one.
#[track_caller]
fn wait_for_lines(started: &Started, line: &str, count: usize) {
    wait_for(started, |stdout, _| {
        stdout.lines().filter(|l| *l == line).count() >= count
    });
}

/// Waits until what it printed to stdout and to stderr is as it should be.
#[track_caller]
fn wait_for(started: &Started, is_there: impl Fn(&str, &str) -> bool) {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let (stdout, stderr) = started.printed();
        if is_there(&stdout, &stderr) {
            return;
        }
        assert!(Instant::now() < until, "{stdout}\n{stderr}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
