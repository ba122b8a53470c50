//! A worker: one instance at a time, on a thread of its own.

use super::restarts::Restarts;
use crate::audit::Tap;
use crate::guest::Guest;
use crate::report;
use crate::supervise::runtime;
use anyhow::Result;
use cap_std::net::UdpSocket;
use datagrant::{DgramCtxBuilder, Service, ServiceEnd, Tape, Traffic, Workers};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::watch;
use tokio::time::sleep;
use wasmtime_wasi::I32Exit;

/// What the workers are told.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    Serve,
    /// Come to an end.
    Stop,
    /// Let go, now.
    End,
}

/// How a worker ended.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Its service said that it is done, or exited with 0; or it was told to stop while it was not running.
    Done,
    /// Its service said that it cannot go on.
    Failed,
    /// Its service exited with this status.
    Exited(u8),
    /// Its service trapped, and is not started again.
    Trapped,
    /// It was told to let go.
    Ended,
}

pub struct Worker {
    /// From 1.
    pub number: usize,
    pub guest: Arc<Guest>,
    /// Kept for as long as the worker serves: a trap costs neither their queues nor their places in their groups.
    pub sockets: Vec<(String, UdpSocket)>,
    /// The group, where there are several.
    pub workers: Option<Workers>,
    pub traffic: Arc<Traffic>,
    /// What hears of its decisions, if anything does.
    pub tap: Option<Arc<Tap>>,
    /// What its instances ask the system by, if they are recorded.
    pub tape: Option<Tape>,
    pub restarts: Restarts,
    pub order: watch::Receiver<Order>,
}

impl Worker {
    /// Serves until the service ends by itself, or it is told to end; a service that traps is started again.
    pub fn work(mut self) -> Result<End> {
        runtime()?.block_on(async {
            loop {
                let mut order = self.order.clone();
                let ended = tokio::select! {
                    // The store is in the future: when it is over, the sockets of the instance are closed.
                    ended = self.serve() => ended?,
                    () = told(&mut order, Order::End) => return Ok(End::Ended),
                };
                let error = match ended {
                    Ok(ServiceEnd::Done) => return Ok(End::Done),
                    Ok(ServiceEnd::Failed(why)) => {
                        tell!("datagrant: worker {} failed: {why}", self.number);
                        return Ok(End::Failed);
                    }
                    Err(error) => error,
                };
                if let Some(end) = self.after_error(error).await {
                    return Ok(end);
                }
            }
        })
    }

    /// One instance, from beginning to end. The inner error is a trap, or the guest's own exit.
    async fn serve(&self) -> Result<wasmtime::Result<ServiceEnd>> {
        let (mut store, watch) = self
            .guest
            .store(self.tap.clone(), None, |builder| self.hand_in(builder))?;
        let mut order = self.order.clone();
        let serve = async {
            let Guest { component, linker, .. } = &*self.guest;
            let service = Service::instantiate(&mut store, component, linker).await?;
            service.run(&mut store, told(&mut order, Order::Stop)).await
        };
        Ok(watch.run(serve).await)
    }

    fn hand_in(&self, builder: DgramCtxBuilder) -> Result<DgramCtxBuilder> {
        let mut builder = builder.traffic(self.traffic.clone());
        if let Some(tape) = &self.tape {
            builder = builder.tape(tape);
        }
        if let Some(workers) = &self.workers {
            builder = builder.workers(workers);
        }
        for (name, socket) in &self.sockets {
            let socket = socket.try_clone()?;
            builder = match self.workers {
                Some(_) => builder.shared_socket(name, socket)?,
                None => builder.socket(name, socket)?,
            };
        }
        Ok(builder)
    }

    /// Waits until it may be started again; or says how it ended.
    async fn after_error(&mut self, error: wasmtime::Error) -> Option<End> {
        let number = self.number;
        match error.downcast_ref::<I32Exit>() {
            Some(I32Exit(0)) => return Some(End::Done),
            Some(I32Exit(code)) => {
                // As the kernel does: the low byte.
                let code = *code as u8;
                tell!("datagrant: worker {number} exited with {code}");
                return Some(End::Exited(code));
            }
            None => tell!("datagrant: worker {number} {}", report::end(&error)),
        }
        if *self.order.borrow() != Order::Serve {
            return Some(End::Trapped);
        }
        let Some((pause, count)) = self.restarts.next(Instant::now()) else {
            tell!("datagrant: worker {number} is not started again: too many restarts in a minute");
            return Some(End::Trapped);
        };
        tell!("datagrant: worker {number} starts again in {pause:?} (restart {count} of the last minute)");
        tokio::select! {
            () = sleep(pause) => None,
            () = told(&mut self.order, Order::Stop) => Some(End::Done),
        }
    }
}

/// Until this order, or one beyond it, is given.
async fn told(order: &mut watch::Receiver<Order>, wanted: Order) {
    // Whoever gives orders is gone only when the process ends.
    let _ = order.wait_for(|order| *order >= wanted).await;
}
