//! The build command, and Go's own tools on the SDK.

use crate::common::{Folder, Program, finishes};
use crate::tools::{go, root, sdk};
use std::path::Path;
use std::process::Command;

#[test]
fn what_cannot_be_built_is_told() {
    let Some(mut compile) = go("") else { return };
    let folder = Folder::new();
    let command = folder.path().join("datagrant-go");
    finishes(
        compile
            .args(["build", "-buildvcs=false", "-o"])
            .arg(&command)
            .arg("./cmd/datagrant-go"),
    );
    let build = |arguments: &[&str]| Program::new(Command::new(&command)).args(arguments).output();
    for (arguments, problem) in [
        (&[][..], "the command is missing: build"),
        (&["make"], "no command is called make"),
        (&["build"], "the package is missing, such as ."),
        (&["build", "."], "where the component goes is missing: -o FILE.wasm"),
        (
            &["build", ".", "./other", "-o", "x.wasm"],
            "one package at a time: ./other is too much",
        ),
        (&["build", ".", "-fast"], "flag provided but not defined: -fast"),
    ] {
        build(arguments)
            .status(2)
            .stderr_has(&format!("datagrant-go: {problem}\n"));
    }
    let without = ["build", "./tests", "-o", "x.wasm", "-datagrant", "no-such-program"];
    build(&without).status(1).stderr(
        "datagrant-go: the program no-such-program is not there, or not in PATH: put it there, or say -datagrant FILE",
    );
}

#[test]
fn the_sdk_is_as_vet_and_gofmt_want_it_and_its_own_tests_pass() {
    // As components; and the SDK as what it is elsewhere, package net.
    for folder in ["", "examples", "../../tests/languages/go"] {
        let Some(mut vet) = go(folder) else { return };
        finishes(vet.args(["vet", "./..."]).env("GOOS", "wasip1").env("GOARCH", "wasm"));
    }
    finishes(go("").expect("as before").args(["vet", "./..."]));
    let installed = go("")
        .expect("as before")
        .args(["env", "GOROOT"])
        .output()
        .expect("it runs");
    let folder = String::from_utf8(installed.stdout).expect("a path");
    let format = Program::new(Command::new(Path::new(folder.trim()).join("bin/gofmt"))).arg("-l");
    let sources = [sdk(""), root().join("tests/languages/go")];
    format.args(sources).output().status(0).stdout("");
    finishes(go("").expect("as before").args(["test", "./..."]));
}
