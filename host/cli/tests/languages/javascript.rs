//! JavaScript: `tests/languages/javascript/checks.js` and `guest/js/examples/service.ts`, in QuickJS: the
//! engines behave alike (`host/cli/tests/javascript/table.rs`), and Cranelift takes ten times as long for the other.

#[allow(dead_code, reason = "the suite of the SDK uses all of it")]
#[path = "../javascript/tools.rs"]
mod tools;

use std::path::Path;
use std::process::Command;
use tools::{QUICKJS, node_file, root, sdk};

pub fn build(program: &str, output: &Path) -> Result<(), String> {
    let (node, packages) = (node_file(), sdk("node_modules/.package-lock.json"));
    if let Some(missing) = [&node, &packages].into_iter().find(|file| !file.exists()) {
        let missing = missing.display();
        return Err(format!("{missing} is missing; cargo xtask test installs it, with npm"));
    }
    let mut command = Command::new(node);
    command.arg(sdk("bin/datagrant-js.js")).arg("build");
    match program {
        "checks" => command.arg(root().join("tests/languages/javascript/checks.js")),
        _ => command.arg(sdk("examples/service.ts")).arg("--service"),
    };
    crate::common::finishes(command.arg("-o").arg(output).args(["--engine", QUICKJS]));
    Ok(())
}
