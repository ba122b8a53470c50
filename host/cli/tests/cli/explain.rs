//! `datagrant explain`: what a component imports, and a grants file to start from.

use crate::common::{Folder, datagrant, run, unused};
use datagrant::grants::{GrantsFile, Right};
use datagrant_tests::{ASYNC_GUEST, ECHO_SERVER, MDNS, SCRIPTED, SERVICE, STD_SOCKET};
use std::path::Path;

#[track_caller]
fn explain(component: impl AsRef<Path>) -> String {
    datagrant()
        .arg("explain")
        .arg(component.as_ref())
        .output()
        .status(0)
        .stderr("")
        .stdout
}

/// Takes the # away from the examples.
fn filled_in(file: &str) -> String {
    let example = |line: &str| match line.strip_prefix("# ") {
        Some(example) if example.contains(" = ") => example.to_owned(),
        _ => line.to_owned(),
    };
    file.lines().map(|line| example(line) + "\n").collect()
}

/// The rights that a component could use.
#[track_caller]
fn rights(text: &str) -> Vec<Right> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("# It could use the rights "));
    let line = line
        .unwrap_or_else(|| panic!("no rights: {text}"))
        .trim_end_matches('.');
    line.split(", ").map(|right| right.parse().expect("a right")).collect()
}

#[test]
fn what_is_printed_is_a_file_that_grants_nothing_and_can_be_filled_in() {
    for component in [ECHO_SERVER, MDNS, SCRIPTED, SERVICE, ASYNC_GUEST, STD_SOCKET] {
        let text = explain(component);
        assert!(!text.contains("offered here"), "{text}");
        let file = GrantsFile::parse(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
        assert!(file.grants.is_empty() && file.sockets.is_empty(), "{text}");
        assert_eq!(file.to_string(), "", "{text}");
        let text = filled_in(&text);
        let file = GrantsFile::parse(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
        let allowed = Right::ALL
            .into_iter()
            .filter(|right| file.grants.allowed(*right).len() > 0);
        assert_eq!(allowed.collect::<Vec<_>>(), rights(&text), "{text}");
    }
}

#[test]
fn a_redirected_explanation_is_what_run_takes() {
    let (at, folder) = (unused("127.0.0.1"), Folder::new());
    let text = explain(SCRIPTED);
    let story = format!("create ipv4\n bind {at}");
    let file = folder.file("grants.toml", &text);
    let ended = run(SCRIPTED).arg("--grants").arg(&file).story(&story).output();
    assert!(ended.status(0).stdout.contains("access-denied"));
    let text = text.replace("# bind = [\"127.0.0.1:41234\"]", &format!("bind = [\"{at}\"]"));
    let file = folder.file("grants.toml", text);
    let ended = run(SCRIPTED).arg("--grants").arg(&file).story(&story).output();
    ended.status(0).stderr("");
}

#[test]
fn what_a_component_does_not_import_it_cannot_use() {
    use Right::{Bind, Broadcast, Join, Resolve, Send};

    let text = explain(SERVICE);
    assert_eq!(rights(&text), [Bind, Send]);
    for told in [
        "# It is a service, for `datagrant serve`.\n",
        "#   datagrant:dgram@0.1.0, UDP, by the grants below:\n#     granted, sockets, types\n",
        "#   Not resolve: it imports no function that looks names up.\n",
        "#   Not join: it imports no join.\n",
        "#   Not names in send: they stand for what it has looked up.\n",
        "# dns = \"0.0.0.0:53\"\n",
    ] {
        assert!(text.contains(told), "no {told:?} in {text}");
    }
    assert_eq!(rights(&explain(ECHO_SERVER)), [Bind, Send, Resolve]);
    assert_eq!(rights(&explain(MDNS)), [Bind, Send, Resolve, Join]);
    assert_eq!(rights(&explain(SCRIPTED)), [Bind, Send, Broadcast, Resolve, Join]);
    assert!(!explain(MDNS).contains("[sockets]"));
}

#[test]
fn commands_of_both_versions_and_wasi_sockets_are_told() {
    assert!(explain(ECHO_SERVER).contains("# It is a command of WASI 0.2, for `datagrant run`.\n"));
    let text = explain(ASYNC_GUEST);
    assert!(
        text.contains("# It is a command of WASI 0.3, for `datagrant run`.\n"),
        "{text}"
    );
    assert!(text.contains("ready, sockets"), "{text}");
    let text = explain(STD_SOCKET);
    assert!(text.contains("#   wasi:sockets@0.2."), "{text}");
    assert_eq!(rights(&text), [Right::Bind, Right::Send, Right::Resolve]);
}

/// A component of text.
#[track_caller]
fn written(folder: &Folder, text: &str) -> std::path::PathBuf {
    folder.file("written.wasm", wat::parse_str(text).unwrap_or_else(|e| panic!("{e}")))
}

#[test]
fn what_is_not_offered_here_is_told_and_so_is_what_is_no_command() {
    let folder = Folder::new();
    let text = explain(written(
        &folder,
        r#"(component
            (import "foo:bar/baz@1.2.3" (instance (export "f" (func))))
            (import "wasi:http/types@0.2.0" (instance (export "fields" (type (sub resource)))))
            (import "wasi:cli/environment@0.2.1" (instance (export "initial-cwd" (func (result (option string))))))
            (import "wasi:cli/exit@0.2.0" (instance (export "leave" (func))))
            (import "datagrant:dgram/sockets@0.2.0" (instance
                (export "socket" (type $s (sub resource)))
                (export "[method]socket.join" (func (param "self" (borrow $s))))))
            (component $nested (import "nested:one/two" (instance)))
            (instance (export "own:kind/thing@0.1.0")))"#,
    ));
    let told = "# Not offered here, in whole or in part, so that it cannot run:\n#   foo:bar/baz@1.2.3\n\
                #   wasi:http/types@0.2.0\n#   wasi:cli/exit@0.2.0\n#   datagrant:dgram/sockets@0.2.0\n#\n";
    assert!(text.contains(told), "{text}");
    let told =
        "# It is neither a command nor a service, and cannot be run by itself: it exports own:kind/thing@0.1.0.\n";
    assert!(text.contains(told), "{text}");
    assert!(!text.contains("nested"), "{text}");

    let text = explain(written(&folder, "(component)"));
    for told in [
        "it exports nothing.\n",
        "# It imports nothing.\n",
        "# It can use none of the rights.\n",
    ] {
        assert!(text.contains(told), "no {told:?} in {text}");
    }
}

#[test]
fn what_is_no_component_is_an_error() {
    let folder = Folder::new();
    let mut cut = std::fs::read(ECHO_SERVER).expect("a component");
    cut.truncate(cut.len() / 2);
    for (bytes, problem) in [
        (&b"\0asm\x01\0\0\0"[..], "is a core module, not a component"),
        (b"", "is empty"),
        (b"#!/bin/sh", "is not a WebAssembly component"),
        (b"\x7fELFetc", "is precompiled"),
        (b"\0asm\x0d\0\x01\0\xff", "is not a component that can run here: "),
        (&cut, "is not a component that can run here: "),
    ] {
        let file = folder.file("no.wasm", bytes);
        let ended = datagrant().arg("explain").arg(file).output().status(1).stdout("");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:#?}");
        ended.stderr_has(problem);
    }
    datagrant()
        .args(["explain", "/not/there.wasm"])
        .output()
        .status(1)
        .stderr_has("cannot read /not/there.wasm");
    let help = datagrant().args(["explain", "--help"]).output().status(0);
    assert!(help.stdout.contains("datagrant explain app.wasm > grants.toml"));
}
