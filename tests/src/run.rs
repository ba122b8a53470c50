//! Running a program on a provider.

use crate::engine::engine;
use crate::hosts;
use crate::native::{self, Refusals};
use crate::outcome::{Outcome, Status};
use crate::provider::Provider;
use crate::running::Running;
use datagrant::grants::{Grants, Right};
use datagrant::{DgramCtx, GrantsHandle, GuestCpu, GuestMemory, Limit, Limits, Narrow, Quota};
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;
use tokio::sync::oneshot;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Result, Store};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{I32Exit, WasiCtx, WasiCtxView, WasiView, p2, p3};

/// The environment variable that tells a guest the name of its provider, so that it knows what differs.
pub const PROVIDER_VARIABLE: &str = "DATAGRANT_PROVIDER";

/// So that nothing hangs.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);
/// What a guest may print.
const OUTPUT_BYTES: usize = 1 << 20;

/// What the host knows of one program.
pub(crate) struct Host {
    wasi: WasiCtx,
    pub(crate) dgram: DgramCtx,
    pub(crate) table: ResourceTable,
    memory: GuestMemory,
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

/// A program to be run.
#[derive(Clone, Debug)]
pub struct Run {
    provider: Provider,
    component: PathBuf,
    args: Vec<String>,
    env: Vec<(String, String)>,
    pub(crate) grants: Grants,
    pub(crate) narrowing: Option<Narrowing>,
    pub(crate) sockets: Vec<(String, String)>,
    pub(crate) name_servers: Vec<SocketAddr>,
    /// Of a stock host, which asks the system.
    hosts: Option<String>,
    loopback_only: bool,
    limits: Limits,
    limit: Duration,
}

/// An embedder's own code.
#[derive(Clone)]
pub(crate) struct Narrowing(pub(crate) Arc<dyn Narrow>);

impl fmt::Debug for Narrowing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Narrowing")
    }
}

impl Run {
    /// The component at `path`, on `provider`, without arguments or grants.
    #[must_use]
    pub fn new(provider: Provider, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        Self {
            provider,
            component: path.to_path_buf(),
            args: vec![name.into_owned()],
            env: vec![(PROVIDER_VARIABLE.to_owned(), provider.name().to_owned())],
            grants: Grants::new(),
            narrowing: None,
            sockets: vec![],
            name_servers: vec![],
            hosts: None,
            loopback_only: false,
            limits: Limits::new(),
            limit: LIMIT,
        }
    }

    /// One more argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// More arguments.
    #[must_use]
    pub fn args<S: Into<String>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// One more variable of the environment.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// One more grant. Only the native providers know of grants.
    ///
    /// # Panics
    /// If the pattern is none.
    #[must_use]
    #[track_caller]
    pub fn allow(mut self, right: Right, pattern: &str) -> Self {
        let result = self.grants.allow(right, pattern).map(drop);
        result.unwrap_or_else(|e| panic!("{e}"));
        self
    }

    /// One more denial.
    ///
    /// # Panics
    /// If the pattern is none.
    #[must_use]
    #[track_caller]
    pub fn deny(mut self, right: Right, pattern: &str) -> Self {
        let result = self.grants.deny(right, pattern).map(drop);
        result.unwrap_or_else(|e| panic!("{e}"));
        self
    }

    /// Code that has to permit what the grants permit.
    #[must_use]
    pub fn narrow(mut self, code: impl Narrow + 'static) -> Self {
        self.narrowing = Some(Narrowing(Arc::new(code)));
        self
    }

    /// What it is allowed and denied, as told so far.
    #[must_use]
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// One more socket that is handed in, bound to this address when the program starts. Only the native providers hand in.
    #[must_use]
    pub fn socket(mut self, name: &str, address: &str) -> Self {
        self.sockets.push((name.to_owned(), address.to_owned()));
        self
    }

    /// One more name server that the native providers ask; without any, those of this machine.
    #[must_use]
    pub fn name_server(mut self, address: SocketAddr) -> Self {
        self.name_servers.push(address);
        self
    }

    /// The hosts file for a host without anything of ours, whose names are the system's ([`hosts::can_be_given`] says whether
    /// one can be given here).
    #[must_use]
    pub fn hosts(mut self, lines: &str) -> Self {
        self.hosts = Some(lines.to_owned());
        self
    }

    /// Loopback, for a host without anything of ours: by the check that wasmtime-wasi has for its embedders. Without this it
    /// reaches everything.
    #[must_use]
    pub fn loopback_only(mut self) -> Self {
        self.loopback_only = true;
        self
    }

    /// Another limit than the default. Only the native providers know of limits.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    #[track_caller]
    pub fn limit_to(mut self, limit: Limit, value: u64) -> Self {
        let result = self.limits.set(limit, value).map(drop);
        result.unwrap_or_else(|e| panic!("{e}"));
        self
    }

    /// Another time limit than a minute.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Joins and compiles it, for who is not as patient as a compiler may be slow.
    ///
    /// # Errors
    /// If it cannot be.
    pub fn compiled(self) -> Result<Self> {
        self.provider.component(&self.component)?;
        Ok(self)
    }

