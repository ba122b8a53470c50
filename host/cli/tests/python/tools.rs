//! Python, and the component that componentize-py makes of `program`.

use crate::common::{Program, finishes, missing};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const FILES: [&str; 3] = ["program.py", "udp.py", "world.wit"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/program")
}

/// Where `cargo xtask test` puts Python with componentize-py.
fn tool(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/python/bin")
        .join(name)
}

/// Native Python, in the folder of the program.
pub fn python() -> Program {
    let mut command = Command::new(tool("python"));
    command.env("PYTHONDONTWRITEBYTECODE", "1").current_dir(folder());
    Program::new(command)
}

/// The component, compiled ahead of time, once for all tests. Where componentize-py is not installed, this says that the test
/// does not run; with CI=true that is a failure.
#[track_caller]
pub fn component() -> Option<&'static Path> {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    if !tool("componentize-py").exists() {
        missing(
            "target/python/bin/componentize-py",
            "cargo xtask test installs it, with pip",
        );
        return None;
    }
    Some(MADE.get_or_init(|| {
        // Each time the same: what nobody drops would pile up.
        let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
        fs::create_dir_all(&made).expect("a folder of the tests' own");
        // componentize-py writes beside what it reads.
        for file in FILES {
            fs::copy(folder().join(file), made.join(file)).expect("a file of the program");
        }
        finishes(
            Command::new(tool("componentize-py").canonicalize().expect("it is there"))
                .current_dir(&made)
                .args(["--quiet", "--wit-path", ".", "--world", "program"])
                .args(["componentize", "program", "--output", "udp.wasm"]),
        );
        finishes(Command::new(env!("CARGO_BIN_EXE_datagrant")).current_dir(&made).args([
            "compile",
            "udp.wasm",
            "--output",
            "udp.cwasm",
        ]));
        made.join("udp.cwasm")
    }))
}
