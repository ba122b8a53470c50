//! `datagrant compile`, and the native code that it makes.

use crate::common::{Folder, datagrant, run};
use datagrant_tests::{ADAPTER, SCRIPTED};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The guest, compiled into `folder`.
fn compiled(folder: &Folder) -> PathBuf {
    let output = folder.path().join("scripted.cwasm");
    let ended = datagrant()
        .args(["compile", SCRIPTED, "-o"])
        .arg(&output)
        .output()
        .status(0);
    ended.stderr("").stdout(format!("{}: *", output.display()));
    output
}

fn ran(file: &Path, flags: &[&str]) -> crate::common::Ended {
    run(file).args(flags).args(["--", "complain it ran"]).output()
}

#[test]
fn a_compiled_component_runs_when_the_operator_says_so() {
    let folder = Folder::new();
    ran(&compiled(&folder), &["--allow-precompiled"])
        .status(0)
        .stderr("it ran");
}

#[test]
fn a_compiled_component_is_refused_otherwise() {
    let folder = Folder::new();
    ran(&compiled(&folder), &[])
        .status(1)
        .stderr_has("--allow-precompiled if you made it");
}

#[test]
fn grants_hold_for_it() {
    let folder = Folder::new();
    let program = run(compiled(&folder)).args(["--allow-precompiled", "--", "create ipv4", "bind 127.0.0.1:0"]);
    program.output().stderr_has("--allow-bind 127.0.0.1:0");
}

#[test]
fn only_the_user_can_read_or_write_it() {
    let folder = Folder::new();
    let mode = fs::metadata(compiled(&folder))
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_component_runs_under_the_flag_as_well() {
    ran(Path::new(SCRIPTED), &["--allow-precompiled"])
        .status(0)
        .stderr("it ran");
}

#[test]
fn a_broken_or_foreign_file_is_refused_in_one_line() {
    let folder = Folder::new();
    let good = fs::read(compiled(&folder)).expect("it is there");
    let broken = folder.file("broken.cwasm", &good[..good.len() / 2]);
    let ended = ran(&broken, &["--allow-precompiled"]).status(1);
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:#?}");
    ended.stderr_has("compile it again");
    let foreign = Path::new(env!("CARGO_BIN_EXE_datagrant"));
    ran(foreign, &["--allow-precompiled"])
        .status(1)
        .stderr_has("compile it again");
}

#[test]
fn what_is_no_component_cannot_be_compiled() {
    let folder = Folder::new();
    let output = folder.path().join("out.cwasm");
    let text = folder.file("text.wasm", "hello");
    let ended = datagrant()
        .arg("compile")
        .arg(text)
        .arg("-o")
        .arg(&output)
        .output()
        .status(1);
    ended.stderr_has("is not a WebAssembly component");
    assert!(!output.exists());
}

#[test]
fn a_place_that_cannot_be_written_is_said() {
    let ended = datagrant()
        .args(["compile", ADAPTER, "-o", "/nowhere/out.cwasm"])
        .output()
        .status(1);
    ended.stderr_has("cannot write /nowhere/out.cwasm");
}
