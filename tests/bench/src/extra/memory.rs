//! What an instance takes that has one bound socket and waits.

use super::tell;
use crate::cell::Family;
use crate::host::{Kind, Provider, problem};
use crate::sys;
use anyhow::{Context, Result, ensure};
use datagrant::grants::{Grants, Right};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tokio::task::LocalSet;
use tokio::time::timeout;

const INSTANCES: usize = 1_000;
const PATIENCE: Duration = Duration::from_secs(20);

pub fn run(component: &Path) -> Result<()> {
    sys::raise_descriptor_limit()?;
    let provider: &'static Provider = Box::leak(Box::new(Provider::new(component)?));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let tasks = LocalSet::new();
    runtime.block_on(tasks.run_until(async {
        // What the first one brings is not what one more takes.
        let (_, first) = start(provider).await?;
        let (before, resident_before) = (kilobytes("Pss:")?, kilobytes("Rss:")?);
        let mut started = Vec::with_capacity(INSTANCES);
        for _ in 0..INSTANCES {
            started.push(start(provider).await?);
        }
        // They have bound; now each gets its turn, and waits.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        ensure!(started.iter().all(|(_, task)| !task.is_finished()), "one does not wait");
        let each = |now: f64, before: f64| vec![(now - before) * 1024.0 / INSTANCES as f64];
        let taken = each(kilobytes("Pss:")?, before);
        let resident = each(kilobytes("Rss:")?, resident_before);
        // They were alive: each sends back what it is sent.
        let client = tokio::net::UdpSocket::bind(Family::Ipv4.any_port()).await?;
        for (i, (at, _)) in started.iter().enumerate() {
            let mut buffer = [0; 64];
            client.send_to(&[i as u8; 8], at).await?;
            let (length, from) = timeout(PATIENCE, client.recv_from(&mut buffer))
                .await
                .context("one is silent")??;
            ensure!(from == *at && buffer[..length] == [i as u8; 8], "a wrong answer");
        }
        for (_, task) in started {
            task.await??;
        }
        first.abort();
        tell("memory", "typed, suspended in a wait", "bytes", taken)?;
        tell(
            "memory",
            "with the pages that all share counted for each (RSS)",
            "bytes",
            resident,
        )
    }))
}

/// A new instance that has bound a socket and waits for one datagram.
async fn start(provider: &'static Provider) -> Result<(SocketAddr, tokio::task::JoinHandle<Result<()>>)> {
    let mut grants = Grants::new();
    grants.allow(Right::Bind, "127.0.0.1:0")?;
    let (mut store, guest) = provider.instance(Some(grants)).await?;
    let contestant = guest.datagrant_bench_contestant();
    let port = contestant
        .call_open(&mut store, Kind::Typed, false)
        .await?
        .map_err(problem)?;
    let task = tokio::task::spawn_local(async move {
        let contestant = guest.datagrant_bench_contestant();
        contestant.call_idle(&mut store).await?.map_err(problem)
    });
    Ok((SocketAddr::new(Family::Ipv4.loopback(), port), task))
}

/// What of this process is in memory: resident (`Rss:`), or with each shared page divided among those that map it
/// (`Pss:`). Instances map the same pages of their code and data.
fn kilobytes(field: &str) -> Result<f64> {
    let rollup = std::fs::read_to_string("/proc/self/smaps_rollup")?;
    let line = rollup.lines().find_map(|line| line.strip_prefix(field));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(number.with_context(|| format!("no {field}"))?.trim().parse()?)
}
