//! What C, C++ and Zig programs are built with: zig, which needs no root, and clang from Debian.

use crate::shell::{command, output, root, run, say};
use crate::{build, setup};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The PyPI package `ziglang`, of that version: zig, with clang and wasi-libc in it.
const ZIG: &str = "0.17.0";
const FOLDER: &str = "target/zig";

/// All that the tests of the C SDK need. Where it cannot be had they say so themselves, and fail with CI=true.
pub fn prepare() {
    if let Err(reason) = zig().and_then(|_| setup::clang()) {
        println!("\nThe tests of the C SDK will not run: {reason:#}");
    }
}

/// zig, in a folder of its own below `target`, where it is fetched to when it is not there.
fn zig() -> Result<PathBuf> {
    let program = root().join(FOLDER).join("bin/python-zig");
    let version = output(command(&program.to_string_lossy()).arg("version"));
    if version.is_some_and(|version| version.trim() == ZIG) {
        return Ok(program);
    }
    say(&format!("Installing zig {ZIG} into {FOLDER} (400 MB)"));
    setup::python_packages(FOLDER, &[&format!("ziglang=={ZIG}")])?;
    Ok(program)
}

/// The echo example in C, as components in `target/demo`.
pub fn echo() -> Result<PathBuf> {
    let zig = zig()?;
    let datagrant = build::program()?;
    say("Building the echo server and client in C as components (zig builds its libc the first time)");
    let demo = root().join("target/demo");
    std::fs::create_dir_all(&demo).with_context(|| format!("cannot make {}", demo.display()))?;
    for name in ["echo-server", "echo-client"] {
        let module = Path::new("target/demo").join(name).with_extension("core.wasm");
        let mut compile = command(&zig.to_string_lossy());
        compile.args(["cc", "-target", "wasm32-wasi", "-Os", "-Iguest/c"]);
        compile.args([&format!("guest/c/examples/{name}.c"), "guest/c/datagrant.c", "-o"]);
        run(compile.arg(&module))?;
        let mut componentize = command(&datagrant.to_string_lossy());
        componentize.arg("componentize").arg(&module).arg("-o");
        run(componentize.arg(Path::new("target/demo").join(name).with_extension("wasm")))?;
    }
    Ok(demo)
}
