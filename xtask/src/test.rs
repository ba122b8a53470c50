//! `cargo xtask test`.

use crate::shell::{cargo, run as step, say};
use crate::{c, go, javascript, jco, python, setup};
use anyhow::Result;

/// What is built for wasm only.
const COMPONENTS: [&str; 14] = [
    "datagrant-adapter",
    "datagrant-bench-guests",
    "datagrant-conformance",
    "datagrant-conformance-async",
    "datagrant-echo",
    "datagrant-echo-async",
    "datagrant-language-rust",
    "datagrant-middleware",
    "datagrant-pass-through",
    "datagrant-pass-through-async",
    "datagrant-pump",
    "datagrant-scripted",
    "datagrant-test-service",
    "datagrant-wasi-async",
];

/// What is built for wasm too: its pure parts have tests that run here.
const BOTH: [&str; 8] = [
    "datagrant-coap",
    "datagrant-dns",
    "datagrant-faults",
    "datagrant-firewall",
    "datagrant-guest",
    "datagrant-mdns",
    "datagrant-ntp",
    "datagrant-statsd",
];

/// Components with tests that run here, which no linker makes libraries of here: the contract's names have an `@`.
const MIDDLEWARES: [&str; 2] = ["datagrant-faults", "datagrant-firewall"];

/// Everything that CI runs. A warning is an error there (CI=true), and a warning elsewhere.
pub fn run() -> Result<()> {
    setup::wasm_target()?;
    setup::components()?;
    setup::clients()?;
    c::prepare();
    go::prepare();
    javascript::prepare();
    jco::prepare();
    python::prepare();

    say("Format");
    step(cargo().args(["fmt", "--all", "--check"]))?;
    step(cargo().args(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))?;

    let strict = std::env::var("CI").is_ok_and(|ci| ci == "true");
    let deny: &[&str] = if strict { &["--", "-D", "warnings"] } else { &[] };
    let components = |flag| COMPONENTS.iter().flat_map(move |component| [flag, *component]);
    say("Lints of what runs here (checks all of wasmtime the first time)");
    step(
        cargo()
            .args(["clippy", "--workspace", "--all-targets"])
            .args(components("--exclude"))
            .args(deny),
    )?;
    say("Lints of what runs as components");
    step(
        cargo()
            .args(["clippy", "--target", "wasm32-wasip2", "--target-dir", "target/guests"])
            .args(components("--package"))
            .args(BOTH.iter().flat_map(|package| ["--package", *package]))
            .args(deny),
    )?;

    say("What is fuzzed, that it compiles");
    step(cargo().args([
        "check",
        "--manifest-path",
        "fuzz/Cargo.toml",
        "--lib",
        "--target-dir",
        "target/fuzz",
    ]))?;

    say("Documentation");
    step(
        cargo()
            .args(["doc", "--no-deps"])
            .env("RUSTDOCFLAGS", if strict { "-D warnings" } else { "" }),
    )?;

    say("Tests (builds wasmtime the first time: several minutes)");
    // The workspace's default members: the rest runs as components, or in release (`cargo xtask bench`).
    step(cargo().arg("test"))?;
    say("Tests of what middlewares have of their own");
    step(
        cargo()
            .arg("test")
            .args(MIDDLEWARES.iter().flat_map(|package| ["--package", *package]))
            // The host's own files, which the firewall is made of too, were tested above.
            .args(["--", "--skip", "library::"]),
    )?;
    say("Benchmarks of the pure parts, each once: that they run");
    step(cargo().args(["test", "--bench", "decide"]))
}
