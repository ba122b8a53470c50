//! What is no middleware, and what it does not understand: told before anything of the guest runs.

use crate::common::{Ended, Folder, datagrant};
use crate::{faults, firewall};
use datagrant_tests::{ADAPTER, ASYNC_GUEST, FAULTS, FIREWALL, MIDDLEWARE, SCRIPTED};

/// The guest would print a line.
#[track_caller]
fn with(with: &str, component: &str) -> Ended {
    let ended = datagrant()
        .args(["run", "--with", with, component, "--", "complain it ran"])
        .output();
    assert!(!ended.stderr.contains("it ran"), "{ended:#?}");
    ended
}

#[track_caller]
fn is_told(of: &str, problem: &str) {
    with(of, SCRIPTED)
        .status(1)
        .stdout("")
        .stderr(format!("datagrant: {problem}"));
}

#[test]
fn files_that_are_no_middleware() {
    let folder = Folder::new();
    let text = folder.file("text.wasm", "no component at all");
    let text = text.to_str().unwrap();
    is_told(
        text,
        &format!("{text} is not a WebAssembly component: it does not begin with \\0asm"),
    );
    is_told(
        SCRIPTED,
        &format!("{SCRIPTED} is no middleware: it imports datagrant:dgram and does not export it, as programs do"),
    );
    is_told(
        ADAPTER,
        &format!("{ADAPTER} is no middleware: it exports datagrant:dgram and does not import it, as providers do"),
    );
    is_told(
        "nowhere.wasm",
        "cannot read nowhere.wasm: No such file or directory (os error 2)",
    );
    is_told(
        "nowhere.wasm,loss",
        "cannot read nowhere.wasm,loss: No such file or directory (os error 2); if \"loss\" is meant as an option, write \
         NAME=VALUE",
    );
}

#[test]
fn options_that_are_not_understood() {
    let percent = "write a percentage from 0% to 100%, such as 10% or 0.5%";
    for (options, problem) in [
        ("los=10%", "there is no option los: they are loss, duplicate, reorder, delay, seed and direction".to_owned()),
        ("loss=10", format!("loss=10 is not understood: {percent}")),
        ("loss=101%", format!("loss=101% is not understood: {percent}")),
        ("loss=inf%", format!("loss=inf% is not understood: {percent}")),
        ("loss=1%,loss=2%", "the option loss is given twice: leave one of them".to_owned()),
        (
            "delay=2m",
            "delay=2m is not understood: write a time of at most 60s, such as 20ms, or the shortest and the longest, such \
             as 10ms..50ms"
                .to_owned(),
        ),
        ("direction=up", "direction=up is not understood: write send, receive or both".to_owned()),
    ] {
        is_told(&faults(options), &format!("{FAULTS}: {problem}"));
    }
    for (options, problem) in [
        (
            "deny-sending=x",
            "there is no option deny-sending: they are allow- and deny- with one of bind, send, broadcast, resolve, join \
             behind, such as deny-send",
        ),
        (
            "deny-send=10.0.0.7",
            "deny-send: \"10.0.0.7\": no port (column 9): write 10.0.0.7:PORT, or 10.0.0.7:* for every port",
        ),
        (
            "deny-join=239.1.1.1@eth0",
            "deny-join=239.1.1.1@eth0 names an interface, and the system's choice of one is not known here: deny it without",
        ),
    ] {
        is_told(&firewall(options), &format!("{FIREWALL}: {problem}"));
    }
    let none = "takes no options, for it does not import datagrant:middleware/options@0.1.0: leave a=b out";
    is_told(&format!("{MIDDLEWARE},a=b"), &format!("{MIDDLEWARE} {none}"));
}

#[test]
fn what_a_middleware_does_not_wrap_is_an_error_and_not_a_way_round() {
    let problem = format!(
        "datagrant: {ASYNC_GUEST} imports datagrant:dgram/ready@0.1.0: {FAULTS} does not export it, and what it does not wrap \
         would go round it"
    );
    with(FAULTS, ASYNC_GUEST).status(1).stderr(problem);
}

#[test]
fn two_versions_of_the_contract_do_not_fit_together() {
    let folder = Folder::new();
    let other = r#"(component
        (import "datagrant:dgram/wait@0.2.0" (instance $wait (export "wait" (func))))
        (export "datagrant:dgram/sockets@0.2.0" (instance $wait)))"#;
    let other = folder.file("other.wasm", wat::parse_str(other).expect("a component"));
    let other = other.to_str().unwrap();
    let ended = with(other, SCRIPTED).status(1);
    assert!(ended.stderr.contains("imports datagrant:dgram/"), "{ended:#?}");
    let version = format!("{other} is of another version, and exports datagrant:dgram/sockets@0.2.0");
    let missing = format!("{other} does not export it");
    assert!(
        ended.stderr.contains(&version) || ended.stderr.contains(&missing),
        "{ended:#?}"
    );
}

#[test]
fn flags_that_are_not_understood() {
    for args in [
        &["run", "--with", "loss=10%", SCRIPTED][..],
        &["compose", "-o", "x.wasm"],
        &["compose", "--options", "loss", "-o", "x.wasm"],
        &["serve", "--with", FAULTS, SCRIPTED],
    ] {
        datagrant().args(args).output().status(2);
    }
}
