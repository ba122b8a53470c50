//! A run, recorded; and a recording, run again. It knows neither sockets nor wasmtime.
//!
//! What a guest does follows from what it is told. So a recording is the list of what the instance asked the system, in
//! order, each question with its answer and the datagrams that went with it; and a replay gives the same answers, as long as
//! the same questions are asked. The state machine of a socket, the grants and the limits are in between, and work as ever.
//!
//! - [`Tape`]: what an instance asks by
//! - [`Recorder`]: who writes it down; [`Step`]: what was written, read again
//! - `Answer`: what can be asked for

mod answer;
mod replay;
#[cfg(test)]
mod tests;

pub(crate) use answer::Answer;
pub use replay::{Over, Step};

use replay::Replay;
use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A datagram that a guest sent or received.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Datagram<'a> {
    /// The number of the guest's socket.
    pub socket: u32,
    /// Whether the guest sent it.
    pub sent: bool,
    /// The guest's end. Its address is unspecified where the system does not tell it.
    pub local: SocketAddr,
    /// The other end.
    pub remote: SocketAddr,
    /// The payload. Of what was segmented or coalesced, each datagram is told by itself.
    pub data: &'a [u8],
    /// The congestion bits, 0 to 3 (RFC 3168).
    pub ecn: u8,
    /// The guest took only the beginning of it.
    pub truncated: bool,
}

/// Who writes down what happens. Called in order, while a socket is locked: it must not wait, nor use the instance's sockets.
pub trait Recorder: Send + Sync {
    /// A datagram that was sent, or that the guest has received. Those that it never got to see are not told.
    fn datagram(&self, datagram: &Datagram<'_>);

    /// A question and its answer, to which the last `datagrams` datagrams belong. Both are of one line and without tabs.
    fn step(&self, question: &str, answer: &str, datagrams: usize);

    /// What no replay asks for: a socket is closed, the kernel refused something, grants were taken back.
    fn note(&self, note: &str);
}

/// What an instance asks the system by, for embedders that record it or run a recording again:
/// [`DgramCtxBuilder::tape`](crate::DgramCtxBuilder::tape). Clones are the same.
///
/// A recording of one instance is whole where all that its guest is told is on the tape, or is the same again. The context
/// sees to its sockets, names and waits. The embedder sees to the rest: the clocks, by [`number`](Self::number); random
/// numbers, by a seed that it keeps; `wasi:io/poll`, by [`add_recorded_poll_to_linker`](crate::add_recorded_poll_to_linker).
#[derive(Clone)]
pub struct Tape(Arc<Inner>);

struct Inner {
    start: Instant,
    mode: Mode,
    /// Where datagrams to an address come from: asked of the system once.
    sources: Mutex<HashMap<IpAddr, IpAddr>>,
}

enum Mode {
    Record(Box<dyn Recorder>),
    Replay(Replay),
}

impl fmt::Debug for Tape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.mode {
            Mode::Record(_) => "Tape(recording)",
            Mode::Replay(_) => "Tape(replaying)",
        })
    }
}

impl Tape {
    /// How many sources are remembered.
    const SOURCES: usize = 256;

    /// Writes down one instance.
    pub fn record(recorder: impl Recorder + 'static) -> Tape {
        Tape::new(Mode::Record(Box::new(recorder)))
    }

    /// Runs `steps` again: no system call of the network is made. `over` is told once, when the steps are at their end or a
    /// question is another one; from then on nothing that is asked is answered, and the embedder ends the guest.
    pub fn replay(
        steps: impl Iterator<Item = Step> + Send + 'static,
        over: impl Fn(&Over) + Send + Sync + 'static,
    ) -> Tape {
        Tape::new(Mode::Replay(Replay::new(Box::new(steps), Box::new(over))))
    }

    fn new(mode: Mode) -> Tape {
        Tape(Arc::new(Inner {
            start: Instant::now(),
            mode,
            sources: Mutex::default(),
        }))
    }

