//! `wasi:sockets` beside wasmtime-wasi's own: what grants allow ends in the same way, for programs that know nothing of
//! grants.

use datagrant::grants::Right;
use datagrant_tests::dns::NameServer;
use datagrant_tests::{Outcome, Provider, Run, STD_SOCKET, Status, WASI_ASYNC, WASI_UDP};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the programs do, and no more: they talk to themselves.
fn granted(run: Run) -> Run {
    run.allow(Right::Bind, "127.0.0.1:0,1024-65535")
        .allow(Right::Bind, "[::1]:0,1024-65535")
        .allow(Right::Bind, "198.51.100.1:0")
        .allow(Right::Send, "@loopback:*")
}

/// Runs a program on both, and compares line by line.
#[track_caller]
fn ends_as_over_wasmtime_wasi(component: &str) -> Outcome {
    let theirs = Run::new(Provider::Stock, component).run();
    let ours = granted(Run::new(Provider::Native, component)).run();
    theirs.assert_success();
    ours.assert_success();
    for (ours, theirs) in ours.stdout.lines().zip(theirs.stdout.lines()) {
        assert_eq!(ours, theirs, "ours on the left, wasmtime-wasi's on the right");
    }
    assert_eq!(ours.stdout, theirs.stdout);
    assert_eq!(ours.refusals, [""; 0]);
    ours
}

#[test]
fn std_ends_as_over_wasmtime_wasi() {
    let told = ends_as_over_wasmtime_wasi(STD_SOCKET).stdout;
    for line in [
        "- 127.0.0.1",
        "- ::1",
        "recv_from -> ok (\"hello\", true)",
        "recv -> Connection refused (os error 14)",
    ] {
        assert!(told.lines().any(|told| told == line), "no {line:?} in\n{told}");
    }
}

#[test]
fn the_documented_calls_end_as_over_wasmtime_wasi() {
    let told = ends_as_over_wasmtime_wasi(WASI_UDP).stdout;
    assert!(told.contains("receive -> [\"hello\"]"), "{told}");
}

#[test]
fn what_check_send_did_not_permit_traps() {
    for call in ["send without check-send", "send of more than check-send permitted"] {
        for provider in [Provider::Native, Provider::Stock] {
            let outcome = granted(Run::new(provider, WASI_UDP)).arg(call).run();
            assert!(matches!(outcome.status, Status::Failed(_)), "{call}: {outcome:#?}");
        }
    }
}

/// Over wasmtime-wasi they trap, as the documentation lets them.
#[test]
fn streams_that_were_replaced_or_lost_their_socket_answer_that_they_have_no_use() {
    let outcome = granted(Run::new(Provider::Native, WASI_UDP))
        .arg("streams that were replaced")
        .run();
    outcome.assert_success();
    let expected = [
        "receive -> invalid-state",
        "check-send -> invalid-state",
        "receive of the new ones -> ok [\"hello\"]",
        "check-send without the socket -> ok true",
        "send without the socket -> invalid-state",
        "receive without the socket -> invalid-state",
    ];
    assert_eq!(outcome.stdout.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn the_calls_of_0_3_end_as_over_wasmtime_wasi() {
    let told = ends_as_over_wasmtime_wasi(WASI_ASYNC).stdout;
    assert!(told.contains("dropped receives -> ok \"take nothing\""), "{told}");
}

#[test]
fn the_calls_of_0_3_are_judged_and_a_send_that_is_refused_binds_nothing() {
    let to = "127.0.0.1:9";
    let outcome = Run::new(Provider::Native, WASI_ASYNC).args(["grants", to]).run();
    outcome.assert_success();
    let told: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(
        told,
        [
            "send -> ErrorCode::AccessDenied",
            "connect -> ErrorCode::AccessDenied",
            "get-local-address -> ErrorCode::InvalidState",
            "bind -> ErrorCode::AccessDenied",
            "tcp -> ErrorCode::AccessDenied",
        ]
    );
    assert_eq!(
        outcome.refusals,
        [
            "grants: send 127.0.0.1:9: not granted; fix: send 127.0.0.1:9",
            "grants: connect 127.0.0.1:9: not granted; fix: send 127.0.0.1:9",
            "grants: bind 127.0.0.1:9: not granted; fix: bind 127.0.0.1:9",
            "create a TCP socket: UDP is all that can be granted",
        ]
    );
}

#[test]
fn names_of_0_3_obey_resolve() {
    let server = NameServer::new("one.test A 300 127.0.0.2\n silent.test * servfail");
    let outcome = Run::new(Provider::Native, WASI_ASYNC)
        .allow(Right::Resolve, "*.test")
        .deny(Right::Resolve, "denied.test")
        .name_server(server.address())
        .args([
            "names",
            "one.test",
            "denied.test",
            "other.example",
            "silent.test",
            "nothing.test",
        ])
        .args(["127.1", "::ffff:127.0.0.1", "localhost"])
        .run();
    outcome.assert_success();
    let told: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(
        told,
        [
            "resolve-addresses one.test -> ok [IpAddress::Ipv4((127, 0, 0, 2))]",
            "resolve-addresses denied.test -> ErrorCode::AccessDenied",
            "resolve-addresses other.example -> ErrorCode::AccessDenied",
            "resolve-addresses silent.test -> ErrorCode::TemporaryResolverFailure",
            "resolve-addresses nothing.test -> ErrorCode::NameUnresolvable",
            "resolve-addresses 127.1 -> ErrorCode::InvalidArgument",
            "resolve-addresses ::ffff:127.0.0.1 -> ok [IpAddress::Ipv4((127, 0, 0, 1))]",
            "resolve-addresses localhost -> ok [IpAddress::Ipv4((127, 0, 0, 1)), IpAddress::Ipv6((0, 0, 0, 0, 0, 0, 0, 1))]",
        ]
    );
    assert_eq!(outcome.refusals.len(), 2, "{outcome:#?}");
}

/// Of another version, a component could import what is not ours.
#[test]
fn the_interfaces_are_those_of_wasmtime_wasi_byte_for_byte() {
    let here = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let metadata = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--filter-platform",
            &here,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&metadata.stderr)));
    let packages = metadata["packages"].as_array().expect("a list");
    let package = packages.iter().find(|package| package["name"] == "wasmtime-wasi");
    let manifest = package.and_then(|package| package["manifest_path"].as_str());
    let theirs = Path::new(manifest.expect("a dependency")).with_file_name("src");
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../host/wit");
    for (folder, deps, files) in [
        ("0.2", "p2/wit/deps", ["clocks.wit", "io.wit", "sockets.wit"].as_slice()),
        ("0.3", "p3/wit/deps", ["clocks.wit", "sockets.wit"].as_slice()),
    ] {
        for file in files {
            let text = |path: PathBuf| fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            let (ours, theirs) = (ours.join(folder).join(file), theirs.join(deps).join(file));
            assert!(text(ours) == text(theirs), "{folder}/{file} differs: copy it again");
        }
    }
}
