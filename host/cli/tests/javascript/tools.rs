//! Node, and the build command of the SDK.

use crate::common::{Folder, Program, finishes, missing};
use std::path::{Path, PathBuf};
use std::process::Command;

pub const QUICKJS: &str = "quickjs";
pub const STARLINGMONKEY: &str = "starlingmonkey";

/// The workspace.
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the root of the workspace")
}

/// A file of the SDK.
pub fn sdk(file: &str) -> PathBuf {
    root().join("guest/js").join(file)
}

/// Where `cargo xtask test` puts Node 26.
pub fn node_file() -> PathBuf {
    root().join("target/bench/node/node_modules/node/bin/node")
}

/// Node 26, when it and the SDK's packages are installed. Where not, this says that the test does not run; with CI=true
/// that is a failure.
#[track_caller]
pub fn node() -> Option<Program> {
    let node = node_file();
    if let Some(file) = [&node, &sdk("node_modules/.package-lock.json")]
        .into_iter()
        .find(|file| !file.exists())
    {
        missing(&file.display().to_string(), "cargo xtask test installs it, with npm");
        return None;
    }
    Some(Program::new(Command::new(node)))
}

/// A component of a program, compiled ahead of time: that may take longer than a test is patient.
pub struct Component {
    pub file: PathBuf,
    _folder: Folder,
}

impl Component {
    /// Builds it. Call [`node`] before.
    #[track_caller]
    pub fn build(app: &Path, engine: &str, more: &[&str]) -> Component {
        let folder = Folder::new();
        let component = folder.path().join("app.wasm");
        let file = folder.path().join("app.cwasm");
        finishes(
            Command::new(node_file())
                .arg(sdk("bin/datagrant-js.js"))
                .arg("build")
                .arg(app)
                .arg("-o")
                .arg(&component)
                .args(["--engine", engine])
                .args(more),
        );
        finishes(
            Command::new(env!("CARGO_BIN_EXE_datagrant"))
                .arg("compile")
                .arg(&component)
                .arg("-o")
                .arg(&file),
        );
        Component { file, _folder: folder }
    }
}
