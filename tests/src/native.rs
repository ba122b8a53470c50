//! What the host crate needs in a host: the only place here that names it.

use crate::run::{Host, Narrowing, Run};
use cap_std::net::UdpSocket;
use datagrant::grants::{Operation, Subject};
use datagrant::{DgramCtx, DgramCtxView, DgramView, Limit, Quota, Refusal};
use std::net;
use std::sync::{Arc, Mutex, PoisonError};
use wasmtime::Result;
use wasmtime::component::Linker;

/// What was refused so far, one line each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Refusals(Arc<Mutex<Vec<String>>>);

impl Refusals {
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What a guest has of grants, sockets and name servers.
pub(crate) fn context(run: &Run, refusals: &Refusals, quota: &Quota) -> Result<DgramCtx> {
    let Refusals(lines) = refusals.clone();
    let mut builder = DgramCtx::builder()
        .grants(run.grants.clone(), cap_std::ambient_authority())
        .quota(quota)
        .name_servers(run.name_servers.iter().copied(), cap_std::ambient_authority())
        .on_refusal(move |refusal: &Refusal| {
            let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
            lines.push(line(refusal));
        });
    if let Some(Narrowing(code)) = run.narrowing.clone() {
        builder = builder.narrow(move |operation: Operation, subject: &Subject| code.permits(operation, subject));
    }
    for (name, address) in &run.sockets {
        builder = builder.socket(name, UdpSocket::from_std(net::UdpSocket::bind(address)?))?;
    }
    Ok(builder.build())
}

/// The limits that were in the way, and how often.
pub(crate) fn exceeded(quota: &Quota) -> Vec<(Limit, u64)> {
    let counts = Limit::ALL.map(|limit| (limit, quota.exceeded(limit)));
    counts.into_iter().filter(|(_, times)| *times > 0).collect()
}

/// Who refused, what, why, and the grants that would allow it.
fn line(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Grants(denial) | Refusal::Withdrawn(denial) => {
            let by = match refusal {
                Refusal::Withdrawn(_) => "withdrawn",
                _ => "grants",
            };
            let fixes = denial
                .fixes()
                .iter()
                .map(|(right, pattern)| format!("{right} {pattern}"));
            let fixes: Vec<String> = fixes.collect();
            match fixes.as_slice() {
                [] => format!("{by}: {denial}"),
                fixes => format!("{by}: {denial}; fix: {}", fixes.join(" and ")),
            }
        }
        Refusal::Tcp | Refusal::WasiSockets => refusal.to_string(),
        _ => format!("kernel: {refusal}"),
    }
}

impl DgramView for Host {
    fn dgram(&mut self) -> DgramCtxView<'_> {
        DgramCtxView {
            ctx: &mut self.dgram,
            table: &mut self.table,
        }
    }
}

/// Adds the native provider to a linker that has stock WASI in it, and its sockets in place of those.
pub(crate) fn add_to_linker(linker: &mut Linker<Host>) -> Result<()> {
    datagrant::add_to_linker(linker)?;
    datagrant::add_ready_to_linker(linker)?;
    linker.allow_shadowing(true);
    datagrant::add_wasi_sockets_to_linker(linker)?;
    datagrant::add_wasi_sockets_0_3_to_linker(linker)?;
    linker.allow_shadowing(false);
    Ok(())
}
