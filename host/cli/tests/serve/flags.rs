//! Flags, and components that are no services.

use crate::common::{Folder, datagrant, run, serve, unused};
use datagrant_tests::{SCRIPTED, SERVICE};
use std::net::UdpSocket;

/// Status 2, nothing runs, and the first line names the flag and shows the mend.
#[track_caller]
fn is_not_understood(args: &[&str], mend: &str) {
    let ended = serve(SERVICE)
        .args(args)
        .args(["--", "done"])
        .output()
        .status(2)
        .stdout("");
    let line = ended.stderr.lines().next().unwrap_or_default();
    let flag = args[0].split('=').next().unwrap_or_default();
    assert!(line.contains(flag) && line.contains(mend), "no {mend:?} in {line:?}");
}

#[test]
fn a_flag_that_is_not_understood_is_told_with_its_mend() {
    for workers in ["0", "-1", "two", "", "100000"] {
        is_not_understood(&[&format!("--workers={workers}")[..]], "write a number from 1 to 1024");
    }
    for seconds in ["-1", "soon", "NaN", "inf", "86401"] {
        is_not_understood(
            &[&format!("--drain={seconds}")[..]],
            "write a number of seconds, 0 to 86400",
        );
    }
    is_not_understood(&["--max-restarts=-1"], "invalid digit");
    is_not_understood(&["--socket", "127.0.0.1:53"], "write NAME=ADDRESS:PORT");
    is_not_understood(
        &["--socket", "a=127.0.0.1:0", "--socket", "a=[::1]:0"],
        "two sockets are named \"a\"",
    );
    is_not_understood(&["--allow-bind", "127.0.0.1"], "write 127.0.0.1:PORT");
}

#[test]
fn a_command_is_for_run_and_a_service_for_serve() {
    serve(SCRIPTED).output().status(1).stdout("").stderr(format!(
        "datagrant: {SCRIPTED} is a command, not a service: `datagrant run` takes it"
    ));
    run(SERVICE).output().status(1).stdout("").stderr(format!(
        "datagrant: {SERVICE} is a service, not a command: `datagrant serve` takes it"
    ));
}

#[test]
fn a_component_that_is_neither_is_told_what_is_missing() {
    let folder = Folder::new();
    let component = wat::parse_str("(component)").expect("a component");
    let file = folder.file("empty.wasm", component);
    serve(&file).output().status(1).stdout("").stderr(format!(
        "datagrant: {} is not a service: it exports nothing, and no datagrant:dgram/handler@0.1",
        file.display()
    ));
}

#[test]
fn what_cannot_be_bound_is_told_before_anything_runs() {
    let taken = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    let at = taken.local_addr().expect("it is bound");
    for workers in ["1", "2"] {
        serve(SERVICE)
            .args(["--workers", workers, "--socket", &format!("dns={at}"), "--", "done"])
            .output()
            .status(1)
            .stdout("")
            .stderr(format!(
                "datagrant: cannot bind --socket dns={at}: another socket has this address and port"
            ));
    }
}

#[test]
fn one_port_that_the_system_chose_is_all_workers() {
    let mut guest = serve(SERVICE)
        .args(["--workers", "2", "--socket", "dns=127.0.0.1:0", "--", "take dns"])
        .start();
    let line = guest.wait_for_line("take dns -> ");
    crate::wait_for_lines(&guest, &line, 2);
    let at = line
        .split(" -> ")
        .nth(1)
        .expect("an address")
        .parse()
        .expect("an address");
    crate::client::sides(at, 1);
    guest.signal("TERM");
    guest
        .ends()
        .status(0)
        .stderr(format!("datagrant: the socket dns is bound to {at}"));
}

#[test]
fn a_folder_that_is_not_there_ends_it() {
    let at = unused("127.0.0.1");
    serve(SERVICE)
        .args(["--dir", "/not/there", "--socket", &format!("dns={at}"), "--", "done"])
        .output()
        .status(1)
        .stdout("")
        .stderr_has("cannot open the folder \"/not/there\"");
}

#[test]
fn help_says_how_it_ends() {
    let help = datagrant().args(["serve", "--help"]).output().status(0).stderr("");
    for text in [
        "--workers <COUNT>",
        "--drain <SECONDS>",
        "Exit status: 0 when",
        "SIGUSR1",
        "--socket <NAME=",
    ] {
        assert!(help.stdout.contains(text), "no {text:?} in {}", help.stdout);
    }
}
