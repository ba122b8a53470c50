//! `datagrant run`.

use crate::audit::Audit;
use crate::component::{self, Kind};
use crate::guest::{Guest, Host, hand_in_all};
use crate::record::Recording;
use crate::replay::{Outcome, Replay, Watch};
use crate::report::Reporter;
use crate::status::Status;
use crate::{compose, metrics, options, report, sockets, supervise};
use anyhow::{Result, bail};
use datagrant::DgramCtxBuilder;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use wasmtime::Store;
use wasmtime_wasi::{I32Exit, p2, p3};

/// Runs the component until it ends, or until the program is told to.
pub fn run(options: options::Run) -> Result<Status> {
    // Before what is counted.
    metrics::serve(options.guest.metrics)?;
    let reporter = Reporter::default();
    let (wanted, audit) = (options.guest.sockets.clone(), options.guest.audit.clone());
    let (record, replay) = (options.guest.record.clone(), options.replay.clone());
    let mut guest = load(options, reporter.clone())?;
    let replay = replay.as_deref().map(|path| open_replay(path, &guest)).transpose()?;
    let mut bound = match &replay {
        None => sockets::bind(&wanted, NonZeroUsize::MIN)?,
        Some(_) => vec![],
    };
    let capture_only = component::is_asynchronous(&guest.component).then_some(ASYNCHRONOUS);
    let recording = Recording::open(record.as_deref(), &guest, capture_only)?;
    let ending = Watch::new(guest.component.engine());
    let on_tape = match &replay {
        Some(replay) => Some(replay.on_tape(&ending)?),
        None => recording.on_tape(),
    };
    if on_tape.is_some() {
        guest.put_on_tape()?;
    }
    let guest = Arc::new(guest);
    let audit = Audit::open(audit.as_deref(), guest.path(), NonZeroUsize::MIN)?;
    let hand_in = |builder| match &replay {
        None => hand_in_all(sockets::next_member(&mut bound))(builder),
        Some(_) => recorded(&wanted, builder),
    };
    let (store, watch) = guest.store(audit.tap(1), on_tape.as_ref(), hand_in)?;
    let quota = guest.quota.clone();
    let engine = guest.component.engine().clone();
    let supervised = supervise::Supervised {
        interrupt: || engine.increment_epoch(),
        hang_up: guest.has_grants_file().then_some(|| guest.read_grants_again()),
    };
    let running = guest.clone();
    let run = async move {
        let outcome = ending.run(watch.run(command(running, store))).await?;
        Ok(match (replay, on_tape, outcome) {
            (Some(replay), Some(on_tape), outcome) => replay.compare(outcome, &on_tape.tape),
            (_, _, Outcome::Ended(status)) => status,
            (_, _, Outcome::Over(over)) => bail!("{over}"),
        })
    };
    let status = supervise::until_signalled(run, supervised);
    reporter.finish();
    audit.finish();
    recording.finish(status.as_ref().ok().copied());
    report::limits(&quota);
    status
}

/// The component, with its middlewares.
fn load(options: options::Run, reporter: Reporter) -> Result<Guest> {
    let options::Run { mut guest, with, .. } = options;
    if with.is_empty() {
        return Guest::load(guest, Kind::Command, reporter);
    }
    let composition = compose::compose(&guest.component, &with)?;
    if !composition.goes_round.is_empty() {
        let who = composition.goes_round.join(" and ");
        tell!("datagrant: {who} imports wasi:sockets, which no middleware wraps: it is denied");
    }
    guest.deny_wasi_sockets = true;
    let component = composition.compile(&guest.component)?;
    Guest::of(component, guest, Kind::Command, reporter)
}

/// What waits for several things at once is resumed in an order that nothing writes down.
const ASYNCHRONOUS: &str = "the component is of WASI 0.3";

fn open_replay(path: &Path, guest: &Guest) -> Result<Replay> {
    let replay = Replay::open(path)?;
    if component::is_asynchronous(&guest.component) {
        bail!("cannot replay {}: {ASYNCHRONOUS}", path.display());
    }
    Ok(replay)
}

/// Their names: the recording has the rest.
fn recorded(wanted: &[options::NamedSocket], mut builder: DgramCtxBuilder) -> Result<DgramCtxBuilder> {
    for socket in wanted {
        builder = builder.recorded_socket(&socket.name)?;
    }
    Ok(builder)
}

/// Instantiates it and calls `wasi:cli/run`. Dropping the future closes the guest's sockets.
async fn command(guest: Arc<Guest>, mut store: Store<Host>) -> Result<Status> {
    let result = match component::is_asynchronous(&guest.component) {
        false => call(&guest, &mut store).await,
        true => call_asynchronous(&guest, &mut store).await,
    };
    Ok(match result {
        Ok(Ok(())) => Status::Exited(0),
        Ok(Err(())) => Status::FAILED,
        Err(error) => match error.downcast_ref::<I32Exit>() {
            // As the kernel does: the low byte.
            Some(I32Exit(code)) => Status::Exited(*code as u8),
            None => {
                tell!("datagrant: the guest {}", report::end(&error));
                Status::Trapped
            }
        },
    })
}

/// WASI 0.2.
async fn call(guest: &Guest, store: &mut Store<Host>) -> wasmtime::Result<Result<(), ()>> {
    let command = p2::bindings::Command::instantiate_async(&mut *store, &guest.component, &guest.linker).await?;
    command.wasi_cli_run().call_run(store).await
}

/// WASI 0.3. It ends when `run` answers, also where tasks that it has left behind do not.
async fn call_asynchronous(guest: &Guest, store: &mut Store<Host>) -> wasmtime::Result<Result<(), ()>> {
    let command = p3::bindings::Command::instantiate_async(&mut *store, &guest.component, &guest.linker).await?;
    store
        .run_concurrent(async |store| command.wasi_cli_run().call_run(store).await)
        .await?
}
