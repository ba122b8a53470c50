//! `datagrant run`.

use crate::component::Kind;
use crate::guest::{Guest, Host, hand_in_all};
use crate::report::Reporter;
use crate::status::Status;
use crate::{options, sockets, supervise};
use anyhow::Result;
use std::num::NonZeroUsize;
use wasmtime::Store;
use wasmtime_wasi::I32Exit;
use wasmtime_wasi::p2::bindings::Command;

/// Runs the component until it ends, or until the program is told to.
pub fn run(options: options::Run) -> Result<Status> {
    let reporter = Reporter::default();
    let wanted = options.guest.sockets.clone();
    let guest = Guest::load(options.guest, Kind::Command, reporter.clone())?;
    let mut sockets = sockets::bind(&wanted, NonZeroUsize::MIN)?;
    let store = guest.store(hand_in_all(sockets::next_member(&mut sockets)))?;
    let engine = guest.component.engine().clone();
    let status = supervise::until_signalled(command(guest, store), || engine.increment_epoch());
    reporter.finish();
    status
}

/// Instantiates it and calls `wasi:cli/run`. Dropping the future closes the guest's sockets.
async fn command(guest: Guest, mut store: Store<Host>) -> Result<Status> {
    let result = async {
        let command = Command::instantiate_async(&mut store, &guest.component, &guest.linker).await?;
        command.wasi_cli_run().call_run(&mut store).await
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
