//! The examples of the SDK, and what the build command says of programs that it cannot build.

use crate::common::{Folder, Program, datagrant, examples, run, unused};
use crate::tools::{Component, QUICKJS, node, sdk};

fn example(name: &str, more: &[&str]) -> Component {
    Component::build(&sdk(&format!("examples/{name}.ts")), QUICKJS, more)
}

fn start(component: &Component) -> Program {
    run(&component.file).arg("--allow-precompiled")
}

#[test]
fn the_echo_client_hears_the_echo_server() {
    if node().is_none() {
        return;
    }
    let (server, client) = (example("echo-server", &[]), example("echo-client", &[]));
    examples::echo(
        |at| start(&server).args(["--allow-bind", at, "--", at]),
        |granted, whom| start(&client).args(["--allow-send", granted, "--", whom]),
        "connect EACCES 192.0.2.1:9",
    );
}

#[test]
fn dig_is_answered_by_the_dns_server() {
    if node().is_none() {
        return;
    }
    let server = example("dns-server", &[]);
    let at = unused("127.0.0.1");
    let address = at.to_string();
    let server = start(&server).args(["--allow-bind", &address, "--", &address]);
    examples::dns(at, server);
}

#[test]
fn a_service_answers_by_the_socket_it_is_handed_and_ends_when_told_to() {
    if node().is_none() {
        return;
    }
    let service = example("service", &["--service"]);
    examples::service(datagrant().arg("serve").arg(&service.file).arg("--allow-precompiled"));
}

#[test]
fn the_types_are_those_that_the_examples_use() {
    if let Some(node) = node() {
        let compiler = sdk("node_modules/typescript/bin/tsc");
        node.arg(compiler)
            .arg("--project")
            .arg(sdk("tsconfig.json"))
            .output()
            .status(0)
            .stdout("");
    }
}

#[test]
fn what_cannot_be_built_is_told() {
    let command = sdk("bin/datagrant-js.js");
    let folder = Folder::new();
    let output = folder.path().join("app.wasm");
    let build = |arguments: &[&str]| Some(node()?.arg(&command).args(arguments).output());
    let of = |text: &str| {
        let app = folder.file("app.js", text);
        build(&[
            "build",
            &app.to_string_lossy(),
            "-o",
            &output.to_string_lossy(),
            "--engine",
            QUICKJS,
        ])
    };
    let Some(ended) = of("import fs from 'node:fs'; fs.readFileSync('x');") else {
        return;
    };
    ended
        .status(1)
        .stderr_has("node:fs is a part of Node that a component has not")
        .stderr_has("app.js:1:15");
    of("let x = ;")
        .expect("as before")
        .status(1)
        .stderr_has("Unexpected \";\"");
    of("import 'no-such-package';")
        .expect("as before")
        .status(1)
        .stderr_has("Could not resolve \"no-such-package\"");
    for (arguments, problem) in [
        (&[][..], "the command is missing: build"),
        (&["make"], "no command is called make"),
        (&["build"], "the program is missing"),
        (
            &["build", "app.js"],
            "where the component goes is missing: -o FILE.wasm",
        ),
        (&["build", "app.js", "--fast"], "Unknown option '--fast'"),
    ] {
        let ended = build(arguments).expect("as before").status(2);
        ended.stderr_has(&format!("datagrant-js: {problem}"));
    }
    let absent = build(&["build", "absent.js", "-o", "x.wasm"]).expect("as before");
    absent
        .status(1)
        .stderr("datagrant-js: absent.js is not a file that can be read");
}
