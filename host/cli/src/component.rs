//! Reading a component, and saying what is wrong with a file that is none.

use crate::{cache, engine, sys};
use anyhow::{Context, Result, anyhow, bail};
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use wasmtime::component::{Component, Linker};

/// A component, ready to be linked.
pub fn load(path: &Path, allow_precompiled: bool) -> Result<Component> {
    if allow_precompiled && is_precompiled(path)? {
        return engine::by_need(None, |engine| sys::load_precompiled(engine, path)).map_err(|e| {
            let file = path.display();
            anyhow!(
                "{file} is not of this version of datagrant on this machine, compile it again: {}",
                one_line(&e)
            )
        });
    }
    let bytes = read(path)?;
    engine::by_need(cache::open(), |engine| Component::from_binary(engine, &bytes)).map_err(|e| invalid(path, &e))
}

/// Whether it is an object file, as `datagrant compile` writes them.
fn is_precompiled(path: &Path) -> Result<bool> {
    let mut magic = [0; 4];
    let mut file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    match file.read_exact(&mut magic) {
        Ok(()) => Ok(magic == OBJECT),
        // Too short, or no file at all: what reads it whole says so.
        Err(_) => Ok(false),
    }
}

const OBJECT: [u8; 4] = *b"\x7fELF";

/// The bytes of the component at `path`.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let cannot_read = || format!("cannot read {}", path.display());
    let mut file = File::open(path).with_context(cannot_read)?;
    // Its beginning first: whatever else is at `path` may have no end.
    let mut bytes = Vec::new();
    file.by_ref()
        .take(PREAMBLE.len() as u64)
        .read_to_end(&mut bytes)
        .with_context(cannot_read)?;
    if bytes != PREAMBLE {
        bail!("{} {}", path.display(), no_component(&bytes));
    }
    file.read_to_end(&mut bytes).with_context(cannot_read)?;
    Ok(bytes)
}

/// The bytes of the core module at `path`.
pub fn read_module(path: &Path) -> Result<Vec<u8>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    if bytes.starts_with(&PREAMBLE) {
        bail!("{} is a component already", path.display());
    }
    if !bytes.starts_with(MODULE) {
        bail!(
            "{} {}",
            path.display(),
            no_component(&bytes).replace("component", "module")
        );
    }
    Ok(bytes)
}

/// How a core module begins.
const MODULE: &[u8] = b"\0asm\x01\0\0\0";

/// How a component begins: magic, version, layer.
const PREAMBLE: [u8; 8] = *b"\0asm\x0d\0\x01\0";

/// What a file is that begins like this instead.
fn no_component(beginning: &[u8]) -> &'static str {
    match beginning {
        MODULE => {
            "is a core module, not a component: build it for wasm32-wasip2, or make it one with `datagrant componentize`"
        }
        [0, b'a', b's', b'm', _, _, _, _] => "is of a version of WebAssembly that is not known here",
        _ if beginning.starts_with(&OBJECT) => {
            "is precompiled, that is native code, which no grant holds: run the .wasm file, or add --allow-precompiled if \
             you made it"
        }
        [] => "is empty",
        _ => "is not a WebAssembly component: it does not begin with \\0asm",
    }
}

/// Bytes that begin like a component and are none.
pub fn invalid(path: &Path, error: &anyhow::Error) -> anyhow::Error {
    anyhow!(
        "{} is not a component that can run here: {}",
        path.display(),
        one_line(error)
    )
}

/// What a component is, by what it exports.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It has a loop of its own.
    Command,
    /// The program has the loop, and calls it.
    Service,
}

impl Kind {
    /// By one of its exports.
    pub fn of(export: &str) -> Option<Kind> {
        if export.starts_with("wasi:cli/run@0.2") || is_asynchronous_run(export) {
            Some(Kind::Command)
        } else if export.starts_with("datagrant:dgram/handler@0.1") {
            Some(Kind::Service)
        } else {
            None
        }
    }
}

/// Whether a command is called by WASI 0.3's `run`.
pub fn is_asynchronous(component: &Component) -> bool {
    let ty = component.component_type();
    ty.exports(component.engine())
        .any(|(name, _)| is_asynchronous_run(name))
}

/// Drafts of 0.3.0 have other interfaces, each its own.
pub fn is_asynchronous_run(export: &str) -> bool {
    let version = export.strip_prefix("wasi:cli/run@");
    version.is_some_and(|v| v.starts_with("0.3.") && !v.contains('-'))
}

/// Whether `linker` has all that `component` imports, and it is of this kind; else what is missing, or the command that
/// takes it.
pub fn check<T: 'static>(component: &Component, kind: Kind, linker: &Linker<T>, path: &Path) -> Result<()> {
    let (file, engine) = (path.display(), component.engine());
    let ty = component.component_type();
    let exports: Vec<&str> = ty.exports(engine).map(|(name, _)| name).collect();
    let kinds: Vec<Kind> = exports.iter().filter_map(|export| Kind::of(export)).collect();
    if !kinds.contains(&kind) {
        let other_run = exports.iter().find(|export| export.starts_with("wasi:cli/run@"));
        let exports = if exports.is_empty() {
            "nothing".to_owned()
        } else {
            exports.join(", ")
        };
        if let Some(export) = other_run.filter(|_| kind == Kind::Command) {
            bail!(
                "{file} is a command of another version: it exports {export}, and what is offered is 0.2 and 0.3.0; build it \
                 for one of them"
            );
        }
        match (kind, kinds.is_empty()) {
            (Kind::Command, false) => bail!("{file} is a service, not a command: `datagrant serve` takes it"),
            (Kind::Service, false) => bail!("{file} is a command, not a service: `datagrant run` takes it"),
            (Kind::Command, true) => bail!("{file} is not a command: it exports {exports}, and no wasi:cli/run"),
            (Kind::Service, true) => {
                bail!("{file} is not a service: it exports {exports}, and no datagrant:dgram/handler@0.1")
            }
        }
    }
    linker.instantiate_pre(component).map(drop).map_err(|e| {
        let e = anyhow::Error::from(e);
        anyhow!(
            "{file} needs what is not offered here (WASI 0.2, WASI 0.3.0 and datagrant:dgram@0.1): {}",
            one_line(&e)
        )
    })
}

/// An error with its causes.
pub fn one_line(error: &anyhow::Error) -> String {
    format!("{error:#}")
        .split('\n')
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ")
}
