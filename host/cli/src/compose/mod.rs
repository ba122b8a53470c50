//! Composition: middlewares between a component and the host, for `--with` and `datagrant compose`.

mod check;
mod graph;
mod made;
mod middleware;

use crate::component::{self, Kind};
use crate::explain::Shape;
use crate::options::{self, With};
use crate::{cache, engine, told};
use anyhow::{Context, Result, anyhow};
use middleware::Middleware;
use std::fs;
use std::path::Path;
use wasmtime::component::Component;

/// A component with its middlewares: one component.
pub struct Composition {
    bytes: Vec<u8>,
    /// The files of those of its components that import `wasi:sockets`, which goes round the middlewares.
    pub goes_round: Vec<String>,
}

/// Joins a component and its middlewares, the first of which is next to the host. A service is made a command of: it waits by
/// the middlewares' waits, which know of what is late, and not by the host's.
pub fn compose(path: &Path, with: &[With]) -> Result<Composition> {
    let mut bytes = component::read(path)?;
    let shape = shape(&bytes, path)?;
    let mut goes_round = vec![];
    note(&shape, path, &mut goes_round);
    if is_service(&shape) {
        let cannot = || format!("{} cannot be made a command of", path.display());
        bytes = graph::plug(&made::pump()?, &bytes).with_context(cannot)?;
    }
    // From the inside out: what is joined imports what the next one exports.
    for with in with.iter().rev() {
        let middleware = Middleware::read(with)?;
        note(&middleware.shape, &with.path, &mut goes_round);
        bytes = middleware.wrap(&bytes, path)?;
    }
    // What a middleware wraps of it goes round nothing.
    if !imports_wasi_sockets(&self::shape(&bytes, path)?) {
        goes_round.clear();
    }
    Ok(Composition { bytes, goes_round })
}

fn shape(bytes: &[u8], path: &Path) -> Result<Shape> {
    Shape::read(bytes).map_err(|error| component::invalid(path, &error))
}

fn is_service(shape: &Shape) -> bool {
    let kinds: Vec<Kind> = shape.exports.iter().filter_map(|export| Kind::of(export)).collect();
    kinds.contains(&Kind::Service) && !kinds.contains(&Kind::Command)
}

fn imports_wasi_sockets(shape: &Shape) -> bool {
    let names = shape.imports.iter().map(|import| &import.name);
    names.into_iter().any(|name| name.starts_with("wasi:sockets/"))
}

fn note(shape: &Shape, path: &Path, goes_round: &mut Vec<String>) {
    if imports_wasi_sockets(shape) {
        goes_round.push(path.display().to_string());
    }
}

impl Composition {
    /// Compiled, or out of the cache.
    pub fn compile(&self, path: &Path) -> Result<Component> {
        let bytes = &self.bytes;
        engine::by_need(cache::open(), |engine| Component::from_binary(engine, bytes)).map_err(|error| {
            anyhow!(
                "{} with its middlewares: {}",
                path.display(),
                component::one_line(&error)
            )
        })
    }
}

/// `datagrant compose`.
pub fn write(options: &options::Compose) -> Result<()> {
    let output = options.output.display();
    let bytes = match (&options.component, &options.options) {
        (_, Some(options)) => made::options(&options.0)?,
        (Some(path), None) => {
            let Composition { bytes, goes_round } = compose(path, &options.with)?;
            let bytes = options.plug.iter().try_fold(bytes, |bytes, plug| {
                let cannot = || format!("{} has nothing for {}", plug.display(), path.display());
                graph::plug(&bytes, &component::read(plug)?).with_context(cannot)
            })?;
            if !goes_round.is_empty() {
                tell!(
                    "datagrant: {} imports wasi:sockets, which no middleware wraps: run {output} with --deny-wasi-sockets",
                    goes_round.join(" and ")
                );
            }
            bytes
        }
        (None, None) => unreachable!("clap asks for one of them"),
    };
    fs::write(&options.output, &bytes).with_context(|| format!("cannot write {output}"))?;
    told::print(&format!("{output}: {} bytes\n", bytes.len()))
}
