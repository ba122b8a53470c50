//! Files that are no component, or none that can run: one clear line each.

use crate::common::{Folder, run};
use datagrant_tests::{ADAPTER, MIDDLEWARE_ASYNC, SCRIPTED};
use std::fs;
use std::path::Path;

/// One line, which names the file and says why.
#[track_caller]
fn is_refused(file: &Path, why: &str) {
    let file_name = file.display();
    let ended = run(file).args(["--", "complain it ran"]).output().status(1).stdout("");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:#?}");
    ended
        .stderr_has("datagrant: ")
        .stderr_has(&file_name.to_string())
        .stderr_has(why);
}

#[test]
fn a_missing_file() {
    let folder = Folder::new();
    is_refused(&folder.path().join("missing.wasm"), "No such file or directory");
}

#[test]
fn a_file_that_cannot_be_read() {
    // Also by root, who may read every real file: address 0 of a process is not mapped.
    is_refused(Path::new("/proc/self/mem"), "cannot read");
}

#[test]
fn a_folder() {
    is_refused(Folder::new().path(), "Is a directory");
}

#[test]
fn an_empty_file() {
    let folder = Folder::new();
    is_refused(&folder.file("empty.wasm", ""), "is empty");
}

#[test]
fn a_file_without_end() {
    is_refused(Path::new("/dev/zero"), "is not a WebAssembly component");
}

#[test]
fn a_text_file() {
    let folder = Folder::new();
    is_refused(
        &folder.file("text.wasm", "hello\nworld\n"),
        "is not a WebAssembly component",
    );
}

#[test]
fn a_core_module() {
    let folder = Folder::new();
    let module = wat::parse_str("(module (func (export \"_start\")))").expect("a module");
    is_refused(&folder.file("module.wasm", module), "is a core module, not a component");
}

#[test]
fn a_truncated_component() {
    let folder = Folder::new();
    let whole = fs::read(SCRIPTED).expect("the tests built it");
    for length in [9, 100, whole.len() / 2, whole.len() - 1] {
        is_refused(&folder.file("half.wasm", &whole[..length]), "half.wasm");
    }
}

#[test]
fn a_component_that_was_damaged() {
    let folder = Folder::new();
    let mut bytes = fs::read(SCRIPTED).expect("the tests built it");
    bytes[8..40].fill(0xff);
    is_refused(&folder.file("damaged.wasm", bytes), "damaged.wasm");
}

#[test]
fn a_component_of_another_world() {
    is_refused(
        Path::new(ADAPTER),
        "is not a command: it exports datagrant:dgram/sockets@0.1.0,",
    );
    let folder = Folder::new();
    let nothing = wat::parse_str("(component)").expect("a component");
    is_refused(&folder.file("nothing.wasm", nothing), "it exports nothing");
}

#[test]
fn a_command_of_a_version_that_is_not_offered() {
    let folder = Folder::new();
    for version in ["0.3.0-rc-2025-09-16", "0.1.0", "0.4.0"] {
        let component = command_of(version, "");
        let what = format!("wasi:cli/run@{version}, and what is offered is 0.2 and 0.3.0");
        is_refused(&folder.file("draft.wasm", component), &what);
    }
}

#[test]
fn a_command_that_imports_what_is_not_there() {
    let folder = Folder::new();
    let component = command("(import \"wasi:http/types@0.2.0\" (instance (export \"fields\" (type (sub resource)))))");
    is_refused(&folder.file("http.wasm", component), "wasi:http/types@0.2.0");
    let component = command("(import \"datagrant:dgram/ready@0.1.0\" (instance (export \"ready\" (func))))");
    is_refused(&folder.file("ready.wasm", component), "datagrant:dgram/ready@0.1.0");
}

#[test]
fn an_async_component_that_is_no_command() {
    is_refused(Path::new(MIDDLEWARE_ASYNC), "datagrant:dgram/ready@0.1.0");
}

#[test]
fn precompiled_code() {
    let folder = Folder::new();
    let component = fs::read(SCRIPTED).expect("the tests built it");
    let compiled = wasmtime::Engine::default()
        .precompile_component(&component)
        .expect("it compiles");
    is_refused(
        &folder.file("scripted.cwasm", compiled),
        "is precompiled, that is native code",
    );
    let program = Path::new(env!("CARGO_BIN_EXE_datagrant"));
    is_refused(program, "native code");
}

/// A command that does nothing, and imports something.
fn command(import: &str) -> Vec<u8> {
    command_of("0.2.0", import)
}

fn command_of(version: &str, import: &str) -> Vec<u8> {
    let text = format!(
        "(component
            {import}
            (core module $m (func (export \"run\") (result i32) (i32.const 0)))
            (core instance $i (instantiate $m))
            (func $run (result (result)) (canon lift (core func $i \"run\")))
            (instance $command (export \"run\" (func $run)))
            (export \"wasi:cli/run@{version}\" (instance $command)))"
    );
    wat::parse_str(text).expect("a component")
}

#[test]
fn what_imports_nothing_runs() {
    let folder = Folder::new();
    run(folder.file("nothing.wasm", command("")))
        .output()
        .status(0)
        .stdout("")
        .stderr("");
}
