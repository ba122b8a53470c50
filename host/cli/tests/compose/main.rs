//! Composition: middlewares between a guest and the host, by `run --with` and by `compose`.

#[path = "../common/mod.rs"]
mod common;

mod by_hand;
mod denied;
mod faults;
mod firewall;
mod order;
mod program;
mod service;
mod wrong;

use crate::common::{Program, datagrant};
use datagrant_tests::{FAULTS, FIREWALL, SCRIPTED};
use std::collections::HashSet;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// `datagrant run --with WITH... COMPONENT`, compiled before: that may take longer than a test is patient.
fn run_with(with: &[&str], component: &str) -> Program {
    static COMPILED: Mutex<Option<HashSet<String>>> = Mutex::new(None);
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let args: Vec<&str> = with
        .iter()
        .flat_map(|with| ["--with", with])
        .chain([component])
        .collect();
    if compiled.get_or_insert_default().insert(args.join(" ")) {
        // It is compiled, and ends at once: no component can open this folder.
        let mut command = Command::new(env!("CARGO_BIN_EXE_datagrant"));
        command
            .env_clear()
            .env("XDG_CACHE_HOME", Program::caches())
            .arg("run")
            .args(&args);
        let output = command.args(["--dir", "/nowhere"]).output().expect("the program");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains("/nowhere"), "{stderr}");
    }
    datagrant().arg("run").args(args)
}

/// The guest that does what it is told, with the rights that it needs on loopback.
fn scripted(with: &[&str]) -> Program {
    run_with(with, SCRIPTED).args(["--allow-bind", "127.0.0.1:0", "--allow-send", "127.0.0.1:*"])
}

/// The faults, told this.
fn faults(options: &str) -> String {
    format!("{FAULTS},{options}")
}

/// The firewall, told this.
fn firewall(options: &str) -> String {
    format!("{FIREWALL},{options}")
}

/// What is said of a guest that imports `wasi:sockets`, once.
fn goes_round(component: &str) -> String {
    format!("datagrant: {component} imports wasi:sockets, which no middleware wraps: it is denied\n")
}

/// How many messages a line of `scripted` tells: `3 x message "TEXT" from ADDRESS, message ..., 2 x nothing`.
#[track_caller]
fn messages(stdout: &str, operation: &str) -> usize {
    let line = stdout.lines().find(|line| line.starts_with(operation));
    let line = line.unwrap_or_else(|| panic!("no {operation} in {stdout}"));
    let (_, ends) = line.split_once(" -> ").expect("how it ended");
    let (mut times, mut count) = (1, 0);
    for end in ends.split(", ") {
        let end = match end.split_once(" x ") {
            Some((number, end)) => {
                times = number.parse().expect("a number");
                end
            }
            None => end,
        };
        count += if end.starts_with("message ") { times } else { 0 };
    }
    count
}
