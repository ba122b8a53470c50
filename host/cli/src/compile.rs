//! `datagrant compile`.

use crate::{component, engine, options, told};
use anyhow::{Context, Result};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

/// Compiles the component, and writes the result so that nobody else can change it.
pub fn compile(options: &options::Compile) -> Result<()> {
    let bytes = component::read(&options.component)?;
    let compiled = engine::by_need(None, |engine| engine.precompile_component(&bytes))
        .map_err(|e| component::invalid(&options.component, &e))?;
    let output = options.output.display();
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&options.output)
        .with_context(|| format!("cannot write {output}"))?;
    file.write_all(&compiled)
        .with_context(|| format!("cannot write {output}"))?;
    told::print(&format!(
        "{output}: {} bytes; run it with --allow-precompiled\n",
        compiled.len()
    ))
}
