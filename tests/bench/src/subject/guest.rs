//! Contestants that run in a component.

use super::{Subject, is_echo};
use crate::cell::{Contestant, Work};
use crate::host::{Guest as Instance, Host, Kind, Provider, problem};
use crate::order::Order;
use anyhow::{Context, Result, bail};
use datagrant::grants::{Grants, Right};
use std::net::SocketAddr;
use std::path::Path;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use wasmtime::Store;

pub struct Guest {
    kind: Kind,
    provider: Provider,
    /// What it does is judged; all but wasmtime-wasi's sockets.
    granted: bool,
    instance: Option<(Store<Host>, Instance)>,
    // After the instance, whose sockets it watches.
    runtime: Runtime,
}

impl Guest {
    pub fn new(contestant: Contestant, component: &Path) -> Result<Self> {
        Ok(Self {
            kind: kind(contestant)?,
            provider: match contestant {
                Contestant::WasiSockets => Provider::with_stock_sockets(component)?,
                _ => Provider::new(component)?,
            },
            granted: contestant != Contestant::WasiSockets,
            instance: None,
            runtime: Builder::new_current_thread().enable_all().build()?,
        })
    }
}

fn kind(contestant: Contestant) -> Result<Kind> {
    Ok(match contestant {
        Contestant::WasiSockets | Contestant::WasiSocketsOurs => Kind::WasiSockets,
        Contestant::Sdk => Kind::Sdk,
        Contestant::Typed => Kind::Typed,
        Contestant::Bursts => Kind::Bursts,
        Contestant::BurstsOffload => Kind::BurstsOffload,
        other => bail!("{} is no guest", other.name()),
    })
}

/// The least that does it, as for `--allow-bind` and `--allow-send`: an echo is a reply, which bind includes.
pub(super) fn grants(order: &Order) -> Result<Grants> {
    let mut grants = Grants::new();
    grants.allow(Right::Bind, &order.family.any_port().to_string())?;
    if let Some(to) = order.to {
        grants.allow(Right::Send, &to.to_string())?;
    }
    Ok(grants)
}

impl Subject for Guest {
    fn open(&mut self, order: &Order) -> Result<SocketAddr> {
        let Guest {
            kind,
            provider,
            granted,
            instance,
            runtime,
        } = self;
        // Drops what an earlier order left, in the runtime, where its sockets are watched.
        let _inside = runtime.enter();
        *instance = None;
        let grants = granted.then(|| grants(order)).transpose()?;
        let port = runtime.block_on(async {
            let (store, guest) = instance.insert(provider.instance(grants).await?);
            let ipv6 = order.family.loopback().is_ipv6();
            let contestant = guest.datagrant_bench_contestant();
            contestant.call_open(store, *kind, ipv6).await?.map_err(problem)
        })?;
        Ok(SocketAddr::new(order.family.loopback(), port))
    }

    fn run(&mut self, order: &Order) -> Result<u64> {
        let (store, guest) = self.instance.as_mut().context("open comes first")?;
        let contestant = guest.datagrant_bench_contestant();
        let (bytes, count) = (order.bytes as u32, order.count);
        self.runtime.block_on(async {
            let call = async {
                if order.work == Work::Send {
                    let port = order.destination()?.port();
                    Ok(contestant.call_send(store, bytes, count, port).await?)
                } else if is_echo(order.work) {
                    Ok(contestant.call_echo(store, bytes, count).await?)
                } else {
                    anyhow::Ok(contestant.call_receive(store, bytes, count).await?)
                }
            };
            let limit = timeout(crate::measure::LIMIT, call);
            limit.await.context("not done in time")??.map_err(problem)
        })
    }
}