    /// Runs it to its end.
    #[must_use]
    pub fn run(self) -> Outcome {
        self.start().wait()
    }

    /// Runs it on a thread of its own, while the test does something else.
    #[must_use]
    pub fn start(self) -> Running {
        let stdout = MemoryOutputPipe::new(OUTPUT_BYTES);
        let stderr = MemoryOutputPipe::new(OUTPUT_BYTES);
        let (stop, stopped) = oneshot::channel();
        let output = (stdout.clone(), stderr.clone());
        let refusals = Refusals::default();
        let refused = refusals.clone();
        let handle = Arc::new(OnceLock::new());
        let replacing = handle.clone();
        let quota = Quota::new(self.limits);
        let counting = quota.clone();
        let thread = thread::spawn(move || {
            // Whatever the runtime starts for the program is started from here.
            if let Some(lines) = &self.hosts
                && let Err(e) = hosts::give(lines)
            {
                return (Status::Failed(format!("no hosts file: {e}")), Duration::ZERO);
            }
            // The time limit is the program's. What fails here fails once more below, and is told there.
            let _ = self.provider.component(&self.component);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.expect("a machine that can run tests");
            let started = AtomicU64::new(processor_ns());
            let status = runtime.block_on(async {
                // Dropping the program's future kills it, wherever it waits; where it computes, the epoch makes it wait.
                tokio::select! {
                    status = self.command(output.0, output.1, &refused, &counting, &replacing, &started) => status.unwrap_or_else(|e| Status::Failed(format!("{e:?}"))),
                    () = tokio::time::sleep(self.limit) => Status::TimedOut,
                    Ok(()) = stopped => Status::Stopped,
                }
            });
            let used = processor_ns().saturating_sub(started.load(Ordering::Relaxed));
            (status, Duration::from_nanos(used))
        });
        Running {
            stop,
            thread,
            stdout,
            stderr,
            refusals,
            handle,
            quota,
        }
    }

    async fn command(
        &self,
        stdout: MemoryOutputPipe,
        stderr: MemoryOutputPipe,
        refusals: &Refusals,
        quota: &Quota,
        handle: &OnceLock<GrantsHandle>,
        started: &AtomicU64,
    ) -> Result<Status> {
        let component = self.provider.component(&self.component)?;
        let mut linker = Linker::<Host>::new(engine());
        p2::add_to_linker_async(&mut linker)?;
        p3::add_to_linker(&mut linker)?;
        let mut wasi = WasiCtx::builder();
        wasi.args(&self.args).envs(&self.env).stdout(stdout).stderr(stderr);
        // Whatever the native provider refuses is refused by itself: nothing of these can be reached there.
        wasi.inherit_network()
            .allow_tcp(true)
            .allow_udp(true)
            .allow_ip_name_lookup(true);
        if self.loopback_only {
            let is_here = |to: SocketAddr| to.ip().is_loopback() || to.ip().is_unspecified();
            wasi.socket_addr_check(move |to, _| Box::pin(async move { is_here(to) }));
        }
        if self.provider.is_native() {
            native::add_to_linker(&mut linker)?;
        }
        let host = Host {
            wasi: wasi.build(),
            dgram: native::context(self, refusals, quota)?,
            table: ResourceTable::new(),
            memory: GuestMemory::new(quota),
        };
        let _ = handle.set(host.dgram.grants_handle()); // it is set once
        let mut store = Store::new(engine(), host);
        store.limiter(|host| &mut host.memory);
        let watch = GuestCpu::new(quota, engine())?.watch(&mut store);
        started.store(processor_ns(), Ordering::Relaxed);
        let ended = if is_asynchronous(&component) {
            let command = p3::bindings::Command::instantiate_async(&mut store, &component, &linker).await?;
            let run = store.run_concurrent(async |store| command.wasi_cli_run().call_run(store).await);
            watch.run(run).await.flatten()
        } else {
            let command = p2::bindings::Command::instantiate_async(&mut store, &component, &linker).await?;
            watch.run(command.wasi_cli_run().call_run(&mut store)).await
        };
        match ended {
            Ok(Ok(())) => Ok(Status::Exited(0)),
            Ok(Err(())) => Ok(Status::Exited(1)),
            Err(e) => match e.downcast_ref::<I32Exit>() {
                Some(exit) => Ok(Status::Exited(exit.0)),
                None => Err(e),
            },
        }
    }
}

/// Whether it is a command of WASI 0.3.
fn is_asynchronous(component: &Component) -> bool {
    let ty = component.component_type();
    ty.exports(engine())
        .any(|(name, _)| name.starts_with("wasi:cli/run@0.3."))
}

/// What this thread has used of a processor, as Linux counts it.
fn processor_ns() -> u64 {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    line.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or(0)
}

pub(crate) fn text_of(pipe: &MemoryOutputPipe) -> String {
    String::from_utf8_lossy(&pipe.contents()).into_owned()
}
