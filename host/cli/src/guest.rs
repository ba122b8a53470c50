//! What `run` and `serve` prepare for a guest.

use crate::audit::Tap;
use crate::current::Current;
use crate::observer::Ears;
use crate::on_tape::OnTape;
use crate::report::Reporter;
use crate::{component, options};
use anyhow::{Context, Result, anyhow};
use cap_std::ambient_authority;
use cap_std::net::UdpSocket;
use datagrant::{CpuWatch, DgramCtx, DgramCtxBuilder, DgramCtxView, DgramView, GuestCpu, GuestMemory, Quota};
use std::path::Path;
use std::sync::Arc;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxView, WasiView};

/// What the program knows of a guest that runs.
pub struct Host {
    table: ResourceTable,
    wasi: WasiCtx,
    dgram: DgramCtx,
    memory: GuestMemory,
}

impl Host {
    /// One that gives nothing but stderr.
    pub fn bare() -> Host {
        let mut wasi = WasiCtx::builder();
        wasi.inherit_stderr();
        wasi.allow_tcp(false).allow_udp(false).allow_ip_name_lookup(false);
        Host {
            table: ResourceTable::new(),
            wasi: wasi.build(),
            dgram: DgramCtx::builder().build(),
            memory: GuestMemory::new(&Quota::default()),
        }
    }
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
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

/// A component that can be started, again and again.
pub struct Guest {
    pub component: Component,
    pub linker: Linker<Host>,
    grants: Current,
    /// Of all instances together: what a trap ends does not begin anew.
    pub quota: Quota,
    cpu: GuestCpu,
    options: options::Guest,
    reporter: Reporter,
}

impl Guest {
    /// Loads the component, and makes sure that it is what `kind` says and that all it imports is there.
    pub fn load(options: options::Guest, kind: component::Kind, reporter: Reporter) -> Result<Guest> {
        let component = component::load(&options.component, options.allow_precompiled)?;
        Guest::of(component, options, kind, reporter)
    }

    /// The same of a component that is loaded already.
    pub fn of(
        component: Component,
        options: options::Guest,
        kind: component::Kind,
        reporter: Reporter,
    ) -> Result<Guest> {
        let linker = linker(component.engine())?;
        component::check(&component, kind, &linker, &options.component)?;
        let quota = Quota::new(options.limits()?);
        let cpu = GuestCpu::new(&quota, component.engine()).context("cannot start a thread")?;
        Ok(Guest {
            cpu,
            component,
            linker,
            grants: Current::new(options.granted.grants()?),
            quota,
            options,
            reporter,
        })
    }

    /// Where the component is.
    pub fn path(&self) -> &Path {
        &self.options.component
    }

    /// Whether there is a file of grants.
    pub fn has_grants_file(&self) -> bool {
        self.options.granted.file.is_some()
    }

    /// Reads the file of grants again, and has what it says now be in force; what is not understood changes nothing.
    pub fn read_grants_again(&self) {
        let granted = &self.options.granted;
        let Some(file) = &granted.file else { return };
        let path = file.path().display();
        let read = file.again().map_err(|problem| anyhow!(problem));
        match read.and_then(|file| Ok(granted.grants_with(Some(&file))?)) {
            Ok(grants) => {
                self.grants.replace(grants);
                tell!(
                    "datagrant: {path} was read again: its grants are in force, its limits and sockets stay as they were"
                );
            }
            Err(problem) => {
                tell!("datagrant: {path} was not read again, and the grants stay as they were: {problem:#}")
            }
        }
    }

    /// Has `wasi:io/poll` go through the tape, too.
    pub fn put_on_tape(&mut self) -> Result<()> {
        self.linker.allow_shadowing(true);
        datagrant::add_recorded_poll_to_linker(&mut self.linker)?;
        self.linker.allow_shadowing(false);
        Ok(())
    }

    /// A fresh store: nothing of an earlier one is in it. `tap` hears of its decisions, and `hand_in` hands in sockets. What
    /// calls into it is run by the watch.
    pub fn store(
        &self,
        tap: Option<Arc<Tap>>,
        on_tape: Option<&OnTape>,
        hand_in: impl FnOnce(DgramCtxBuilder) -> Result<DgramCtxBuilder>,
    ) -> Result<(Store<Host>, CpuWatch)> {
        let reporter = self.reporter.clone();
        let mut dgram = DgramCtx::builder()
            .quota(&self.quota)
            .name_servers(self.options.dns_servers.iter().copied(), ambient_authority())
            .on_refusal(Ears { reporter, tap });
        if self.options.deny_wasi_sockets {
            dgram = dgram.deny_wasi_sockets();
        }
        if let Some(on_tape) = on_tape {
            dgram = dgram.tape(&on_tape.tape);
        }
        let host = Host {
            table: ResourceTable::new(),
            wasi: wasi(&self.options, on_tape)?,
            dgram: self.grants.build(hand_in(dgram)?),
            memory: GuestMemory::new(&self.quota),
        };
        let mut store = Store::new(self.component.engine(), host);
        store.limiter(|host| &mut host.memory);
        // Each tick of the engine's epoch makes it yield, and whoever awaits it may drop it then.
        let watch = self.cpu.watch(&mut store);
        Ok((store, watch))
    }
}

/// Hands in sockets that this guest alone holds.
pub fn hand_in_all(
    sockets: impl IntoIterator<Item = (String, UdpSocket)>,
) -> impl FnOnce(DgramCtxBuilder) -> Result<DgramCtxBuilder> {
    move |mut builder| {
        for (name, socket) in sockets {
            builder = builder.socket(name, socket)?;
        }
        Ok(builder)
    }
}

/// All that the program offers to guests.
pub fn linker(engine: &Engine) -> Result<Linker<Host>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    datagrant::add_to_linker(&mut linker)?;
    if engine.get_concurrency_support() {
        wasmtime_wasi::p3::add_to_linker(&mut linker)?;
        datagrant::add_ready_to_linker(&mut linker)?;
    }
    // In place of wasmtime-wasi's, which know no grants.
    linker.allow_shadowing(true);
    datagrant::add_wasi_sockets_to_linker(&mut linker)?;
    if engine.get_concurrency_support() {
        datagrant::add_wasi_sockets_0_3_to_linker(&mut linker)?;
    }
    linker.allow_shadowing(false);
    Ok(linker)
}

/// Stdio and arguments, and what the options add. wasmtime-wasi's own `wasi:sockets` cannot be reached, and would refuse
/// everything if it could.
fn wasi(options: &options::Guest, on_tape: Option<&OnTape>) -> Result<WasiCtx> {
    let mut wasi = WasiCtx::builder();
    if let Some(on_tape) = on_tape {
        on_tape.apply(&mut wasi);
    }
    wasi.inherit_stdio();
    wasi.allow_tcp(false).allow_udp(false).allow_ip_name_lookup(false);
    wasi.arg(options.component.to_string_lossy());
    wasi.args(&options.args);
    wasi.envs(&options.env);
    for dir in &options.dirs {
        let (host, guest) = dir.split_once("::").unwrap_or((dir, dir));
        wasi.preopened_dir(host, guest, FsPerms::ReadWrite)
            .map_err(anyhow::Error::from)
            .with_context(|| format!("cannot open the folder {host:?} of --dir {dir:?}"))?;
    }
    Ok(wasi.build())
}
