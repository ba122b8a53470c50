//! `datagrant run`.

use crate::report::Reporter;
use crate::status::Status;
use crate::{component, options, supervise};
use anyhow::{Context, Result};
use cap_std::ambient_authority;
use datagrant::{DgramCtx, DgramCtxView, DgramView};
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::p2::bindings::Command;
use wasmtime_wasi::{FsPerms, I32Exit, WasiCtx, WasiCtxView, WasiView};

struct Host {
    table: ResourceTable,
    wasi: WasiCtx,
    dgram: DgramCtx,
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

/// Runs the component until it ends, or until the program is told to.
pub fn run(options: options::Run) -> Result<Status> {
    let reporter = Reporter::default();
    let guest = Guest::prepare(&options, &reporter)?;
    let engine = guest.component.engine().clone();
    let status = supervise::until_signalled(guest.run(), || engine.increment_epoch());
    reporter.finish();
    status
}

/// A component that is ready to start.
struct Guest {
    store: Store<Host>,
    component: Component,
    linker: Linker<Host>,
}

impl Guest {
    fn prepare(options: &options::Run, reporter: &Reporter) -> Result<Guest> {
        let component = component::load(&options.component, options.allow_precompiled)?;
        let linker = linker(component.engine())?;
        component::check(&component, &linker, &options.component)?;
        let reporter = reporter.clone();
        let dgram = DgramCtx::builder()
            .grants(options.grants()?, ambient_authority())
            .on_refusal(move |refusal: &datagrant::Refusal| reporter.refused(refusal))
            .build();
        let host = Host {
            table: ResourceTable::new(),
            wasi: wasi(options)?,
            dgram,
        };
        let mut store = Store::new(component.engine(), host);
        // Each tick of the engine's epoch makes it yield, and whoever awaits it may drop it then.
        store.set_epoch_deadline(1);
        store.epoch_deadline_async_yield_and_update(1);
        Ok(Guest {
            store,
            component,
            linker,
        })
    }

    /// Instantiates it and calls `wasi:cli/run`. Dropping the future closes the guest's sockets.
    async fn run(mut self) -> Result<Status> {
        let result = async {
            let command = Command::instantiate_async(&mut self.store, &self.component, &self.linker).await?;
            command.wasi_cli_run().call_run(&mut self.store).await
        }
        .await;
        Ok(match result {
            Ok(Ok(())) => Status::Exited(0),
            Ok(Err(())) => Status::FAILED,
            Err(error) => match error.downcast_ref::<I32Exit>() {
                // As the kernel does: the low byte.
                Some(I32Exit(code)) => Status::Exited(*code as u8),
                None => {
                    eprintln!("datagrant: the guest trapped: {error:?}");
                    Status::Trapped
                }
            },
        })
    }
}

fn linker(engine: &Engine) -> Result<Linker<Host>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    datagrant::add_to_linker(&mut linker)?;
    Ok(linker)
}

/// Stdio and arguments, and what the options add. `wasi:sockets` is linked, because many toolchains import it without
/// need, and refuses everything.
fn wasi(options: &options::Run) -> Result<WasiCtx> {
    let mut wasi = WasiCtx::builder();
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
