//! The host of the guests: wasmtime as the program has it, and the crate `datagrant` with grants as an operator writes them.

use anyhow::{Result, anyhow};
use cap_std::ambient_authority;
use datagrant::grants::Grants;
use datagrant::{DgramCtx, DgramCtxBuilder, DgramCtxView, DgramView, GuestMemory, Quota, Refusal};
use std::net::SocketAddr;
use std::path::Path;
use wasmtime::component::{Component, HasSelf, Linker, ResourceTable};
use wasmtime::{Cache, CacheConfig, Config, Engine, Store};
use wasmtime_wasi::p2::bindings::CommandPre;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{I32Exit, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

#[allow(missing_docs, unused_qualifications, reason = "generated")]
mod generated {
    wasmtime::component::bindgen!({
        path: "guests/wit",
        world: "guest",
        exports: { default: async },
    });
}

pub use generated::exports::datagrant::bench::contestant::{Crossing, Kind, Problem, Want};
pub use generated::{Guest, GuestPre};

/// 64 headers of 32 bytes.
const HEADERS: usize = 64 * 32;

/// What the host knows of one guest.
pub struct Host {
    wasi: WasiCtx,
    dgram: DgramCtx,
    table: ResourceTable,
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

impl DgramView for Host {
    fn dgram(&mut self) -> DgramCtxView<'_> {
        DgramCtxView {
            ctx: &mut self.dgram,
            table: &mut self.table,
        }
    }
}

impl generated::datagrant::bench::boundary::Host for Host {
    fn nothing(&mut self) {}

    fn headers_u8(&mut self) -> Vec<u8> {
        vec![1; HEADERS]
    }

    fn headers_u32(&mut self) -> Vec<u32> {
        vec![1; HEADERS / 4]
    }

    fn give_u8(&mut self, headers: Vec<u8>) -> u32 {
        headers.len() as u32
    }

    fn give_u32(&mut self, headers: Vec<u32>) -> u32 {
        headers.len() as u32
    }
}

/// Compiled code, ready to be instantiated.
pub struct Provider {
    engine: Engine,
    guest: GuestPre<Host>,
}

impl Provider {
    pub fn new(component: &Path) -> Result<Provider> {
        Self::linked(component, |linker| {
            linker.allow_shadowing(true);
            datagrant::add_wasi_sockets_to_linker(linker)
        })
    }

    /// `wasi:sockets` is wasmtime-wasi's own.
    pub fn with_stock_sockets(component: &Path) -> Result<Provider> {
        Self::linked(component, |_| Ok(()))
    }

    fn linked(
        component: &Path,
        link_sockets: impl FnOnce(&mut Linker<Host>) -> wasmtime::Result<()>,
    ) -> Result<Provider> {
        let engine = engine()?;
        let mut linker = linker(&engine)?;
        Guest::add_to_linker::<_, HasSelf<Host>>(&mut linker, |host| host)?;
        link_sockets(&mut linker)?;
        let component = Component::from_file(&engine, component)?;
        let guest = GuestPre::new(linker.instantiate_pre(&component)?)?;
        Ok(Provider { engine, guest })
    }

    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// A new instance, with these grants; or, with none, with all that wasmtime-wasi's sockets have.
    pub async fn instance(&self, grants: Option<Grants>) -> Result<(Store<Host>, Guest)> {
        let mut wasi = WasiCtx::builder();
        wasi.inherit_stderr();
        if grants.is_none() {
            wasi.inherit_network().allow_udp(true);
        }
        let dgram = DgramCtx::builder().grants(grants.unwrap_or_default(), ambient_authority());
        self.instantiate(wasi, dgram, &Quota::default()).await
    }

    /// A new instance, held to this quota, that looks names up there.
    pub async fn limited(
        &self,
        grants: Grants,
        quota: &Quota,
        name_server: SocketAddr,
    ) -> Result<(Store<Host>, Guest)> {
        let dgram = DgramCtx::builder().grants(grants, ambient_authority());
        let dgram = dgram.name_servers([name_server], ambient_authority());
        self.instantiate(WasiCtx::builder(), dgram, quota).await
    }

    async fn instantiate(
        &self,
        wasi: WasiCtxBuilder,
        dgram: DgramCtxBuilder,
        quota: &Quota,
    ) -> Result<(Store<Host>, Guest)> {
        let mut store = store(&self.engine, wasi, dgram, quota);
        let guest = self.guest.instantiate_async(&mut store).await?;
        Ok((store, guest))
    }
}

/// As `engine()` of the program.
fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config.concurrency_support(false);
    config.epoch_interruption(true);
    let mut cache = CacheConfig::new();
    cache.with_directory(crate::folder()?.join("cache"));
    config.cache(Some(Cache::new(cache)?));
    Ok(Engine::new(&config)?)
}

/// WASI and the contract.
fn linker(engine: &Engine) -> Result<Linker<Host>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    datagrant::add_to_linker(&mut linker)?;
    Ok(linker)
}

fn store(engine: &Engine, mut wasi: WasiCtxBuilder, dgram: DgramCtxBuilder, quota: &Quota) -> Store<Host> {
    // As the program does, an observer is there; what it is told of is an error of the benchmark.
    let observer = |refusal: &Refusal| eprintln!("refused: {refusal}");
    let host = Host {
        wasi: wasi.build(),
        dgram: dgram.quota(quota).on_refusal(observer).build(),
        table: ResourceTable::new(),
        memory: GuestMemory::new(quota),
    };
    let mut store = Store::new(engine, host);
    store.limiter(|host| &mut host.memory);
    store.set_epoch_deadline(1);
    store.epoch_deadline_async_yield_and_update(1);
    store
}

/// A command's compiled code, ready to be instantiated: a whole program, with a loop of its own.
pub struct Program {
    engine: Engine,
    command: CommandPre<Host>,
}

impl Program {
    pub fn new(component: &Path) -> Result<Program> {
        let engine = engine()?;
        let linker = linker(&engine)?;
        let component = Component::from_file(&engine, component)?;
        let command = CommandPre::new(linker.instantiate_pre(&component)?)?;
        Ok(Program { engine, command })
    }

    /// Runs it to its end; what it prints goes to `stdout`.
    pub fn run(
        &self,
        args: &[&str],
        grants: Grants,
        stdout: MemoryOutputPipe,
    ) -> impl Future<Output = Result<()>> + use<> {
        let mut wasi = WasiCtx::builder();
        wasi.args(args).stdout(stdout).inherit_stderr();
        let dgram = DgramCtx::builder().grants(grants, ambient_authority());
        let mut store = store(&self.engine, wasi, dgram, &Quota::default());
        let command = self.command.clone();
        async move {
            let command = command.instantiate_async(&mut store).await?;
            match command.wasi_cli_run().call_run(&mut store).await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(())) => Err(anyhow!("the guest failed")),
                Err(error) => match error.downcast_ref::<I32Exit>() {
                    Some(I32Exit(0)) => Ok(()),
                    _ => Err(error.into()),
                },
            }
        }
    }
}

/// What a guest says went wrong.
pub fn problem(problem: Problem) -> anyhow::Error {
    match problem {
        Problem::Missing(reason) => anyhow::Error::new(crate::subject::Missing(reason)),
        Problem::Failed(reason) => anyhow!(reason),
    }
}
