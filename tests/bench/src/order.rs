//! What the runner tells its processes, a line each, on their stdin: see [`Order`]. Their stdin's end is their own.

use crate::cell::{Family, Work};
use anyhow::{Context, Result, anyhow, bail};
use std::io::BufRead;
use std::net::SocketAddr;
use std::sync::mpsc::{self, Receiver};
use std::thread;

/// Lines as they come. When whoever gives them is gone, so is this process, whatever it does.
pub fn lines() -> Receiver<String> {
    let (give, take) = mpsc::channel();
    thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if give.send(line).is_err() {
                break;
            }
        }
        std::process::exit(0);
    });
    take
}

/// One measurement, as a subject is told: `WORK FAMILY BYTES COUNT [TO]`.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    pub work: Work,
    pub family: Family,
    pub bytes: usize,
    pub count: u64,
    /// Where `send` sends.
    pub to: Option<SocketAddr>,
}

impl Order {
    pub fn parse(line: &str) -> Result<Order> {
        let words: Vec<&str> = line.split(' ').collect();
        let [work, family, bytes, count, to @ ..] = words.as_slice() else {
            bail!("not an order: {line}");
        };
        Ok(Order {
            work: Work::named(work).ok_or_else(|| anyhow!("no such work: {line}"))?,
            family: Family::named(family).ok_or_else(|| anyhow!("no such family: {line}"))?,
            bytes: bytes.parse().context("bytes")?,
            count: count.parse().context("count")?,
            to: to.first().map(|to| to.parse()).transpose().context("to")?,
        })
    }

    pub fn line(&self) -> String {
        let to = self.to.map(|to| format!(" {to}")).unwrap_or_default();
        format!(
            "{} {} {} {}{to}",
            self.work.name(),
            self.family.name(),
            self.bytes,
            self.count
        )
    }

    pub fn destination(&self) -> Result<SocketAddr> {
        self.to.context("a send has a destination")
    }
}
