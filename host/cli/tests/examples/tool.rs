//! Programs that are not ours, from Debian.

use crate::common::Program;
use std::io::{self, Write};
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

/// Says that the test does not run without `what`, and how to get it.
#[track_caller]
pub fn missing(what: &str, how: &str) {
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!ci, "{what} is missing: {how}");
    // Not by a macro, whose output a test that passes does not show.
    writeln!(io::stderr(), "not run: {what} is missing; to run it: {how}").expect("stderr");
}

/// The folder of an example.
pub fn folder(example: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let folder = root.join(example).canonicalize().expect("the folder of an example");
    folder.to_str().expect("a path in UTF-8").to_owned()
}
