//! Asking a middleware whether it understands its options, before anything of the guest runs.

use crate::guest::{self, Host};
use crate::supervise::runtime;
use crate::{cache, component, engine};
use anyhow::{Context, Result, anyhow, bail};
use std::path::Path;
use wasmtime::Store;
use wasmtime::component::Component;

/// Calls the function `check` of this export, in an instance of its own that is granted nothing.
pub fn check(bytes: &[u8], path: &Path, export: &str) -> Result<()> {
    let file = path.display();
    let middleware = engine::by_need(cache::open(), |engine| Component::from_binary(engine, bytes))
        .map_err(|error| component::invalid(path, &error))?;
    let engine = middleware.engine();
    let linker = guest::linker(engine)?;
    let mut store = Store::new(engine, Host::bare());
    // Nobody else's time passes yet.
    store.set_epoch_deadline(u64::MAX);
    let answer: wasmtime::Result<_> = runtime()?.block_on(async {
        let instance = linker.instantiate_async(&mut store, &middleware).await?;
        let function = instance
            .get_export_index(&mut store, None, export)
            .and_then(|instance_| instance.get_export_index(&mut store, Some(&instance_), "check"))
            .and_then(|index| instance.get_func(&mut store, index))
            .context("it exports no function check")
            .map_err(wasmtime::Error::from_anyhow)?;
        let function = function.typed::<(), (Result<(), String>,)>(&store)?;
        function.call_async(&mut store, ()).await
    });
    match answer {
        Ok((Ok(()),)) => Ok(()),
        Ok((Err(problem),)) => bail!("{file}: {problem}"),
        Err(error) => {
            let error = anyhow::Error::from(error);
            Err(anyhow!(
                "{file} cannot be asked about its options: {}",
                component::one_line(&error)
            ))
        }
    }
}
