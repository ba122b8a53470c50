//! The build command, and Go's own tools on the SDK.

use crate::common::{Folder, Program};
use crate::tools::{datagrant_go, go, sdk};

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
fn the_sdk_is_as_gofmt_and_vet_want_it_and_its_own_tests_pass() {
    for folder in ["", "examples", "../../tests/languages/go"] {
        let Some(mut vet) = go(folder) else { return };
        vet.args(["vet", "./..."]).env("GOOS", "wasip1").env("GOARCH", "wasm");
        Program::new(vet).output().status(0).stderr("");
        let mut format = go(folder).expect("as before");
        format.args(["run", "cmd/gofmt", "-l"]).arg(sdk(folder));
        Program::new(format).output().status(0).stdout("");
    }
    let mut test = go("").expect("as before");
    test.args(["test", "./..."]);
    Program::new(test).output().status(0);
}
