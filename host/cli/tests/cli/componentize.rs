//! `datagrant componentize`: components of core modules, as compilers leave them.

use crate::common::{Ended, Folder, datagrant, run, serve};
use std::path::{Path, PathBuf};

/// What C compilers make for WASI preview 1; it asks for the name of an interface that is not there, too.
const COMMAND: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "datagrant:dgram/zones@0.1.0" "index" (func $index (param i32 i32 i32)))
    (memory (export "memory") 4)
    (data (i32.const 0) "\08\00\00\00\06\00\00\00hello\n")
    (global $next (mut i32) (i32.const 65536))
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
        (global.get $next)
        (global.set $next (i32.add (global.get $next) (local.get 3))))
    (func (export "_start")
        (call $index (i32.const 8) (i32.const 5) (i32.const 64))
        (if (i32.ne (i32.load8_u (i32.const 64)) (i32.const 1)) (then unreachable))
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 128)))))"#;

/// What Go makes: a command without `_start`.
const REACTOR: &str = r#"(module
    (memory (export "memory") 1)
    (func (export "wasi:cli/run@0.2.0#run") (result i32) (i32.const 1)))"#;

/// A service that is done at once.
const SERVICE: &str = r#"(module
    (memory (export "memory") 1)
    (data (i32.const 16) "\01")
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    (func (export "datagrant:dgram/handler@0.1.0#step") (param i32 i32 i32 i32) (result i32) (i32.const 16))
    (func (export "datagrant:dgram/handler@0.1.0#stop") (result i32) (i32.const 16)))"#;

/// The file of a module, and where its component would be.
fn module(folder: &Folder, text: &str) -> (PathBuf, PathBuf) {
    let bytes = wat::parse_str(text).expect("a module");
    (folder.file("app.module.wasm", bytes), folder.path().join("app.wasm"))
}

fn componentized(module: &Path, output: &Path, more: &[&str]) -> Ended {
    let program = datagrant().arg("componentize").arg(module).arg("-o").arg(output);
    program.args(more).output()
}

#[track_caller]
fn made(folder: &Folder, text: &str) -> PathBuf {
    let (module, output) = module(folder, text);
    let ended = componentized(&module, &output, &[]).status(0).stderr("");
    ended.stdout(format!("{}: *", output.display()));
    output
}

#[test]
fn a_module_of_wasi_preview_1_becomes_a_command() {
    let folder = Folder::new();
    run(made(&folder, COMMAND))
        .output()
        .status(0)
        .stdout("hello")
        .stderr("");
}

#[test]
fn a_module_that_exports_run_becomes_a_command() {
    let folder = Folder::new();
    run(made(&folder, REACTOR)).output().status(1).stdout("").stderr("");
}

#[test]
fn a_module_that_exports_the_handler_becomes_a_service() {
    let folder = Folder::new();
    serve(made(&folder, SERVICE)).output().status(0).stderr("");
}

#[test]
fn a_module_can_be_of_a_world_of_its_own() {
    let folder = Folder::new();
    let wit = "package my:codec; world codec { export length: func(bytes: list<u8>) -> u32; }";
    let folder_of_wit = Folder::new();
    folder_of_wit.file("codec.wit", wit);
    let text = r#"(module
        (memory (export "memory") 1)
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
        (func (export "length") (param i32 i32) (result i32) (local.get 1)))"#;
    let (module, output) = module(&folder, text);
    let wit = folder_of_wit.path().display().to_string();
    componentized(&module, &output, &["--wit", &wit, "--world", "codec"])
        .status(0)
        .stderr("");
    run(&output)
        .output()
        .status(1)
        .stderr_has("it exports length, and no wasi:cli/run");
    componentized(&module, &output, &["--wit", &wit, "--world", "other"])
        .status(1)
        .stderr_has("has no such world");
    componentized(&module, &output, &["--wit", "/nowhere", "--world", "codec"])
        .status(1)
        .stderr_has("cannot read the WIT in /nowhere");
}

#[test]
fn what_cannot_be_made_one_is_told_in_a_line() {
    let folder = Folder::new();
    let said = |text: &str| {
        let (module, output) = module(&folder, text);
        let ended = componentized(&module, &output, &[]).status(1).stdout("");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:#?}");
        assert!(!output.exists(), "nothing is written");
        ended
    };
    said("(module)").stderr_has("is neither a command nor a service: it exports nothing");
    said("(component)").stderr_has("app.module.wasm is a component already");
    said(r#"(module (import "env" "mystery" (func)) (func (export "_start")))"#).stderr_has("mystery");
    said(r#"(module (import "datagrant:dgram/sockets@0.1.0" "connect-all" (func)) (func (export "_start")))"#)
        .stderr_has("connect-all");

    let nothing = folder.path().join("nothing.wasm");
    componentized(&nothing, &folder.path().join("app.wasm"), &[])
        .status(1)
        .stderr_has("cannot read");
    let text = folder.file("text.wasm", "(module)");
    componentized(&text, &folder.path().join("app.wasm"), &[])
        .status(1)
        .stderr_has("text.wasm is not a WebAssembly module");
}
