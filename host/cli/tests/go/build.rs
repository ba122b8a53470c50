//! The build command, and Go's own tools on the SDK.

use crate::common::{Folder, Program, finishes};
use crate::tools::{datagrant_go, go, root, sdk};
use std::path::Path;
use std::process::Command;

#[test]
fn what_cannot_be_built_is_told() {
    let build = |arguments: &[&str]| Some(datagrant_go("")?.args(arguments).output().status(1));
    let Some(ended) = build(&["build", "./absent", "-o", "x.wasm"]) else {
        return;
    };
    // `go run` tells the status of what it ran on a line of its own.
    ended.stderr_has("datagrant-go: go cannot build ./absent: exit status 1\n");
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
        let ended = build(arguments).expect("as before");
        ended
            .stderr_has(&format!("datagrant-go: {problem}\n"))
            .stderr_has("exit status 2");
    }
    let folder = Folder::new();
    let output = folder.path().join("app.wasm");
    let without = [
        "build",
        "./tests",
        "-datagrant",
        "no-such-program",
        "-o",
        &output.to_string_lossy(),
    ]
    .map(str::to_owned);
    let ended = datagrant_go("").expect("as before").args(without).output().status(1);
    ended.stderr_has("datagrant-go: the program datagrant is not in PATH: put it there, or say -datagrant FILE\n");
}

#[test]
fn the_sdk_is_as_vet_and_gofmt_want_it_and_its_own_tests_pass() {
    for folder in ["", "examples", "../../tests/languages/go"] {
        // As a component, and as what it is elsewhere: there it is package net.
        for target in [&[("GOOS", "wasip1"), ("GOARCH", "wasm")][..], &[]] {
            let Some(mut vet) = go(folder) else { return };
            finishes(vet.args(["vet", "./..."]).envs(target.iter().copied()));
        }
    }
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
