//! SIGHUP reads the file of `--grants` again.

use crate::common::{Folder, Program, Started, run, unused};
use datagrant_tests::SCRIPTED;
use std::fs;
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

fn with_grants(file: &Path) -> Program {
    run(SCRIPTED).arg("--grants").arg(file)
}

/// A file that allows binds to these.
fn binds(folder: &Folder, list: &[&str]) -> PathBuf {
    folder.file("grants.toml", format!("[allow]\nbind = {list:?}"))
}

/// Has the program read its file again, and waits until it says so; the line.
#[track_caller]
fn reads_again(guest: &mut Started) -> String {
    guest.signal("HUP");
    guest.wait_for_complaint("read again")
}

const IN_FORCE: &str = "was read again: its grants are in force, its limits and sockets stay as they were";

#[test]
fn what_the_file_allows_then_is_in_force_and_what_does_not_fit_is_closed() {
    let (at, other, folder) = (unused("127.0.0.1"), unused("127.0.0.1"), Folder::new());
    let file = binds(&folder, &[&at.to_string()]);
    let mut guest = with_grants(&file)
        .story(format!(
            "create ipv4\n bind {at}\n receive\n b: create ipv4\n b: bind {at}\n b: bind {other}\n b: receive"
        ))
        .start();
    guest.address(&format!("bind {at}"));
    binds(&folder, &[&other.to_string()]);
    assert_eq!(
        reads_again(&mut guest),
        format!("datagrant: {} {IN_FORCE}", file.display())
    );
    UdpSocket::bind(at).expect("the port is free");
    guest.wait_for_line("receive -> error access-denied, close");
    guest.wait_for_line(&format!("b: bind {at} -> access-denied"));
    guest.wait_for_line(&format!("b: bind {other} -> ok {other}"));
    guest.signal("TERM");
    let ended = guest.ends().status(143);
    // The guest goes on before the program has said that it may.
    for told in ["closed, as the grants were replaced", "refused by the grants"] {
        let line = format!("datagrant: {told}: bind {at}: not granted; to allow it: --allow-bind {at}\n");
        assert!(ended.stderr.contains(&line), "{ended:#?}");
    }
}

#[test]
fn flags_count_as_before() {
    let (at, other, folder) = (unused("127.0.0.1"), unused("127.0.0.1"), Folder::new());
    let file = binds(&folder, &[&at.to_string()]);
    let mut guest = with_grants(&file)
        .args(["--allow-bind", &other.to_string(), "--deny-bind", "127.0.0.9:*"])
        .story(format!(
            "create ipv4\n bind {at}\n b: create ipv4\n b: bind {other}\n receive\n b: local\n c: create ipv4\n c: bind 127.0.0.9:0"
        ))
        .start();
    guest.address(&format!("b: bind {other}"));
    binds(&folder, &["0.0.0.0:0", "127.0.0.9:0"]);
    reads_again(&mut guest);
    guest.wait_for_line("receive -> error access-denied, close");
    guest.wait_for_line(&format!("b: local -> ok {other}"));
    guest.wait_for_line("c: bind 127.0.0.9:0 -> access-denied");
    guest.ends().status(0);
}

#[test]
fn a_file_that_is_not_understood_or_gone_is_told_and_changes_nothing() {
    let (at, folder) = (unused("127.0.0.1"), Folder::new());
    let file = binds(&folder, &[&at.to_string()]);
    let mut guest = with_grants(&file)
        .story(format!(
            "create ipv4\n bind {at}\n receive\n reply still here\n receive"
        ))
        .start();
    guest.address(&format!("bind {at}"));

    let path = file.display().to_string();
    let unchanged =
        |why: &str| format!("datagrant: {path} was not read again, and the grants stay as they were: {why}");
    fs::write(&file, "[allow]\nbnid = []").expect("a file");
    let problem = "line 2, column 1: \"bnid\": unknown key: did you mean bind?";
    let told = reads_again(&mut guest);
    assert!(told.starts_with(&unchanged(problem)), "{told}");
    fs::remove_file(&file).expect("a file");
    guest.signal("HUP");
    let gone = unchanged("cannot read it: No such file or directory (os error 2)");
    guest.wait_for_complaint(&gone);
    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("an option");
    client.send_to(b"there?", at).expect("loopback");
    let mut buffer = [0; 100];
    let length = client.recv(&mut buffer).expect("an answer");
    assert_eq!(&buffer[..length], b"still here");

    fs::write(&file, "").expect("a file");
    guest.signal("HUP");
    guest.wait_for_complaint(IN_FORCE);
    guest.wait_for_line("receive -> error access-denied, close");
    guest.ends().status(0);
}