    /// A number that is another one each time, such as what a clock tells: what `system` says is written down, or what it
    /// said then is told again. `question` is one line, without tabs.
    pub fn number(&self, question: &str, system: impl FnOnce() -> u64) -> u64 {
        self.ask(|| question.to_owned(), system)
    }

    /// What the recording has left, when the guest has ended by itself: none is as it should be.
    pub fn left(&self) -> Option<Over> {
        match &self.0.mode {
            Mode::Record(_) => None,
            Mode::Replay(replay) => replay.left(),
        }
    }

    pub(crate) fn is_replay(&self) -> bool {
        matches!(self.0.mode, Mode::Replay(_))
    }

    /// A question that brings no datagrams.
    pub(crate) fn ask<T: Answer>(&self, question: impl FnOnce() -> String, system: impl FnOnce() -> T) -> T {
        match &self.0.mode {
            Mode::Record(recorder) => {
                let answer = system();
                recorder.step(&question(), &answer.to_text(), 0);
                answer
            }
            Mode::Replay(replay) => replay.ask(&question(), &[]),
        }
    }

    /// The same, where the answer takes time.
    pub(crate) async fn ask_later<T: Answer>(
        &self,
        question: impl FnOnce() -> String,
        system: impl Future<Output = T>,
    ) -> T {
        if !self.is_replay() {
            let answer = system.await;
            return self.ask(question, || answer);
        }
        let answer = self.ask(question, T::none);
        if self.is_over() {
            // Nobody is to be told anything any more.
            std::future::pending::<()>().await;
        }
        answer
    }

    /// What is asked when the host needs it, and not because of the guest: in replay the order does not matter.
    pub(crate) fn fact<T: Answer>(&self, question: impl FnOnce() -> String, system: impl FnOnce() -> T) -> T {
        let question = format!("{FACT}{}", question());
        match &self.0.mode {
            Mode::Record(recorder) => {
                let answer = system();
                recorder.step(&question, &answer.to_text(), 0);
                answer
            }
            Mode::Replay(replay) => replay.fact(&question),
        }
    }

    /// What no replay asks for.
    pub(crate) fn note(&self, note: impl FnOnce() -> String) {
        if let Mode::Record(recorder) = &self.0.mode {
            recorder.note(&note());
        }
    }

    /// The time by which the core judges and counts.
    pub(crate) fn now(&self) -> Instant {
        let elapsed = self.number("now", || self.0.start.elapsed().as_nanos() as u64);
        self.0.start + Duration::from_nanos(elapsed)
    }

    /// Who writes down.
    pub(crate) fn recorder(&self) -> Option<&dyn Recorder> {
        match &self.0.mode {
            Mode::Record(recorder) => Some(&**recorder),
            Mode::Replay(_) => None,
        }
    }

    /// In replay: the answer to a question with which `sent` went, and the bytes that came with it.
    pub(crate) fn again<T: Answer>(&self, question: &str, sent: &[&[u8]]) -> (T, Vec<u8>) {
        match &self.0.mode {
            Mode::Record(_) => (T::none(), vec![]),
            Mode::Replay(replay) => replay.step(question, sent),
        }
    }

    /// Where a datagram to `remote` comes from, as `find` tells.
    pub(crate) fn source_of(&self, remote: IpAddr, find: impl FnOnce() -> Option<IpAddr>) -> Option<IpAddr> {
        let mut known = self.0.sources.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(source) = known.get(&remote) {
            return Some(*source);
        }
        let source = find()?;
        if known.len() >= Self::SOURCES {
            known.clear();
        }
        known.insert(remote, source);
        Some(source)
    }

    fn is_over(&self) -> bool {
        matches!(&self.0.mode, Mode::Replay(replay) if replay.is_over())
    }
}

/// What facts begin with.
const FACT: &str = "? ";
