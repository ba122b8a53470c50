//! A runtime of components that is not wasmtime: npm packages, pinned, for the test of the adapter in it.

use crate::javascript;
use crate::shell::{command, root, run, say};
use anyhow::Result;
use std::path::Path;

const FOLDER: &str = "target/jco";
/// What makes JavaScript of a component, and the WASI 0.2 that this runs on in Node.
const PACKAGES: [&str; 2] = [
    "@bytecodealliance/jco-transpile@0.15.0",
    "@bytecodealliance/preview2-shim@0.26.1",
];

/// Installs what is not there. Where it cannot be had the test says so itself, and fails with CI=true.
pub fn prepare() {
    if let Err(reason) = javascript::node().and_then(|_| packages()) {
        println!("\nThe test of the adapter in Node will not run: {reason:#}");
    }
}

fn packages() -> Result<()> {
    // A copy of what was asked for, beside what came of it.
    let installed = root().join(FOLDER).join("node_modules/.datagrant-packages");
    let wanted = PACKAGES.join("\n");
    if std::fs::read_to_string(&installed).is_ok_and(|packages| packages == wanted) {
        return Ok(());
    }
    say(&format!("Fetching jco into {FOLDER} (150 MB)"));
    let mut npm = command("npm");
    npm.args(["install", "--prefix"]).arg(Path::new(FOLDER));
    npm.args([
        "--no-audit",
        "--no-fund",
        "--no-save",
        "--ignore-scripts",
        "--fetch-timeout=60000",
    ]);
    run(npm.args(PACKAGES))?;
    Ok(std::fs::write(installed, wanted)?)
}
