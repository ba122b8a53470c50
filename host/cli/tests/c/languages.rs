//! The echo clients in C++ and in Zig.

use crate::common::{finishes, run, unused};
use crate::tools::{BOTH, Compiler, Component, componentize, sdk, zig};
use std::path::Path;

#[track_caller]
fn is_echoed(client: &Component, server: &Component) {
    let at = unused("127.0.0.1");
    let address = at.to_string();
    let mut running = run(&server.file)
        .args(["--allow-bind", &address, "--", &address])
        .start();
    running.wait_for_line(&format!("listening on {at}"));
    let asks = || run(&client.file).args(["--allow-send", &address, "--"]);
    asks().args([&address, "hello"]).output().status(0).stdout("hello");
    let refused = asks().args(["192.0.2.1:9", "hello"]).output().status(1);
    refused.stderr_has("echo-client: connect 192.0.2.1:9: Permission denied");
}

#[test]
fn the_client_in_cpp_is_answered() {
    for compiler in BOTH.into_iter().filter(|compiler| compiler.or_say()) {
        let server = Component::example(compiler, "echo-server.c", &[]);
        is_echoed(&Component::example(compiler, "echo-client.cpp", &[]), &server);
    }
}

#[test]
fn the_client_in_zig_is_answered() {
    if Compiler::Zig.or_say() {
        let server = Component::example(Compiler::Zig, "echo-server.c", &[]);
        is_echoed(&Component::by(zig_client), &server);
    }
}

/// As the SDK's page says to: the header as a module of Zig's, then both.
fn zig_client(component: &Path) {
    let (header, module) = (component.with_extension("zig"), component.with_extension("core.wasm"));
    let mut translate = zig("translate-c");
    // zig 0.17 does not know of it for wasm, and its libc needs it.
    translate.args(["-target", "wasm32-wasi", "-lc", "-D__BIGGEST_ALIGNMENT__=16"]);
    let translated = translate.arg(sdk("datagrant.h")).output().expect("zig runs");
    assert!(translated.status.success(), "{translated:?}");
    std::fs::write(&header, translated.stdout).expect("a folder of the test's own");

    let mut build = zig("build-exe");
    build
        .args(["-target", "wasm32-wasi", "-OReleaseSmall", "-lc", "-I"])
        .arg(sdk(""));
    build.arg(sdk("datagrant.c")).args(["--dep", "datagrant"]);
    build.arg(format!("-Mroot={}", sdk("examples/echo-client.zig").display()));
    build.args(["-target", "wasm32-wasi"]);
    build.arg(format!("-Mdatagrant={}", header.display()));
    finishes(build.arg(format!("-femit-bin={}", module.display())));
    componentize(&module, component);
}

/// Strict C and C++ of every year that libc's own headers take.
#[test]
fn the_header_is_that_of_each_standard() {
    if !Compiler::Clang.or_say() {
        return;
    }
    for (language, standards) in [("c", ["c11", "c17", "c23"]), ("c++", ["c++11", "c++17", "c++23"])] {
        for standard in standards {
            let mut compile = std::process::Command::new("clang-22");
            compile.args([
                "--target=wasm32-wasi",
                "-Wno-deprecated",
                "-Wall",
                "-Wextra",
                "-Wpedantic",
                "-Werror",
            ]);
            compile.args(["-fsyntax-only", "-x", language, &format!("-std={standard}")]);
            finishes(compile.arg("-include").arg(sdk("datagrant.h")).arg("/dev/null"));
        }
    }
    let mut compile = std::process::Command::new("clang-22");
    compile.args([
        "--target=wasm32-wasi",
        "-Wno-deprecated",
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        "-Werror",
    ]);
    finishes(compile.args(["-fsyntax-only", "-std=c11"]).arg(sdk("datagrant.c")));
}
