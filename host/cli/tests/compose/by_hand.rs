//! `datagrant compose`, and the same by hand: `wac plug`, whose library function the harness calls as `wac` does.

use crate::common::{Folder, datagrant, run};
use crate::faults;
use datagrant_tests::{FAULTS, FIREWALL, PUMP, SCRIPTED, SERVICE, compose};
use std::fs;
use std::path::Path;

fn read(path: impl AsRef<Path>) -> Vec<u8> {
    fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.as_ref().display()))
}

#[test]
fn what_is_composed_is_what_wac_plug_gives_by_hand() {
    let folder = Folder::new();
    let (composed, options) = (folder.path().join("composed.wasm"), folder.path().join("options.wasm"));
    datagrant()
        .args([
            "compose",
            SCRIPTED,
            "--with",
            &faults("loss=100%,seed=7"),
            "--with",
            FIREWALL,
            "-o",
        ])
        .arg(&composed)
        .output()
        .status(0)
        .stderr_has("composed.wasm with --deny-wasi-sockets");
    datagrant()
        .args(["compose", "--options", "loss=100%,seed=7", "-o"])
        .arg(&options)
        .output()
        .status(0);
    let plug = |socket: &[u8], with: &[u8]| compose::plug(socket, with).expect("they fit");
    let faults = plug(&read(FAULTS), &read(options));
    let firewall = plug(&read(FIREWALL), &compose::options(&[]));
    let by_hand = plug(&plug(&read(SCRIPTED), &firewall), &faults);
    for component in [composed, folder.file("by-hand.wasm", by_hand)] {
        // Compiled first: that may take longer than a test is patient.
        let file = component.with_extension("cwasm");
        let mut compile = std::process::Command::new(env!("CARGO_BIN_EXE_datagrant"));
        crate::common::finishes(compile.arg("compile").arg(&component).arg("-o").arg(&file));
        run(&file)
            .args(["--allow-precompiled", "--deny-wasi-sockets"])
            .args(["--allow-bind", "127.0.0.1:0", "--allow-send", "127.0.0.1:*"])
            .story("create ipv4\nbind 127.0.0.1:0\nevents\nsend 127.0.0.1:@a lost\nreceive 20")
            .output()
            .status(0)
            .stdout(
                "create ipv4 -> ok
                 bind 127.0.0.1:0 -> ok 127.0.0.1:*
                 events -> listening 127.0.0.1:*
                 send 127.0.0.1:@a lost -> ok
                 receive 20 -> nothing",
            )
            .stderr("");
    }
}

#[test]
fn the_pump_of_the_program_is_that_of_its_folder() {
    let folder = Folder::new();
    let composed = folder.path().join("command.wasm");
    datagrant()
        .args(["compose", SERVICE, "-o"])
        .arg(&composed)
        .output()
        .status(0)
        .stderr("");
    let by_hand = compose::plug(&read(PUMP), &read(SERVICE)).expect("they fit");
    for component in [composed, folder.file("by-hand.wasm", by_hand)] {
        run(&component)
            .args(["--", "fail out of luck"])
            .output()
            .status(1)
            .stderr("the service failed: out of luck");
    }
}
