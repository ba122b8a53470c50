//! C: `tests/languages/c/checks.c` and `guest/c/examples/service.c`, by zig, which needs no root: what clang makes of the same
//! SDK is tried with it (`host/cli/tests/c`).

#[allow(dead_code, reason = "the suite of the SDK uses all of it")]
#[path = "../c/tools.rs"]
mod tools;

use std::path::Path;
use tools::{Compiler, SERVICE, root, sdk};

pub fn build(program: &str, output: &Path) -> Result<(), String> {
    Compiler::Zig.is_there()?;
    match program {
        // zig leaves the names of functions out of what it optimises for size.
        "checks" => Compiler::Zig.build(&root().join("tests/languages/c/checks.c"), &["-g"], output),
        _ => Compiler::Zig.build(&sdk("examples/service.c"), &SERVICE, output),
    }
    Ok(())
}
