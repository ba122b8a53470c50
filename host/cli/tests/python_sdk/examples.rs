//! The examples of the SDK, each asked by a program that is not ours; and how one that raises ends.

use crate::common::{Folder, Program, examples, unused};
use crate::tools::{Component, python, sdk};
use std::fs;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::LazyLock;

/// All of them, made once.
static EXAMPLES: LazyLock<Component> = LazyLock::new(|| {
    let folder = Folder::new();
    let examples = fs::read_dir(sdk("examples")).expect("a folder of the SDK");
    let examples = examples.map(|entry| entry.expect("a file of it").path());
    for file in examples.chain([sdk("tests/examples.py"), sdk("tests/names.py")]) {
        if file.extension().is_some_and(|extension| extension == "py") {
            let name = file.file_name().expect("it has one");
            fs::copy(&file, folder.path().join(name)).expect("a folder of the test's own");
        }
    }
    Component::build("examples", &folder.path().join("examples.py"), &[])
});

/// An example with its grants, when it can be made.
pub fn example(grants: &[&str]) -> Option<Program> {
    python()?;
    Some(EXAMPLES.run().args(grants).arg("--"))
}

#[test]
fn the_echo_client_hears_the_echo_server() {
    if python().is_none() {
        return;
    }
    let program = |grants: &[&str]| example(grants).expect("Python is there");
    examples::echo(
        |at| program(&["--allow-bind", at]).args(["echo_server", at]),
        |granted, whom| program(&["--allow-send", granted]).args(["echo_client", whom]),
        "connect 192.0.2.1:9: Permission denied",
    );
}

#[test]
fn a_server_without_its_grant_says_so_and_ends() {
    let Some(server) = example(&[]) else { return };
    server
        .args(["echo_server", "127.0.0.1:41234"])
        .output()
        .status(1)
        .stderr(
        "datagrant: refused by the grants: bind 127.0.0.1:41234: not granted; to allow it: --allow-bind 127.0.0.1:41234
         echo-server: bind 127.0.0.1:41234: Permission denied",
    );
}

#[test]
fn a_program_whose_grant_is_taken_back_is_told_and_does_not_hang() {
    if python().is_none() {
        return;
    }
    let folder = Folder::new();
    let grants = folder.file("grants.toml", "[allow]\nbind = [\"127.0.0.1:0\"]\n");
    let server = EXAMPLES.run().arg("--grants").arg(&grants).arg("--");
    let mut running = server.args(["echo_server", "127.0.0.1:0"]).start();
    running.wait_for_line("listening on ");
    fs::write(&grants, "").expect("a file of the test's own");
    running.signal("HUP");
    running
        .ends()
        .status(1)
        .stderr_has("Permission denied")
        .stderr_has("RuntimeError: nothing can happen any more");
}

#[test]
fn dig_is_answered_by_the_dns_server() {
    let at = unused("127.0.0.1");
    let address = at.to_string();
    let Some(server) = example(&["--allow-bind", &address]) else {
        return;
    };
    examples::dns(at, server.args(["dns_server", &address]));
}

/// `coap-client-notls`, of libcoap.
fn asks(at: SocketAddr, arguments: &[&str], path: &str) -> crate::common::Ended {
    let client = Program::new(Command::new("coap-client-notls"))
        .args(["-B", "10"])
        .args(arguments);
    client.arg(format!("coap://{at}/{path}")).output().status(0)
}

#[test]
fn libcoaps_client_is_answered_by_aiocoap() {
    let at = unused("127.0.0.1");
    // aiocoap shares its port by reuse-port.
    let Some(server) = example(&["--allow-bind", &format!("{at} shared")]) else {
        return;
    };
    let mut running = server.args(["coap_server", &at.to_string()]).start();
    running.wait_for_line(&format!("listening on {at}"));
    asks(at, &["-m", "put", "-e", "hello"], "kept/a/b");
    asks(at, &["-m", "get"], "kept/a/b").stdout("hello");
    let unknown = asks(at, &["-m", "get"], "kept/c");
    assert!(unknown.stderr.contains("4.04"), "{unknown:#?}");
    // In blocks of 1,024 bytes, there and back.
    let folder = Folder::new();
    let text = "a text of many blocks\n".repeat(300);
    let file = folder.file("text", &text);
    asks(at, &["-m", "put", "-f", &file.to_string_lossy()], "kept/long");
    assert_eq!(asks(at, &["-m", "get"], "kept/long").stdout.trim_end(), text.trim_end());
}

#[test]
fn what_nobody_catches_is_told_with_its_trace() {
    let Some(program) = example(&[]) else { return };
    let ended = program.arg("throw").output().status(1).stdout("");
    ended.stderr_has("Traceback (most recent call last):\n  File \"examples.py\", line ").stderr_has(
        ", in deeper\n    raise RuntimeError(\"the reason that it gives\")\nRuntimeError: the reason that it gives\n",
    );
}
