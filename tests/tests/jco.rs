//! The adapter in a runtime that is not wasmtime: jco, which makes JavaScript of a component, with its WASI 0.2 for Node, where
//! a socket is one of `node:dgram`. The program is the checks of the Rust SDK (`tests/languages/rust`).

use datagrant_tests::{ADAPTER, CHECKS, compose, hosts, missing};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is not ok there: what the check says, and why.
const DIFFERS: [(&str, &str, &str); 3] = [
    ("refused", "nothing was told", "its streams tell no ICMP error"),
    (
        "denied",
        "EINVAL",
        "it has no check of addresses: the kernel refuses the way from loopback",
    ),
    ("multicast", "ENOTSUP", "wasi:sockets has no multicast"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What this takes, or what is missing.
fn node() -> Result<PathBuf, String> {
    let node = root().join("target/bench/node/node_modules/node/bin/node");
    let packages = root().join("target/jco/node_modules/.package-lock.json");
    for file in [&node, &packages] {
        if !file.exists() {
            let file = file.display();
            return Err(format!("{file} is missing; cargo xtask test installs it, with npm"));
        }
    }
    hosts::can_be_given()?;
    node.canonicalize().map_err(|e| e.to_string())
}

#[test]
fn a_program_with_the_adapter_runs_in_node_by_jco() {
    let node = match node() {
        Ok(node) => node,
        Err(why) => return missing::say(&why),
    };
    let read = |path| fs::read(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let program = compose::plug(&read(CHECKS), &read(ADAPTER)).expect("it fits");
    // Below the packages, which the JavaScript imports by name.
    let folder = root().join("target/jco/program");
    fs::create_dir_all(&folder).expect("a folder of the tests' own");
    let folder = folder.canonicalize().expect("it is there");
    let component = folder.join("program.wasm");
    fs::write(&component, program).expect("a folder of the tests' own");

    let mut command = Command::new(node);
    command.current_dir(root().join("target/jco"));
    command.arg(root().canonicalize().expect("the workspace").join("tests/jco/run.js"));
    command.arg(&component).arg(&folder);
    let output = hosts::within("127.0.0.1 localhost home.test\n::1 localhost\n", || command.output());
    let output = output.expect("it can be given").expect("Node runs");
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );

    let lines: Vec<&str> = stdout.lines().collect();
    assert_eq!(lines.len(), 14, "{stdout}{stderr}");
    for line in lines {
        let (check, ended) = line.split_once(' ').expect("a name, and how it ended");
        match DIFFERS.iter().find(|(differs, ..)| *differs == check) {
            None => assert_eq!(ended, "ok", "{check}: {stderr}"),
            Some((_, says, why)) => assert!(ended.contains(says), "{check}, as {why}: {ended}"),
        }
    }
    assert_eq!(output.status.code(), Some(1), "not all were ok: {stderr}");
    // A timer that is set too far rings at once, and Node warns of it.
    assert_eq!(stderr, "");
}
