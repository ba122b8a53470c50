//! What a guest's datagrams cost while another guest of the same process wants more than it may have.

use super::tell;
use crate::host::{Guest, Host, Kind, Provider, Want, problem};
use crate::sys;
use anyhow::{Context, Result, ensure};
use datagrant::grants::{Grants, Right};
use datagrant::{GuestCpu, Limit, Limits, Quota};
use std::net::{Ipv4Addr, UdpSocket};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use wasmtime::Store;

const SAMPLES: usize = 15;
/// Datagrams that the neighbour sends itself and takes, at a time, and how often in a sample: about 50 ms.
const BATCH: u64 = 128;
const BATCHES: u64 = 200;
const BYTES: u32 = 64;
const PATIENCE: Duration = Duration::from_secs(10);

/// What is wanted, how it is told, and the limit that is in the way.
const WANTS: [(Want, &str, Limit); 9] = [
    (Want::Sockets, "sockets", Limit::Sockets),
    (Want::Buffers, "kernel buffers", Limit::SocketBufferBytes),
    (Want::Memberships, "memberships", Limit::Memberships),
    (Want::Lookups, "lookups", Limit::Lookups),
    (Want::Peers, "peers", Limit::Peers),
    (Want::Datagrams, "datagrams", Limit::SentDatagramsPerSecond),
    (Want::Bytes, "bytes", Limit::SentBytesPerSecond),
    (Want::Memory, "memory", Limit::GuestMemoryBytes),
    (Want::Processor, "processor time", Limit::GuestCpuMilliseconds),
];

pub fn run(component: &Path) -> Result<()> {
    let provider = Arc::new(Provider::new(component)?);
    let processors = sys::processors()?;
    let (here, there) = (processors[0], processors[processors.len() - 1]);
    sys::pin(0, here)?;
    // One that never answers, for lookups.
    let silent = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut neighbour = Neighbour::new(&provider).await?;
        neighbour.sample().await?;
        for (want, name, limit) in WANTS {
            let (mut cpu, mut throughput) = (vec![], vec![]);
            for _ in 0..SAMPLES {
                let alone = neighbour.sample().await?;
                let hostile = Hostile::start(provider.clone(), want, there, silent.local_addr()?);
                hostile.wait_until_held(limit).await?;
                let beside = neighbour.sample().await;
                hostile.stop(&provider)?;
                let beside = beside?;
                cpu.push(beside.cpu.as_secs_f64() / alone.cpu.as_secs_f64());
                throughput.push(alone.wall.as_secs_f64() / beside.wall.as_secs_f64());
            }
            tell(
                "neighbour",
                &format!("CPU a datagram, beside one that wants more {name}"),
                "times",
                cpu,
            )?;
            tell(
                "neighbour",
                &format!("datagrams a second, beside one that wants more {name}"),
                "times",
                throughput,
            )?;
        }
        Ok(())
    })
}

/// What a sample took.
struct Sample {
    cpu: Duration,
    wall: Duration,
}

/// The guest whose datagrams are counted.
struct Neighbour {
    store: Store<Host>,
    guest: Guest,
    port: u16,
}

impl Neighbour {
    async fn new(provider: &Provider) -> Result<Neighbour> {
        let (mut store, guest) = provider.instance(Some(grants()?)).await?;
        let opened = guest
            .datagrant_bench_contestant()
            .call_open(&mut store, Kind::Bursts, false);
        let port = opened.await?.map_err(problem)?;
        Ok(Neighbour { store, guest, port })
    }

    async fn sample(&mut self) -> Result<Sample> {
        let (started, before) = (Instant::now(), sys::processor_time_of_thread());
        let contestant = self.guest.datagrant_bench_contestant();
        for _ in 0..BATCHES {
            contestant
                .call_send(&mut self.store, BYTES, BATCH, self.port)
                .await?
                .map_err(problem)?;
            contestant
                .call_receive(&mut self.store, BYTES, BATCH)
                .await?
                .map_err(problem)?;
        }
        Ok(Sample {
            cpu: sys::processor_time_of_thread() - before,
            wall: started.elapsed(),
        })
    }
}

/// The guest that wants more, on a thread of its own as in the program; started again where it is ended.
struct Hostile {
    quota: Quota,
    stop: oneshot::Sender<()>,
    thread: thread::JoinHandle<Result<()>>,
}

impl Hostile {
    fn start(provider: Arc<Provider>, want: Want, processor: usize, name_server: std::net::SocketAddr) -> Hostile {
        let quota = Quota::new(limits(want));
        let held = quota.clone();
        let (stop, mut stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            sys::pin(0, processor)?;
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let cpu = GuestCpu::new(&held, provider.engine())?;
                loop {
                    let (mut store, guest) = provider.limited(grants()?, &held, name_server).await?;
                    let watch = cpu.watch(&mut store);
                    let contestant = guest.datagrant_bench_contestant();
                    tokio::select! {
                        // Ended by its limit: it begins again.
                        _ = watch.run(contestant.call_grab(&mut store, want)) => {}
                        _ = &mut stopped => return Ok(()),
                    }
                }
            })
        });
        Hostile { quota, stop, thread }
    }

    /// It has come up against its limit.
    async fn wait_until_held(&self, limit: Limit) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        while self.quota.exceeded(limit) == 0 {
            ensure!(
                Instant::now() < until && !self.thread.is_finished(),
                "{limit} is not exceeded"
            );
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }

    fn stop(self, provider: &Provider) -> Result<()> {
        // It may have ended; then its thread says why.
        let _ = self.stop.send(());
        while !self.thread.is_finished() {
            provider.engine().increment_epoch();
            thread::sleep(Duration::from_millis(1));
        }
        self.thread.join().ok().context("the hostile guest's thread panicked")?
    }
}

fn grants() -> Result<Grants> {
    let mut grants = Grants::new();
    grants.allow(Right::Bind, "127.0.0.1:0")?;
    grants.allow(Right::Send, "@loopback:*")?;
    grants.allow(Right::Join, "239.0.0.0/8@lo")?;
    grants.allow(Right::Resolve, "*")?;
    Ok(grants)
}

/// A tight limit of each kind. Those of buffers and of processor time are for whom they are about, and in the way of the
/// others.
fn limits(want: Want) -> Limits {
    let mut limits = Limits::new();
    let all = [
        (Limit::Sockets, 64),
        (Limit::Memberships, 16),
        (Limit::Lookups, 8),
        (Limit::Peers, 128),
        (Limit::SentDatagramsPerSecond, 20_000),
        (Limit::SentBytesPerSecond, 10_000_000),
        (Limit::GuestMemoryBytes, 64 << 20),
    ];
    let own = match want {
        Want::Buffers => Some((Limit::SocketBufferBytes, 4 << 20)),
        Want::Processor => Some((Limit::GuestCpuMilliseconds, 20)),
        _ => None,
    };
    for (limit, value) in all.into_iter().chain(own) {
        limits.set(limit, value).expect("a value that it may have");
    }
    limits
}
