//! What the JavaScript SDK is built and tested with: Node, and npm packages, all pinned.

use crate::setup;
use crate::shell::{command, output, root, run, say};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// The npm package `node`, of that version.
const NODE: &str = "26.10.0";
/// The SDK, with its package-lock.json.
const SDK: &str = "guest/js";

/// Node, in a folder of its own below `target`, where it is fetched to when it is not there.
pub fn node() -> Result<PathBuf> {
    let folder = Path::new("target/bench/node");
    let program = root().join(folder).join("node_modules/node/bin/node");
    let is_there = || {
        output(command(&program.to_string_lossy()).arg("--version"))
            .as_deref()
            .map(str::trim)
            == Some(&format!("v{NODE}"))
    };
    if is_there() {
        return Ok(program);
    }
    say(&format!("Fetching Node {NODE} into {}", folder.display()));
    let mut npm = command("npm");
    npm.args(["install", "--prefix"]).arg(folder);
    npm.args(["--no-audit", "--no-fund", "--no-save", "--fetch-timeout=60000"]);
    // The package fetches the binary for this machine by a script of its own.
    npm.args(["--ignore-scripts=false", &format!("node@{NODE}")]);
    run(&mut npm)?;
    if !is_there() {
        bail!(
            "npm has installed node@{NODE}, and {} does not say so",
            program.display()
        );
    }
    Ok(program)
}

/// Installs the SDK's packages into its folder, when they are not those of its package-lock.json; answers the folder.
pub fn sdk() -> Result<PathBuf> {
    let folder = root().join(SDK);
    let wanted = std::fs::read(folder.join("package-lock.json")).context("cannot read package-lock.json")?;
    // A copy beside what was installed by it.
    let installed = folder.join("node_modules/.datagrant-lock.json");
    if std::fs::read(&installed).is_ok_and(|lock| lock == wanted) {
        return Ok(folder);
    }
    say(&format!(
        "Installing the JavaScript SDK's packages into {SDK}/node_modules (400 MB: two JavaScript engines)"
    ));
    // Not `npm ci`, which refuses a lock without optional packages for platforms that the registry has none for.
    let install = [
        "install",
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--fetch-timeout=60000",
    ];
    run(command("npm").current_dir(&folder).args(install))?;
    std::fs::write(&installed, wanted).with_context(|| format!("cannot write {}", installed.display()))?;
    Ok(folder)
}

/// All that the tests of the SDK need. Where it cannot be had they say so themselves, and fail with CI=true.
pub fn prepare() {
    if let Err(reason) = node().and_then(|_| sdk()) {
        println!("\nThe tests of the JavaScript SDK will not run: {reason:#}");
    }
}

/// The echo example in JavaScript, as components in `target/demo`.
pub fn echo() -> Result<PathBuf> {
    setup::javascript()?;
    let sdk = sdk()?;
    say("Building the echo server and client in TypeScript as components");
    let demo = root().join("target/demo");
    std::fs::create_dir_all(&demo).with_context(|| format!("cannot make {}", demo.display()))?;
    for name in ["echo-server", "echo-client"] {
        let app = sdk.join("examples").join(name).with_extension("ts");
        build(&sdk, &app, &demo.join(name).with_extension("wasm"), "quickjs")?;
    }
    Ok(demo)
}

fn build(sdk: &Path, app: &Path, component: &Path, engine: &str) -> Result<()> {
    let mut build = command("node");
    build.arg(sdk.join("bin/datagrant-js.js")).arg("build").arg(app);
    run(build.arg("-o").arg(component).args(["--engine", engine]))
}

/// The benchmark's program on that engine.
pub fn contestant(engine: &str) -> Result<PathBuf> {
    setup::javascript()?;
    let sdk = sdk()?;
    let component = root().join("target/bench").join(engine).with_extension("wasm");
    build(&sdk, &root().join("tests/bench/node/guest.js"), &component, engine)?;
    Ok(component)
}
