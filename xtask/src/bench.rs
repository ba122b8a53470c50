//! `cargo xtask bench`: builds what the benchmark needs, gets Node and the SDKs' engines, and becomes the benchmark.

use crate::shell::{cargo, command, line, root, run as step, say};
use crate::{javascript, python, setup};
use anyhow::{Context, Result};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;

/// What is asked of the benchmark.
#[derive(clap::Args)]
pub struct Options {
    /// Fewer rounds, IPv4 only: about two minutes.
    #[arg(long)]
    quick: bool,
    /// Write the results to this file, as a list of rows.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Rewrite docs/benchmark.md and docs/benchmark.svg.
    #[arg(long)]
    write: bool,
    /// Only these works, contestants and other figures, with commas between: `--only receive,typed`.
    #[arg(long, value_name = "NAMES")]
    only: Option<String>,
    /// Let the traffic's other side share the contestant's processor in all works.
    #[arg(long)]
    together: bool,
}

pub fn run(options: &Options) -> Result<()> {
    setup::wasm_target()?;
    say("Building the guests of the benchmark");
    step(cargo().args([
        "build",
        "--package",
        "datagrant-bench-guests",
        "--target",
        "wasm32-wasip2",
        "--release",
        "--target-dir",
        "target/guests",
    ]))?;
    say("Building the benchmark and the program with wasmtime, in release (several minutes the first time)");
    step(cargo().args([
        "build",
        "--release",
        "--package",
        "datagrant-bench",
        "--package",
        "datagrant-cli",
    ]))?;

    let guests = root().join("target/guests/wasm32-wasip2/release");
    let mut bench = command(&root().join("target/release/datagrant-bench").to_string_lossy());
    bench.arg("run");
    bench.arg("--component").arg(guests.join("datagrant_bench_guests.wasm"));
    bench.arg("--first-echo").arg(guests.join("first-echo.wasm"));
    bench.arg("--program").arg(root().join("target/release/datagrant"));
    match javascript::node() {
        Ok(node) => bench.arg("--node").arg(node),
        Err(reason) => {
            println!("\nNode is missing: {reason:#}");
            bench.arg("--no-node").arg(format!("{reason:#}"))
        }
    };
    for (contestant, component) in [
        ("starlingmonkey", javascript::contestant("starlingmonkey")),
        ("quickjs", javascript::contestant("quickjs")),
        ("python", python::contestant()),
    ] {
        match component {
            Ok(file) => bench.arg("--guest").arg(format!("{contestant}={}", file.display())),
            Err(reason) => {
                println!("\nThe contestant {contestant} is missing: {reason:#}");
                bench.arg("--no-guest").arg(format!("{contestant}={reason:#}"))
            }
        };
    }
    for (flag, is_set) in [
        ("--quick", options.quick),
        ("--write", options.write),
        ("--together", options.together),
    ] {
        if is_set {
            bench.arg(flag);
        }
    }
    if let Some(only) = &options.only {
        bench.arg("--only").arg(only);
    }
    if let Some(file) = &options.json {
        // Commands run at the root, and the file is meant from here.
        bench.arg("--json").arg(std::path::absolute(file)?);
    }
    say(if options.quick {
        "Measuring (about two minutes)"
    } else {
        "Measuring (a quarter of an hour)"
    });
    println!("  $ {}", line(&bench));
    // In place of this process, so that whoever ends one ends the other.
    Err(bench.exec()).context("cannot run the benchmark")
}
