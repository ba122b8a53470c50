//! `guest/c/tests`: the SDK natively, with sanitizers, against a provider that may be wrong.

use crate::common::{Folder, Program, finishes};
use crate::tools::sdk;
use std::process::Command;

#[test]
fn the_sdk_keeps_to_its_memory_whatever_a_provider_says() {
    let folder = Folder::new();
    let program = folder.path().join("native");
    // The system's own, which Rust links with.
    let mut compile = Command::new("cc");
    compile.args([
        "-std=gnu11",
        "-g",
        "-O1",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-Wno-unused-parameter",
    ]);
    compile
        .args(["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-I"])
        .arg(sdk(""));
    compile.args(["tests/native.c", "tests/fake.c", "datagrant.c"].map(sdk));
    finishes(compile.arg("-o").arg(&program));
    let ended = Program::new(Command::new(&program)).output().status(0);
    let tests = ended.stdout.lines().count();
    assert!(tests > 10, "it ran {tests} tests");
}
