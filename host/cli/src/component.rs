//! Reading a component, and saying what is wrong with a file that is none.

use anyhow::{Context, Result, anyhow, bail};
use std::path::Path;
use wasmtime::Engine;
use wasmtime::component::{Component, Linker};

/// Reads and compiles the component at `path`.
pub fn load(engine: &Engine, path: &Path) -> Result<Component> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let file = path.display();
    // The preamble of the binary format: magic, version, layer.
    match bytes.get(..8) {
        Some(b"\0asm\x0d\0\x01\0") => {}
        Some(b"\0asm\x01\0\0\0") => bail!(
            "{file} is a core module, not a component: build it for wasm32-wasip2, or wrap it with `wasm-tools component new`"
        ),
        Some([0, b'a', b's', b'm', ..]) => bail!("{file} is of a version of WebAssembly that is not known here"),
        None if bytes.is_empty() => bail!("{file} is empty"),
        Some([0x7f, b'E', b'L', b'F', ..]) => {
            bail!("{file} is precompiled, that is native code, which no grant could hold: run the .wasm file")
        }
        _ => bail!("{file} is not a WebAssembly component: it does not begin with \\0asm"),
    }
    Component::from_binary(engine, &bytes)
        .map_err(|e| anyhow!("{file} is not a component that can run here: {}", one_line(&e)))
}

/// Whether `linker` has all that `component` imports, and it is a command; else what is missing.
pub fn check<T: 'static>(engine: &Engine, component: &Component, linker: &Linker<T>, path: &Path) -> Result<()> {
    let file = path.display();
    let ty = component.component_type();
    if !ty.exports(engine).any(|(name, _)| name.starts_with("wasi:cli/run@0.2")) {
        let exports: Vec<&str> = ty.exports(engine).map(|(name, _)| name).collect();
        let exports = if exports.is_empty() {
            "nothing".to_owned()
        } else {
            exports.join(", ")
        };
        bail!("{file} is not a command: it exports {exports}, and no wasi:cli/run@0.2");
    }
    linker.instantiate_pre(component).map(drop).map_err(|e| {
        anyhow!(
            "{file} needs what is not offered here (WASI 0.2 and datagrant:dgram@0.1): {}",
            one_line(&e)
        )
    })
}

/// An error with its causes.
fn one_line(error: &wasmtime::Error) -> String {
    format!("{error:#}")
        .split('\n')
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ")
}
