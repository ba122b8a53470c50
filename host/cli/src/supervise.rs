//! Ctrl-C, SIGTERM and SIGHUP.

use crate::status::Status;
use anyhow::{Context, Result};
use std::future::Future;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// How long a guest that is told to end may take to let go. One that is in a long system call does not; then the
/// process's own end closes its sockets.
pub const GRACE: Duration = Duration::from_millis(500);

/// What becomes of a guest when a signal comes.
pub struct Supervised<I, H> {
    /// Makes a guest that computes wait.
    pub interrupt: I,
    /// For SIGHUP; none: it ends the program, as ever.
    pub hang_up: Option<H>,
}

/// SIGHUP, where it means something.
pub struct HangUp(Option<Signal>);

impl HangUp {
    pub fn listen(wanted: bool) -> Result<HangUp> {
        let listen = || signal(SignalKind::hangup()).context("cannot listen for SIGHUP");
        Ok(HangUp(wanted.then(listen).transpose()?))
    }

    pub async fn recv(&mut self) {
        match &mut self.0 {
            Some(signal) => drop(signal.recv().await),
            None => std::future::pending().await,
        }
    }
}

/// Runs `guest` on a thread of its own, so that signals are heard whatever it does, until it ends or is told to. In the
/// latter case the future is dropped where it waits, which closes the guest's sockets.
pub fn until_signalled(
    guest: impl Future<Output = Result<Status>> + Send + 'static,
    Supervised { interrupt, hang_up }: Supervised<impl Fn(), impl Fn()>,
) -> Result<Status> {
    runtime()?.block_on(async {
        let mut ctrl_c = signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?;
        let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
        let mut hung_up = HangUp::listen(hang_up.is_some())?;
        let (stop, stopped) = oneshot::channel::<()>();
        let (end, mut ended) = oneshot::channel();
        std::thread::Builder::new().name("guest".to_owned()).spawn(move || {
            // Whoever waited for the answer is gone only when the process ends.
            let _ = end.send(run_until(guest, stopped));
        })?;
        let signal = loop {
            tokio::select! {
                result = &mut ended => return result.context("the guest's thread ended without an answer")?,
                _ = ctrl_c.recv() => break SignalKind::interrupt(),
                _ = terminate.recv() => break SignalKind::terminate(),
                () = hung_up.recv() => hang_up.iter().for_each(|told| told()),
            }
        };
        drop(stop);
        interrupt();
        let _ = timeout(GRACE, ended).await;
        Ok(Status::Signalled(signal.as_raw_value() as u8))
    })
}

/// The guest's result, or that nobody wants it any more.
fn run_until(guest: impl Future<Output = Result<Status>>, stopped: oneshot::Receiver<()>) -> Result<Status> {
    runtime()?.block_on(async {
        tokio::select! {
            result = guest => result,
            _ = stopped => Ok(Status::FAILED),
        }
    })
}

pub fn runtime() -> Result<Runtime> {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start a tokio runtime")
}
