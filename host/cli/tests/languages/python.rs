//! Python: `tests/languages/python/checks.py` and `guest/python/examples/service.py`.

#[allow(dead_code, reason = "the suite of the SDK uses all of it")]
#[path = "../python_sdk/tools.rs"]
mod tools;

use std::path::Path;
use tools::{lacks, python_command, root, sdk};

pub fn build(program: &str, output: &Path) -> Result<(), String> {
    if let Some(missing) = lacks() {
        let missing = missing.display();
        return Err(format!("{missing} is missing; cargo xtask test installs it, with pip"));
    }
    let mut command = python_command();
    command.args(["-m", "datagrant", "build"]);
    match program {
        "checks" => command.arg(root().join("tests/languages/python/checks.py")),
        _ => command.arg(sdk("examples/service.py")).arg("--service"),
    };
    crate::common::finishes(command.arg("-o").arg(output));
    Ok(())
}
