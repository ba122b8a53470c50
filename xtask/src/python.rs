//! What the Python SDK is built and tested with: CPython for WASI, and packages from PyPI, all pinned.

use crate::setup;
use crate::shell::{command, root, run, say};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

const FOLDER: &str = "target/python";
const SDK: &str = "guest/python";
/// What is installed, each by its version.
const LISTS: [&str; 2] = ["requirements.txt", "requirements-test.txt"];

/// All that the tests of Python programs need. Where it cannot be had they say so themselves, and fail with CI=true.
pub fn prepare() {
    if let Err(reason) = packages() {
        println!("\nThe tests of Python programs will not run: {reason:#}");
    }
}

/// Installs them into a folder of their own, when they are not those of the lists; answers the Python that has them.
fn packages() -> Result<PathBuf> {
    let python = root().join(FOLDER).join("bin/python");
    let mut wanted = String::new();
    for list in LISTS {
        let file = root().join(SDK).join(list);
        wanted += &fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    }
    // Written when all of them were.
    let installed = root().join(FOLDER).join(".datagrant-packages");
    if fs::read_to_string(&installed).is_ok_and(|packages| packages == wanted) {
        return Ok(python);
    }
    say(&format!(
        "Installing componentize-py and what the Python SDK is tested with into {FOLDER} (150 MB: CPython for WASI)"
    ));
    let list = Path::new(SDK).join(LISTS[1]);
    setup::python_packages(FOLDER, &["--requirement", &list.to_string_lossy()])?;
    fs::write(&installed, wanted).with_context(|| format!("cannot write {}", installed.display()))?;
    Ok(python)
}

/// The echo example in Python, as components in `target/demo`.
pub fn echo() -> Result<PathBuf> {
    let python = packages()?;
    say("Building the echo server and client in Python as components");
    let demo = root().join("target/demo");
    fs::create_dir_all(&demo).with_context(|| format!("cannot make {}", demo.display()))?;
    for (app, name) in [("echo_server.py", "echo-server"), ("echo_client.py", "echo-client")] {
        let app = root().join(SDK).join("examples").join(app);
        build(&python, &app, &demo.join(name).with_extension("wasm"))?;
    }
    Ok(demo)
}

fn build(python: &Path, app: &Path, component: &Path) -> Result<()> {
    let mut build = command(&python.to_string_lossy());
    build.env("PYTHONPATH", root().join(SDK));
    build.args(["-m", "datagrant", "build"]).arg(app);
    run(build.arg("-o").arg(component))
}

/// The benchmark's program.
pub fn contestant() -> Result<PathBuf> {
    let python = packages()?;
    let component = root().join("target/bench/python.wasm");
    build(&python, &root().join("tests/bench/python/guest.py"), &component)?;
    Ok(component)
}
