//! `cargo xtask test`.

use crate::setup;
use crate::shell::{cargo, run as step, say};
use anyhow::Result;

/// What is built for wasm only. What `cargo test` runs is the rest, the workspace's default members.
const COMPONENTS: [&str; 6] = [
    "datagrant-adapter",
    "datagrant-conformance",
    "datagrant-echo",
    "datagrant-middleware",
    "datagrant-middleware-async",
    "datagrant-scripted",
];

/// Everything that CI runs. A warning is an error there (CI=true), and a warning elsewhere.
pub fn run() -> Result<()> {
    setup::wasm_target()?;
    setup::components()?;
    setup::clients()?;

    say("Format");
    step(cargo().args(["fmt", "--all", "--check"]))?;

    let strict = std::env::var("CI").is_ok_and(|ci| ci == "true");
    let deny: &[&str] = if strict { &["--", "-D", "warnings"] } else { &[] };
    say("Lints of what runs here (checks all of wasmtime the first time)");
    step(cargo().args(["clippy", "--all-targets"]).args(deny))?;
    say("Lints of what runs as components");
    let mut clippy = cargo();
    clippy.args([
        "clippy",
        "--target",
        "wasm32-wasip2",
        "--target-dir",
        "target/guests",
        "--package",
        "datagrant-guest",
    ]);
    for component in COMPONENTS {
        clippy.args(["--package", component]);
    }
    step(clippy.args(deny))?;

    say("Documentation");
    step(
        cargo()
            .args(["doc", "--no-deps"])
            .env("RUSTDOCFLAGS", if strict { "-D warnings" } else { "" }),
    )?;

    say("Tests (builds wasmtime the first time: several minutes)");
    step(cargo().arg("test"))
}
