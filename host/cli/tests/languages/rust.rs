//! Rust: `tests/languages/rust` and `examples/echo`, which `tests/build.rs` has built.

use datagrant_tests::{CHECKS, ECHO_SERVICE};
use std::fs;
use std::path::Path;

pub fn build(program: &str, output: &Path) -> Result<(), String> {
    let component = match program {
        "checks" => CHECKS,
        _ => ECHO_SERVICE,
    };
    let copied = fs::copy(component, output);
    copied.map(drop).map_err(|e| format!("{component}: {e}"))
}
