//! Python, and the build command of the SDK.

use crate::common::{Program, finishes, missing};
use std::path::{Path, PathBuf};
use std::process::Command;

pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the root of the workspace")
}

/// A file of the SDK.
pub fn sdk(file: &str) -> PathBuf {
    root().join("guest/python").join(file)
}

/// What `cargo xtask test` installs, as long as it is not there.
pub fn lacks() -> Option<PathBuf> {
    let packages = "target/python/.datagrant-packages";
    let file = root().join(packages);
    (!file.exists()).then_some(file)
}

/// Python, with the SDK, what its tests use, and nothing written beside sources.
pub fn python_command() -> Command {
    let mut command = Command::new(root().join("target/python/bin/python"));
    command.env("PYTHONPATH", sdk("")).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// The same, where it is installed. Where not, this says that the test does not run; with CI=true that is a failure.
#[track_caller]
pub fn python() -> Option<Program> {
    if let Some(file) = lacks() {
        missing(&file.display().to_string(), "cargo xtask test installs it, with pip");
        return None;
    }
    Some(Program::new(python_command()))
}

/// A component of a program, compiled ahead of time: that may take longer than a test is patient.
pub struct Component {
    pub file: PathBuf,
}

impl Component {
    /// Builds it. Call [`python`] before. `name`: each time in the same place, since what nobody drops would pile up.
    #[track_caller]
    pub fn build(name: &str, app: &Path, more: &[&str]) -> Component {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-sdk");
        std::fs::create_dir_all(&folder).expect("a folder of the tests' own");
        let component = folder.join(name).with_extension("wasm");
        let file = component.with_extension("cwasm");
        finishes(
            python_command()
                .args(["-m", "datagrant", "build"])
                .arg(app)
                .arg("-o")
                .arg(&component)
                .args(more),
        );
        let mut compile = Command::new(env!("CARGO_BIN_EXE_datagrant"));
        finishes(compile.arg("compile").arg(&component).arg("-o").arg(&file));
        Component { file }
    }

    /// `datagrant run`.
    pub fn run(&self) -> Program {
        crate::common::run(&self.file).arg("--allow-precompiled")
    }
}
