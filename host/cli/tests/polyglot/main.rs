//! `examples/polyglot`: a service in Python behind a firewall in Rust, with a codec in C, as one component, composed by the program
//! and by hand, natively and on a host that has nothing of ours.

#[path = "../common/mod.rs"]
mod common;

#[allow(dead_code, reason = "the suite of the SDK uses all of it")]
#[path = "../c/tools.rs"]
mod c;
#[allow(dead_code, reason = "the suite of the SDK uses all of it")]
#[path = "../python_sdk/tools.rs"]
mod python;

mod sensor;

use common::{Folder, datagrant, finishes, run, unused};
use datagrant_tests::{ADAPTER, FIREWALL, PUMP, Provider, Run, compose};
use sensor::Sensor;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;
use std::{fs, thread};

/// What the firewall is told.
const DENIED: &str = "deny-send=127.0.0.2:*";
/// Cranelift has all of CPython to compile, on whatever machine this is.
const PATIENCE: Duration = Duration::from_secs(400);

/// The service and the codec, each built once, each time in the same place; nothing where one cannot be.
fn built() -> Option<&'static (PathBuf, PathBuf)> {
    static BUILT: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    if !c::Compiler::Zig.or_say() || python::python().is_none() {
        return None;
    }
    Some(BUILT.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("polyglot");
        fs::create_dir_all(&folder).expect("a folder of the tests' own");
        let (service, codec) = (folder.join("thermometer.wasm"), folder.join("codec.wasm"));
        build(&service, &codec);
        (service, codec)
    }))
}

/// As the example's page says to.
fn build(service: &Path, codec: &Path) {
    let example = c::root().join("examples/polyglot");
    let mut build = python::python_command();
    build.current_dir(&example);
    build.args(["-m", "datagrant", "build", "thermometer.py", "--service"]);
    build.args(["--import", "polyglot:codec/readings@0.1.0", "--wit", "wit"]);
    finishes(build.arg("-o").arg(service));

    let module = codec.with_extension("core.wasm");
    let mut compile = c::zig("cc");
    compile
        .current_dir(&example)
        .args(["-target", "wasm32-wasi", "-mexec-model=reactor", "-Os"]);
    compile.args([
        "-Wall",
        "-Wextra",
        "-Werror",
        "-Ibindings",
        "codec.c",
        "bindings/codec.c",
    ]);
    finishes(compile.arg("-o").arg(&module));
    let mut componentize = Command::new(env!("CARGO_BIN_EXE_datagrant"));
    componentize.current_dir(&example).arg("componentize").arg(&module);
    finishes(componentize.args(["--wit", "wit", "--world", "codec", "-o"]).arg(codec));
}

/// What sensors are told, and that one which is denied is told nothing. Until the service is there, it is asked again.
fn is_right(at: SocketAddr, is_running: impl Fn() -> bool) {
    let (allowed, denied) = (Sensor::new("127.0.0.1", at), Sensor::new("127.0.0.2", at));
    allowed.waits_until_answered(PATIENCE, is_running);
    denied.says(&[(7, 9999)]);
    allowed.sends(b"TH\x01 and no more");
    assert_eq!(allowed.is_told(&[(7, 2000), (8, -50)]), [(7, 2000), (8, -50)]);
    assert_eq!(
        allowed.is_told(&[(7, 2101)]),
        [(7, 2050)],
        "the mean of two, and none of who is denied"
    );
    assert!(!denied.heard(), "nobody answers who is denied");
}

#[test]
fn three_languages_are_one_component_under_the_program() {
    let Some((service, codec)) = built() else { return };
    let folder = Folder::new();
    let (app, compiled) = (folder.path().join("app.wasm"), folder.path().join("app.cwasm"));
    let composing = datagrant().arg("compose").arg(service);
    let composing = composing
        .args(["--with", &format!("{FIREWALL},{DENIED}"), "--plug"])
        .arg(codec);
    composing.arg("-o").arg(&app).output().status(0);
    let mut compile = Command::new(env!("CARGO_BIN_EXE_datagrant"));
    finishes(compile.arg("compile").arg(&app).arg("-o").arg(&compiled));

    let at = unused("127.0.0.1");
    let running = run(&compiled).args(["--allow-precompiled", "--deny-wasi-sockets"]);
    let mut running = running
        .args(["--allow-bind", &at.to_string(), "--", &at.to_string()])
        .start();
    running.wait_for_complaint(&format!("listening on {at}"));
    is_right(at, || true);
    running.wait_for_complaint("from 127.0.0.1: its length is not that of its readings");
    running.signal("TERM");
    running.ends().status(143);
}

#[test]
fn by_hand_and_with_the_adapter_they_are_one_on_a_host_with_nothing_of_ours() {
    let Some((service, codec)) = built() else { return };
    let folder = Folder::new();
    let (options, anywhere) = (folder.path().join("options.wasm"), folder.path().join("anywhere.wasm"));
    let told = datagrant().args(["compose", "--options", DENIED, "-o"]).arg(&options);
    told.output().status(0);
    let read = |file: &Path| fs::read(file).expect("a component");
    let plug = |socket: &[u8], plug: &[u8]| compose::plug(socket, plug).expect("they fit");
    let decoded = plug(&read(service), &read(codec));
    let command = plug(&read(Path::new(PUMP)), &decoded);
    let firewall = plug(&read(Path::new(FIREWALL)), &read(&options));
    let behind = plug(&command, &firewall);
    fs::write(&anywhere, plug(&behind, &read(Path::new(ADAPTER)))).expect("a folder of the test's own");

    let at = unused("127.0.0.1");
    let run = Run::new(Provider::Stock, &anywhere).arg(at.to_string()).loopback_only();
    let running = run.limit(PATIENCE * 2).start();
    is_right(at, || {
        thread::sleep(Duration::from_millis(20));
        running.is_running()
    });
    let told = running.stop().stderr;
    assert!(
        told.contains("from 127.0.0.1: its length is not that of its readings"),
        "{told}"
    );
}
