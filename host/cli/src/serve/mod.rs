//! `datagrant serve`: workers, and what they are told.

mod restarts;
mod worker;

use crate::audit::Audit;
use crate::component::Kind;
use crate::guest::Guest;
use crate::record::Recording;
use crate::report::{self, Reporter};
use crate::status::Status;
use crate::supervise::{GRACE, HangUp, runtime};
use crate::{metrics, options, sockets};
use anyhow::{Context, Result, anyhow};
use datagrant::{Traffic, Workers};
use restarts::Restarts;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use worker::{End, Order, Worker};

/// Serves until all workers have ended, or until the program is told to.
pub fn serve(options: options::Serve) -> Result<Status> {
    let options::Serve {
        guest,
        workers,
        drain,
        max_restarts,
        stats,
    } = options;
    // Before what is counted.
    metrics::serve(guest.metrics)?;
    let reporter = Reporter::default();
    let (wanted, audit, record) = (guest.sockets.clone(), guest.audit.clone(), guest.record.clone());
    let guest = Arc::new(Guest::load(guest, Kind::Service, reporter.clone())?);
    let mut sockets = sockets::bind(&wanted, workers)?;
    let audit = Audit::open(audit.as_deref(), guest.path(), workers)?;
    let recording = Recording::open(record.as_deref(), &guest, Some("it is a service's"))?;
    let quota = guest.quota.clone();
    let status = runtime()?.block_on(async {
        let (give, order) = watch::channel(Order::Serve);
        let mut service = Running {
            signals: Signals::listen(&guest)?,
            guest: guest.clone(),
            ends: JoinSet::new(),
            traffic: vec![],
            give,
            drain,
            status: None,
        };
        let group = (workers > NonZeroUsize::MIN).then(Workers::new);
        for number in 1..=workers.get() {
            service.start(Worker {
                number,
                guest: guest.clone(),
                sockets: sockets::next_member(&mut sockets),
                workers: group.clone(),
                traffic: Arc::new(Traffic::labelled(&[("worker", number.to_string())])),
                tap: audit.tap(number),
                tape: recording.tape(Some(number)),
                restarts: Restarts::new(max_restarts),
                order: order.clone(),
            })?;
        }
        service.until_ended().await;
        if stats {
            service.tell_traffic();
        }
        Ok(service.status.unwrap_or(Status::Exited(0)))
    });
    reporter.finish();
    audit.finish();
    recording.finish(status.as_ref().ok().copied());
    report::limits(&quota);
    status
}

struct Signals {
    interrupt: Signal,
    terminate: Signal,
    tell: Signal,
    hang_up: HangUp,
}

impl Signals {
    fn listen(guest: &Guest) -> Result<Signals> {
        let listen = |kind, name| signal(kind).with_context(|| format!("cannot listen for {name}"));
        Ok(Signals {
            interrupt: listen(SignalKind::interrupt(), "Ctrl-C")?,
            terminate: listen(SignalKind::terminate(), "SIGTERM")?,
            tell: listen(SignalKind::user_defined1(), "SIGUSR1")?,
            hang_up: HangUp::listen(guest.has_grants_file())?,
        })
    }
}

/// The workers that have been started.
struct Running {
    signals: Signals,
    guest: Arc<Guest>,
    /// The number of each, and how it ended.
    ends: JoinSet<(usize, Result<End>)>,
    /// What each has received and sent.
    traffic: Vec<Arc<Traffic>>,
    give: watch::Sender<Order>,
    drain: Duration,
    /// What the first that was no success makes of the whole.
    status: Option<Status>,
}

impl Running {
    /// On a thread of its own: a guest that computes keeps nobody else from serving.
    fn start(&mut self, worker: Worker) -> Result<()> {
        self.traffic.push(worker.traffic.clone());
        let number = worker.number;
        let (end, ended) = oneshot::channel();
        thread::Builder::new().name(format!("worker {number}")).spawn(move || {
            // Whoever waited for the answer is gone only when the process ends.
            let _ = end.send(worker.work());
        })?;
        self.ends.spawn(async move {
            let gone = |_| Err(anyhow!("its thread ended without an answer"));
            (number, ended.await.unwrap_or_else(gone))
        });
        Ok(())
    }

    async fn until_ended(&mut self) {
        // When the time to drain is over, and the signal that began it.
        let mut until: Option<(Instant, Option<SignalKind>)> = None;
        loop {
            let deadline = until.map(|(deadline, _)| deadline);
            let told = tokio::select! {
                Some(_) = self.signals.tell.recv() => {
                    self.tell_traffic();
                    continue;
                }
                () = self.signals.hang_up.recv() => {
                    self.guest.read_grants_again();
                    continue;
                }
                _ = self.signals.interrupt.recv() => SignalKind::interrupt(),
                _ = self.signals.terminate.recv() => SignalKind::terminate(),
                end = self.ends.join_next() => {
                    let Some(end) = end else { return };
                    if self.note(end) && until.is_none() {
                        until = Some((self.stop(), None));
                    }
                    continue;
                }
                () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                    let left = self.ends.len();
                    tell!("datagrant: {left} of the workers did not end in {:?}, and are ended", self.drain);
                    return self.end(until.and_then(|(_, signal)| signal)).await;
                }
            };
            if matches!(until, Some((_, Some(_)))) {
                return self.end(Some(told)).await;
            }
            let deadline = deadline.unwrap_or_else(|| self.stop());
            until = Some((deadline, Some(told)));
        }
    }

    /// Asks all workers to come to an end; until when they may take.
    fn stop(&self) -> Instant {
        self.give.send_replace(Order::Stop);
        Instant::now() + self.drain
    }

    /// Lets go of what is left.
    async fn end(&mut self, signal: Option<SignalKind>) {
        let status = signal.map(|signal| Status::Signalled(signal.as_raw_value() as u8));
        self.status = self.status.or(status);
        self.give.send_replace(Order::End);
        self.guest.component.engine().increment_epoch();
        let all = async { while self.ends.join_next().await.is_some() {} };
        // One that is in a long system call does not let go; then the process's own end closes its sockets.
        let _ = timeout(GRACE, all).await;
    }

    /// Whether the others have to end, too.
    fn note(&mut self, end: Result<(usize, Result<End>), tokio::task::JoinError>) -> bool {
        let status = match end {
            Ok((_, Ok(End::Done | End::Ended))) => return false,
            Ok((_, Ok(End::Failed))) => Status::FAILED,
            Ok((_, Ok(End::Exited(code)))) => Status::Exited(code),
            Ok((_, Ok(End::Trapped))) => Status::Trapped,
            Ok((number, Err(error))) => {
                tell!("datagrant: worker {number}: {error:#}");
                Status::FAILED
            }
            Err(error) => {
                tell!("datagrant: {error}");
                Status::FAILED
            }
        };
        self.status.get_or_insert(status);
        true
    }

    fn tell_traffic(&self) {
        for (place, traffic) in self.traffic.iter().enumerate() {
            let (received, sent) = (traffic.received(), traffic.sent());
            let number = place + 1;
            tell!("datagrant: worker {number}: {received} datagrams received, {sent} sent");
        }
    }
}
