//! What Python programs are made components with.

use crate::setup;
use crate::shell::{command, output, root, run, say};
use anyhow::Result;
use std::path::Path;

/// The PyPI package `componentize-py`, of that version: it brings CPython for WASI.
const COMPONENTIZE: &str = "0.25.1";
const FOLDER: &str = "target/python";

/// All that the tests of Python programs need, in a folder of its own. Where it cannot be had they say so themselves, and fail with
/// CI=true.
pub fn prepare() {
    if let Err(reason) = componentize() {
        println!("\nThe tests of Python programs will not run: {reason:#}");
    }
}

fn componentize() -> Result<()> {
    let program = root().join(FOLDER).join("bin/componentize-py");
    let version = output(command(&program.to_string_lossy()).arg("--version"));
    if version.is_some_and(|version| version.trim().ends_with(COMPONENTIZE)) {
        return Ok(());
    }
    setup::python_environments()?;
    say(&format!(
        "Installing componentize-py {COMPONENTIZE} into {FOLDER} (100 MB: CPython for WASI)"
    ));
    run(command("python3").args(["-m", "venv", "--clear", FOLDER]))?;
    let python = Path::new(FOLDER).join("bin/python");
    let mut pip = command(&python.to_string_lossy());
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--quiet"]);
    run(pip.arg(format!("componentize-py=={COMPONENTIZE}")))
}
