//! The runner's side of its processes. None of them outlives it: each ends with its stdin, with its `Worker`, and on
//! Ctrl-C.

use crate::sys;
use anyhow::{Context, Result, anyhow, bail};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Of those that run: for Ctrl-C.
static PIDS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// A child that is killed when it is dropped.
pub struct Guarded(Child);

impl Guarded {
    /// Starts it, on one processor if one is given.
    pub fn spawn(command: &mut Command, processor: Option<usize>) -> Result<Guarded> {
        let mut pids = PIDS.lock().unwrap_or_else(PoisonError::into_inner);
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command.spawn().with_context(|| format!("cannot start {program}"))?;
        pids.push(child.id());
        if let Some(processor) = processor {
            // Only for steadier figures: where it is forbidden, it is left.
            let _ = sys::pin(child.id(), processor);
        }
        Ok(Guarded(child))
    }

    pub fn pid(&self) -> u32 {
        self.0.id()
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // In this order, and under the lock: a pid that was waited for may be another's.
        let mut pids = PIDS.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = self.0.kill();
        let _ = self.0.wait();
        pids.retain(|&pid| pid != self.0.id());
    }
}

/// From now on Ctrl-C and SIGTERM end all children, and then this process.
pub fn end_children_on_signals() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut interrupt, mut terminate) = {
        let _inside = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    thread::spawn(move || {
        let status = runtime.block_on(async {
            tokio::select! {
                _ = interrupt.recv() => 130,
                _ = terminate.recv() => 143,
            }
        });
        let pids = PIDS.lock().unwrap_or_else(PoisonError::into_inner);
        for &pid in pids.iter() {
            sys::kill(pid);
        }
        std::process::exit(status);
    });
    Ok(())
}

/// A process that is told lines and answers lines.
pub struct Worker {
    name: String,
    child: Guarded,
    stdin: ChildStdin,
    answers: Receiver<String>,
}

impl Worker {
    pub fn start(name: &str, command: &mut Command, processor: Option<usize>) -> Result<Worker> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = Guarded::spawn(command, processor)?;
        let stdin = child.child().stdin.take().context("stdin is piped")?;
        let stdout = child.child().stdout.take().context("stdout is piped")?;
        let (give, answers) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines() {
                let Ok(line) = line else { break };
                if give.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Worker {
            name: name.to_owned(),
            child,
            stdin,
            answers,
        })
    }

    /// Moves it to a processor; only for steadier figures: where it is forbidden, it is left.
    pub fn pin(&self, processor: Option<usize>) {
        if let Some(processor) = processor {
            let _ = sys::pin(self.child.pid(), processor);
        }
    }

    pub fn tell(&mut self, line: &str) -> Result<()> {
        writeln!(self.stdin, "{line}").map_err(|_| self.ended())
    }

    /// The next line.
    pub fn line(&mut self, limit: Duration) -> Result<String> {
        match self.answers.recv_timeout(limit) {
            Ok(line) => Ok(line),
            Err(mpsc::RecvTimeoutError::Timeout) => bail!("{} does not answer within {limit:?}", self.name),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(self.ended()),
        }
    }

    /// The rest of the next line, which begins with `word`.
    pub fn answer(&mut self, word: &str, limit: Duration) -> Result<String> {
        let line = self.line(limit)?;
        let (first, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match first {
            "missing" => Err(anyhow::Error::new(crate::subject::Missing(rest.to_owned()))),
            _ if first == word => Ok(rest.to_owned()),
            "failed" => bail!("{}: {rest}", self.name),
            _ => bail!("{} answers {line:?} in place of {word:?}", self.name),
        }
    }

    fn ended(&mut self) -> anyhow::Error {
        match self.child.child().wait() {
            Ok(status) => anyhow!("{} has ended: {status}", self.name),
            Err(error) => anyhow!("{} has ended: {error}", self.name),
        }
    }
}