#[test]
fn limits_and_sockets_stay_as_they_were() {
    let (at, folder) = (unused("127.0.0.1"), Folder::new());
    let file = folder.file(
        "grants.toml",
        format!("[limits]\nsockets = 2\n[sockets]\ndns = \"{at}\""),
    );
    let mut guest = with_grants(&file)
        .story("take dns\n receive\n names\n b: create ipv4\n c: create ipv4")
        .start();
    guest.wait_for_line(&format!("take dns -> ok {at}"));
    fs::write(&file, "[limits]\nsockets = 1\n[sockets]\nother = \"127.0.0.1:0\"").expect("a file");
    reads_again(&mut guest);
    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    client.send_to(b"go", at).expect("loopback");
    guest.wait_for_line("receive -> message \"go\"");
    guest.wait_for_line("names -> dns");
    guest.wait_for_line("b: create ipv4 -> ok");
    guest.wait_for_line("c: create ipv4 -> quota-exceeded");
    guest.ends().status(0);
}

#[test]
fn a_guest_that_never_waits_has_the_new_grants_too() {
    let folder = Folder::new();
    let receiver = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let to = receiver.local_addr().expect("it is bound");
    let file = folder.file("grants.toml", format!("[allow]\nsend = [\"{to}\", \"127.0.0.1:9\"]"));
    let mut guest = with_grants(&file)
        .story(format!("create ipv4\n repeat 1000000000 send {to} x"))
        .start();
    receiver.recv(&mut [0; 10]).expect("a datagram");
    fs::write(&file, "[allow]\nsend = [\"127.0.0.1:9\"]").expect("a file");
    reads_again(&mut guest);
    guest.wait_for_complaint(&format!("refused by the grants: send {to}: not granted"));
    receiver.set_nonblocking(true).expect("an option");
    // What was sent before is there; nothing comes any more.
    while receiver.recv(&mut [0; 10]).is_ok() {}
    std::thread::sleep(Duration::from_millis(20));
    receiver.recv(&mut [0; 10]).expect_err("nothing is sent any more");
    guest.signal("TERM");
    guest.ends().status(143);
}

#[test]
fn a_pipe_is_read_once() {
    let (at, folder) = (unused("127.0.0.1"), Folder::new());
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let writer = std::thread::spawn({
        let (pipe, text) = (pipe.clone(), format!("[allow]\nbind = [\"{at}\"]"));
        move || fs::write(pipe, text)
    });
    let mut guest = with_grants(&pipe)
        .story(format!("create ipv4\n bind {at}\n receive"))
        .start();
    guest.address(&format!("bind {at}"));
    writer.join().expect("it only writes").expect("a pipe");
    let told = reads_again(&mut guest);
    let problem = "the grants stay as they were: it is no regular file, and can be read only once";
    assert!(told.ends_with(problem), "{told}");
    guest.signal("TERM");
    guest.ends().status(143);
}

#[test]
fn without_a_file_it_ends_the_program_as_ever() {
    let at = unused("127.0.0.1");
    // By `env`, since what ran these tests may ignore SIGHUP, as nohup(1) does, and then they do.
    let mut env = Command::new("env");
    env.args(["--default-signal=HUP", env!("CARGO_BIN_EXE_datagrant"), "run", SCRIPTED]);
    let mut guest = Program::ours(env)
        .args(["--allow-bind", &at.to_string()])
        .story(format!("create ipv4\n bind {at}\n receive"))
        .start();
    guest.address(&format!("bind {at}"));
    guest.signal("HUP");
    let ended = guest.ends();
    assert_eq!(ended.status, None, "{ended:#?}");
}
