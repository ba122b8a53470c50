//! Builds that demo and test share.

use crate::shell::{cargo, root, run, say};
use anyhow::{Context, Result};
use std::path::PathBuf;

/// Builds the echo example as components and leaves them in `target/demo`.
pub fn echo() -> Result<PathBuf> {
    say("Building the echo server and client as components");
    // A target folder of its own, which tests/build.rs shares: cargo holds one lock a folder.
    run(cargo()
        .args([
            "build",
            "--package",
            "datagrant-echo",
            "--target",
            "wasm32-wasip2",
            "--profile",
            "guest",
        ])
        .args(["--target-dir", "target/guests"]))?;
    let demo = root().join("target/demo");
    std::fs::create_dir_all(&demo).with_context(|| format!("cannot make {}", demo.display()))?;
    for name in ["echo-server.wasm", "echo-client.wasm"] {
        let built = root().join("target/guests/wasm32-wasip2/guest").join(name);
        std::fs::copy(&built, demo.join(name)).with_context(|| format!("cannot copy {}", built.display()))?;
    }
    println!("  target/demo/echo-server.wasm, target/demo/echo-client.wasm");
    Ok(demo)
}

/// Builds the `datagrant` program.
pub fn program() -> Result<PathBuf> {
    say("Building the program `datagrant` with wasmtime (several minutes the first time)");
    // Without --package: the packages that are selected decide the features of shared dependencies, and the tests would
    // build wasmtime once more.
    run(cargo().args(["build", "--bin", "datagrant"]))?;
    Ok(root().join("target/debug/datagrant"))
}
