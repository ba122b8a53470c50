//! Go: `tests/languages/go` and `guest/go/examples/service`.

#[allow(dead_code, reason = "the suite of the SDK uses all of it")]
#[path = "../go/tools.rs"]
mod tools;

use std::path::Path;

pub fn build(program: &str, output: &Path) -> Result<(), String> {
    match program {
        "checks" => tools::build(&tools::root().join("tests/languages/go"), ".", output, &[]),
        _ => tools::build(&tools::sdk("examples"), "./service", output, &["-service"]),
    }
}
