//! Go, and the components that the SDK's build command makes.

use crate::common::{Folder, Program, finishes, missing};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the root of the workspace")
}

/// A file or folder of the SDK.
pub fn sdk(path: &str) -> PathBuf {
    root().join("guest/go").join(path)
}

/// Go, new enough for the SDK, in a folder of it: the one that is there, or the one that `cargo xtask test` fetches. Where
/// there is none, this says that the test does not run; with CI=true that is a failure.
#[track_caller]
pub fn go(folder: &str) -> Option<Command> {
    let fetched = root().join("target/go/go/bin/go");
    let places = [PathBuf::from("go"), PathBuf::from("/usr/local/go/bin/go"), fetched];
    // Of a Go that is too old, the SDK's go.mod says so.
    let can_build = |go: &&PathBuf| {
        let listed = Command::new(go).current_dir(sdk("")).args(["list", "./dgram"]).output();
        listed.is_ok_and(|listed| listed.status.success())
    };
    let Some(go) = places.iter().find(can_build) else {
        missing("Go 1.26", "cargo xtask test fetches it, with pip");
        return None;
    };
    let mut command = Command::new(go);
    command.current_dir(sdk(folder));
    Some(command)
}

/// The build command, in a folder of the SDK.
#[track_caller]
pub fn datagrant_go(folder: &str) -> Option<Program> {
    let mut command = go(folder)?;
    command.args(["run", "datagrant/cmd/datagrant-go"]);
    Some(Program::new(command))
}

/// A component of a program, compiled ahead of time, which takes seconds.
pub struct Component {
    pub file: PathBuf,
    _folder: Folder,
}

impl Component {
    /// Builds a package of a folder of the SDK; none where Go is missing.
    #[track_caller]
    pub fn build(folder: &str, package: &str, more: &[&str]) -> Option<Component> {
        let mut build = go(folder)?;
        let made = Folder::new();
        let component = made.path().join("app.wasm");
        let file = made.path().join("app.cwasm");
        let datagrant = env!("CARGO_BIN_EXE_datagrant");
        finishes(
            build
                .args(["run", "datagrant/cmd/datagrant-go", "build", package, "-o"])
                .arg(&component)
                .args(["-datagrant", datagrant])
                .args(more),
        );
        finishes(
            Command::new(datagrant)
                .arg("compile")
                .arg(&component)
                .arg("-o")
                .arg(&file),
        );
        Some(Component { file, _folder: made })
    }
}
