//! Go, and the components that the SDK's build command makes.

use crate::common::{Folder, finishes, missing};
use std::path::{Path, PathBuf};
use std::process::Command;

const HOW: &str = "cargo xtask test fetches it, with pip";

pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the root of the workspace")
}

/// A folder of the SDK.
pub fn sdk(folder: &str) -> PathBuf {
    root().join("guest/go").join(folder)
}

/// Go, new enough for the SDK: the one that is there, or the one that `cargo xtask test` fetches.
pub fn found() -> Option<PathBuf> {
    let fetched = root().join("target/go/go/bin/go");
    let mut places = [PathBuf::from("go"), PathBuf::from("/usr/local/go/bin/go"), fetched].into_iter();
    // A Go that is too old says so of the SDK's go.mod.
    places.find(|go| {
        let listed = Command::new(go).current_dir(sdk("")).args(["list", "./dgram"]).output();
        listed.is_ok_and(|listed| listed.status.success())
    })
}

/// Go, in a folder of the SDK. Where there is none, this says that the test does not run; with CI=true that is a failure.
#[track_caller]
pub fn go(folder: &str) -> Option<Command> {
    let Some(go) = found() else {
        missing("Go 1.26", HOW);
        return None;
    };
    let mut command = Command::new(go);
    command.current_dir(sdk(folder));
    Some(command)
}

/// Builds a package as a component, in a folder of a module that requires the SDK; what is missing for that.
pub fn build(folder: &Path, package: &str, output: &Path, more: &[&str]) -> Result<(), String> {
    let go = found().ok_or_else(|| format!("Go 1.26 is missing; {HOW}"))?;
    let mut command = Command::new(go);
    command.args(["run", "datagrant/cmd/datagrant-go", "build", package, "-o"]);
    command
        .arg(output)
        .args(["-datagrant", env!("CARGO_BIN_EXE_datagrant")]);
    finishes(command.current_dir(folder).args(more));
    Ok(())
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
        let made = Folder::new();
        let component = made.path().join("app.wasm");
        let file = made.path().join("app.cwasm");
        go(folder)?;
        build(&sdk(folder), package, &component, more).expect("Go is there");
        let mut compile = Command::new(env!("CARGO_BIN_EXE_datagrant"));
        finishes(compile.arg("compile").arg(&component).arg("-o").arg(&file));
        Some(Component { file, _folder: made })
    }
}
