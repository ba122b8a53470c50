//! Programs that are not ours, from Debian.

pub use crate::common::missing;

use crate::common::Program;
use std::path::Path;
use std::process::Command;

/// The program of this Debian package. Where it is missing, this says that the test does not run; with CI=true that is a
/// failure.
#[track_caller]
pub fn tool(name: &str, package: &str) -> Option<Program> {
    // Daemons are where a user's PATH may not lead.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/sbin".into()]);
    let found = folders.map(|folder| folder.join(name)).find(|file| file.is_file());
    if found.is_none() {
        missing(name, &format!("apt-get install {package}"));
    }
    found.map(|file| Program::new(Command::new(file)))
}

/// The folder of an example.
pub fn folder(example: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let folder = root.join(example).canonicalize().expect("the folder of an example");
    folder.to_str().expect("a path in UTF-8").to_owned()
}
