//! `datagrant serve`.

use super::Guest;
use clap::Args;
use std::num::NonZeroUsize;
use std::time::Duration;

const ENDS: &str = "\
Grants are as in `datagrant run`. A socket of --socket is shared by all workers, and so is a port
that they bind themselves, unless they say `exclusive`: the system gives each datagram to one of
them, and all of a peer's to the same one. Only processes of the same user can join such a port:
run what serves as a user of its own.

A worker that traps is started again, after 100 ms, and twice as long with each restart of the
last minute, up to 5 s; the others go on. What was in the queues of the sockets of --socket is
still there; what the instance had taken is gone with it.

SIGTERM or Ctrl-C asks the service to stop, once, and waits for what it has begun; a second
signal ends it at once. SIGUSR1 tells how many datagrams each worker has received and sent.
SIGHUP reads the file of --grants again, for all workers: see `datagrant run --help`.

Exit status: 0 when all workers are done, after a signal too; 1 when a worker said that it
failed, or the service cannot be run; the guest's own where it exits; 2 for a flag that is not
understood; 134 when a worker trapped too often, or while it stopped; 130 (Ctrl-C) or 143
(SIGTERM) when the time of --drain was over, or after a second signal. What a worker ends with,
other than 0, asks the others to stop.";

/// Serve: run a component that is called when there is something to do (it exports datagrant:dgram/handler).
#[derive(Debug, Args)]
#[command(after_help = ENDS)]
pub struct Serve {
    #[command(flatten)]
    pub guest: Guest,

    /// How many instances serve, each on a thread of its own.
    #[arg(long, value_name = "COUNT", default_value = "1", value_parser = workers, help_heading = "Serving")]
    pub workers: NonZeroUsize,

    /// How long the service may take to end, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds, help_heading = "Serving")]
    pub drain: Duration,

    /// How often a worker that traps is started again, in a minute; 0: never.
    #[arg(long, value_name = "COUNT", default_value_t = 10, help_heading = "Serving")]
    pub max_restarts: usize,

    /// At the end, tell how many datagrams each worker has received and sent.
    #[arg(long, help_heading = "Serving")]
    pub stats: bool,
}

/// More would be a mistake: each is a thread, with the component's memory.
const MAX_WORKERS: usize = 1024;

fn workers(text: &str) -> Result<NonZeroUsize, String> {
    let count = text
        .parse()
        .ok()
        .filter(|count: &NonZeroUsize| count.get() <= MAX_WORKERS);
    count.ok_or_else(|| format!("write a number from 1 to {MAX_WORKERS}"))
}

/// As long as anybody would wait: a day.
const MAX_DRAIN: f64 = 86_400.0;

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.0..=MAX_DRAIN).contains(seconds));
    let seconds = seconds.ok_or_else(|| format!("write a number of seconds, 0 to {MAX_DRAIN}, such as 10 or 0.5"))?;
    Ok(Duration::from_secs_f64(seconds))
}
