//! A recording, run again.

use super::{Answer, FACT};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What was written down: a question, its answer, and the payloads of the datagrams that belong to it, one behind the other.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// As [`Recorder::step`](super::Recorder::step) was told it.
    Asked {
        /// The question.
        question: String,
        /// Its answer.
        answer: String,
        /// The payloads.
        data: Vec<u8>,
    },
    /// The recording cannot be followed any further, for this reason.
    Broken(String),
}

/// Why a replay is over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Over {
    /// The recording is at its end, and this is asked.
    End {
        /// The question.
        asked: String,
    },
    /// Another question than was recorded.
    Difference {
        /// Which step, counted from 1, those of [`Step`] that are facts left out.
        step: u64,
        /// What was recorded.
        recorded: String,
        /// What is asked now, or how what was sent differs; or that the guest has ended.
        asked: String,
    },
    /// The recording cannot be followed.
    Broken(String),
}

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Over::End { asked } => write!(f, "the recording ends before: {asked}"),
            Over::Difference { step, recorded, asked } => {
                write!(f, "at step {step} the recording has: {recorded}; and now: {asked}")
            }
            Over::Broken(why) => f.write_str(why),
        }
    }
}

/// The steps that are still to come, and whom to tell.
pub(super) struct Replay {
    state: Mutex<State>,
    over: Box<dyn Fn(&Over) + Send + Sync>,
}

struct State {
    steps: Box<dyn Iterator<Item = Step> + Send>,
    next: Option<Step>,
    count: u64,
    facts: HashMap<String, String>,
    over: bool,
}

impl Replay {
    pub(super) fn new(steps: Box<dyn Iterator<Item = Step> + Send>, over: Box<dyn Fn(&Over) + Send + Sync>) -> Replay {
        Replay {
            state: Mutex::new(State {
                steps,
                next: None,
                count: 0,
                facts: HashMap::new(),
                over: false,
            }),
            over,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.lock().over
    }

    pub(super) fn ask<T: Answer>(&self, question: &str, sent: &[&[u8]]) -> T {
        self.step(question, sent).0
    }

    /// The answer that was recorded, and the bytes that came with it. `sent` is compared with what was sent then.
    pub(super) fn step<T: Answer>(&self, question: &str, sent: &[&[u8]]) -> (T, Vec<u8>) {
        match self.try_step(question, sent) {
            Ok(answer) => answer,
            Err(over) => {
                if let Some(over) = over {
                    (self.over)(&over);
                }
                (T::none(), vec![])
            }
        }
    }

    /// None: it was told already.
    fn try_step<T: Answer>(&self, question: &str, sent: &[&[u8]]) -> Result<(T, Vec<u8>), Option<Over>> {
        let mut state = self.lock();
        if state.over {
            return Err(None);
        }
        state.over = true;
        let (recorded, answer, data) = match state.take() {
            Some(Step::Asked { question, answer, data }) => (question, answer, data),
            Some(Step::Broken(why)) => return Err(Some(Over::Broken(why))),
            None => {
                let asked = question.to_owned();
                return Err(Some(Over::End { asked }));
            }
        };
        state.count += 1;
        let step = state.count;
        if recorded != question {
            let asked = question.to_owned();
            return Err(Some(Over::Difference { step, recorded, asked }));
        }
        if let Some(asked) = difference(&data, sent) {
            return Err(Some(Over::Difference { step, recorded, asked }));
        }
        let answer = T::from_text(&answer)
            .ok_or_else(|| Over::Broken(format!("at step {step} the answer is none to {question}: {answer:?}")))?;
        state.over = false;
        Ok((answer, data))
    }

    /// What was told last; nothing is compared.
    pub(super) fn fact<T: Answer>(&self, question: &str) -> T {
        let mut state = self.lock();
        state.peek();
        let answer = state.facts.get(question).and_then(|answer| T::from_text(answer));
        answer.unwrap_or_else(T::none)
    }

    /// What is left.
    pub(super) fn left(&self) -> Option<Over> {
        let mut state = self.lock();
        if state.over {
            return None;
        }
        state.peek();
        let step = state.count + 1;
        Some(match state.next.take()? {
            Step::Asked { question, .. } => Over::Difference {
                step,
                recorded: question,
                asked: "the guest has ended".to_owned(),
            },
            Step::Broken(why) => Over::Broken(why),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The facts before the next step are known from now on.
    fn peek(&mut self) {
        while self.next.is_none() {
            match self.steps.next() {
                Some(Step::Asked { question, answer, .. }) if question.starts_with(FACT) => {
                    self.facts.insert(question, answer);
                }
                Some(step) => self.next = Some(step),
                None => return,
            }
        }
    }

    fn take(&mut self) -> Option<Step> {
        self.peek();
        self.next.take()
    }
}

/// How what is sent differs from what was, as far as that went. Data that came with an answer, to which nothing was sent, does
/// not.
fn difference(recorded: &[u8], sent: &[&[u8]]) -> Option<String> {
    if sent.is_empty() {
        return None;
    }
    let mut now = sent.iter().flat_map(|data| data.iter());
    let at = recorded.iter().position(|byte| now.next() != Some(byte))?;
    let mut rest = sent.iter().flat_map(|data| data.iter()).skip(at);
    Some(match rest.next() {
        Some(byte) => format!(
            "other bytes are sent: byte {at} is {byte:#04x}, and was {:#04x}",
            recorded[at]
        ),
        None => format!("other bytes are sent: {at} of them, instead of {}", recorded.len()),
    })
}
