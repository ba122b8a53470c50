//! Ends a run where its recording cannot be followed, and says how both compare.

use super::Replay;
use crate::status::Status;
use anyhow::Result;
use datagrant::{Over, Tape};
use std::future::Future;
use std::sync::{Arc, OnceLock};
use tokio::sync::Notify;
use wasmtime::Engine;

/// Who is told that a recording cannot be followed any further.
#[derive(Clone)]
pub struct Watch {
    engine: Engine,
    over: Arc<OnceLock<Over>>,
    told: Arc<Notify>,
}

/// How a replay ended.
pub enum Outcome {
    /// The guest has ended by itself.
    Ended(Status),
    Over(Over),
}

impl Watch {
    pub fn new(engine: &Engine) -> Watch {
        Watch {
            engine: engine.clone(),
            over: Arc::default(),
            told: Arc::default(),
        }
    }

    /// Has the guest yield before it can do anything else: whoever awaits it drops it then.
    pub fn over(&self, over: &Over) {
        let _ = self.over.set(over.clone()); // it is told once
        self.told.notify_one();
        self.engine.increment_epoch();
    }

    /// Runs the guest until it ends, or the recording cannot be followed.
    pub async fn run(&self, guest: impl Future<Output = Result<Status>>) -> Result<Outcome> {
        tokio::select! {
            biased;
            () = self.told.notified() => {}
            ended = guest => if self.over.get().is_none() {
                return ended.map(Outcome::Ended);
            },
        }
        let over = self.over.get().cloned();
        Ok(Outcome::Over(
            over.unwrap_or(Over::Broken("the recording is over".to_owned())),
        ))
    }
}

impl Replay {
    /// Says what differs, and with what status the program ends: the guest's, where nothing does.
    pub fn compare(&self, outcome: Outcome, tape: &Tape) -> Status {
        let differs = match (outcome, self.end) {
            // As then: it was told to end while it was about to ask that.
            (Outcome::Over(Over::End { .. }), Some(Status::Signalled(_)) | None) => {
                tell!("datagrant: replay: the recording ends here, where the program was told to end; nothing differs");
                return Status::Exited(0);
            }
            (Outcome::Over(over), _) => over.to_string(),
            (Outcome::Ended(status), then) => match (tape.left(), then) {
                (Some(over), _) => over.to_string(),
                (None, Some(then @ (Status::Exited(_) | Status::Trapped))) if then != status => {
                    format!(
                        "the recorded run ended with status {}, and this one with {}",
                        then.code(),
                        status.code()
                    )
                }
                (None, _) => return status,
            },
        };
        tell!("datagrant: replay: {differs}");
        Status::FAILED
    }
}
