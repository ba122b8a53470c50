//! A program while it runs.

use crate::native::{self, Refusals};
use crate::outcome::{Outcome, Status};
use crate::run::{LIMIT, text_of};
use cap_std::ambient_authority;
use datagrant::grants::Grants;
use datagrant::{GrantsHandle, Quota};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;

/// A program that runs while the test does something else. It ends at its time limit even if nobody waits for it.
#[derive(Debug)]
pub struct Running {
    pub(crate) stop: oneshot::Sender<()>,
    pub(crate) thread: JoinHandle<(Status, Duration)>,
    pub(crate) stdout: MemoryOutputPipe,
    pub(crate) stderr: MemoryOutputPipe,
    pub(crate) refusals: Refusals,
    pub(crate) handle: Arc<OnceLock<GrantsHandle>>,
    pub(crate) quota: Quota,
}

impl Running {
    /// Replaces its grants. It must have printed something before, so that it is known to run.
    ///
    /// # Panics
    /// If it has not begun.
    pub fn replace_grants(&self, grants: &Grants) {
        self.handle().replace(grants.clone(), ambient_authority());
    }

    /// Judges it anew, by the grants that it has.
    ///
    /// # Panics
    /// If it has not begun.
    pub fn review_grants(&self) {
        self.handle().review();
    }

    fn handle(&self) -> &GrantsHandle {
        self.handle.get().expect("a guest that has printed something")
    }

    /// Waits until it has printed a line that contains `text`, and gives that line.
    ///
    /// # Panics
    /// If it ends before, or a minute goes by.
    #[track_caller]
    pub fn wait_for_line(&self, text: &str) -> String {
        let until = Instant::now() + LIMIT;
        loop {
            let ended = self.thread.is_finished() || Instant::now() > until;
            let printed = text_of(&self.stdout);
            let mut lines = printed.split_inclusive('\n').filter_map(|l| l.strip_suffix('\n'));
            if let Some(line) = lines.find(|l| l.contains(text)) {
                return line.to_owned();
            }
            assert!(
                !ended,
                "no line with {text:?}\n--- stdout\n{printed}--- stderr\n{}---",
                text_of(&self.stderr)
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether it has not ended yet.
    #[must_use]
    pub fn is_running(&self) -> bool {
        !self.thread.is_finished()
    }

    /// Ends it.
    #[must_use]
    pub fn stop(self) -> Outcome {
        let (stop, running) = self.split();
        let _ = stop.send(()); // it may have ended
        running()
    }

    /// Waits for its end.
    #[must_use]
    pub fn wait(self) -> Outcome {
        let (_stop, running) = self.split();
        running()
    }

    fn split(self) -> (oneshot::Sender<()>, impl FnOnce() -> Outcome) {
        let Self {
            stop,
            thread,
            stdout,
            stderr,
            refusals,
            handle: _,
            quota,
        } = self;
        let running = move || {
            let panicked = |_| (Status::Failed("the host panicked".to_owned()), Duration::ZERO);
            let (status, processor) = thread.join().unwrap_or_else(panicked);
            Outcome {
                status,
                stdout: text_of(&stdout),
                stderr: text_of(&stderr),
                processor,
                refusals: refusals.lines(),
                exceeded: native::exceeded(&quota),
            }
        };
        (stop, running)
    }
}
