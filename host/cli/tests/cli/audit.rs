//! `--audit FILE`.

use crate::common::audit::{decisions, lines};
use crate::common::{Folder, Program, datagrant, run, unused};
use datagrant_tests::{SCRIPTED, STD_SOCKET};
use std::fs;
use std::net::UdpSocket;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

#[track_caller]
fn assert_decisions(path: &Path, expected: &[(&str, u64)]) {
    let decisions = decisions(path);
    let decisions: Vec<(&str, u64)> = decisions.iter().map(|(text, count)| (text.as_str(), *count)).collect();
    assert_eq!(decisions, expected);
}

#[test]
fn every_decision_has_a_line_with_its_rule() {
    let (at, folder) = (unused("127.0.0.1"), Folder::new());
    let audit = folder.path().join("audit.jsonl");
    let other = format!("127.255.255.255:{}", at.port());
    run(SCRIPTED)
        .args([
            "--allow-bind",
            "127.0.0.0/8:1024-65535 from 127.0.0.0/8",
            "--allow-send",
            "127.0.0.0/8:*",
        ])
        .args(["--deny-send", "127.0.0.7:*", "--allow-resolve", "*", "--audit"])
        .arg(&audit)
        .story(format!(
            "create ipv4
             bind {at}
             send 127.0.0.1:9 x
             send 127.0.0.7:9 x
             send {other} x
             send 192.0.2.1:53 x
             b: create ipv4
             b: connect 127.0.0.1:9
             lookup localhost ipv4"
        ))
        .output()
        .status(0);
    let port = at.port();
    assert_decisions(
        &audit,
        &[
            (
                &format!(
                    "1 bind {at}: allowed granted [allow bind 127.0.0.0/8:1024-65535 from 127.0.0.0/8] \
                 [bind {at} from 127.0.0.0/8]"
                ),
                1,
            ),
            (
                "1 send 127.0.0.1:9: allowed granted [allow send 127.0.0.0/8:*] [send 127.0.0.1:9]",
                1,
            ),
            ("1 send 127.0.0.7:9: denied denied [deny send 127.0.0.7:*] []", 1),
            (
                &format!("1 send {other}: allowed granted [allow send 127.0.0.0/8:*] [send 127.255.255.255:{port}]"),
                1,
            ),
            (&format!("1 send {other}: refused EACCES [] []"), 1),
            ("1 send 192.0.2.1:53: denied not-granted [] [send 192.0.2.1:53]", 1),
            (
                "1 connect 127.0.0.1:9: allowed granted [allow send 127.0.0.0/8:*] [send 127.0.0.1:9]",
                1,
            ),
            ("1 bind 0.0.0.0:0: allowed client-socket [] []", 1),
            (
                "1 resolve localhost: allowed granted [allow resolve *] [resolve localhost]",
                1,
            ),
        ],
    );
    let lines = lines(&audit);
    let (first, last) = (&lines[0], &lines[lines.len() - 1]);
    assert_eq!((&first["event"], &first["workers"]), (&"started".into(), &1.into()));
    assert_eq!(first["component"], SCRIPTED);
    assert_eq!(last["event"], "ended");
    for line in &lines {
        let time = line["time"].as_str().unwrap_or_default();
        let shape: String = time.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        assert_eq!(shape, "0000-00-00T00:00:00.000Z", "{line}");
    }
}

#[test]
fn what_is_decided_again_is_counted_and_has_few_lines() {
    let (peer, folder) = (
        UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback"),
        Folder::new(),
    );
    let (to, audit) = (
        peer.local_addr().expect("it is bound"),
        folder.path().join("audit.jsonl"),
    );
    run(SCRIPTED)
        .args(["--allow-send", "127.0.0.1:*", "--audit"])
        .arg(&audit)
        .story(format!("create ipv4\n repeat 20000 send {to} x + send 192.0.2.1:9 x"))
        .output()
        .status(0);
    assert_decisions(
        &audit,
        &[
            (
                &format!("1 send {to}: allowed granted [allow send 127.0.0.1:*] [send {to}]"),
                20_000,
            ),
            ("1 bind 0.0.0.0:0: allowed client-socket [] []", 1),
            ("1 send 192.0.2.1:9: denied not-granted [] [send 192.0.2.1:9]", 20_000),
        ],
    );
    let count = lines(&audit).len();
    // Two more each ten seconds.
    assert!((7..50).contains(&count), "{count} lines");
}

#[test]
fn what_is_decided_in_ever_new_ways_is_bounded_and_counted() {
    let folder = Folder::new();
    let audit = folder.path().join("audit.jsonl");
    let sends: Vec<String> = (1..=3000).map(|port| format!("send 127.0.0.1:{port} x")).collect();
    run(SCRIPTED)
        .arg("--audit")
        .arg(&audit)
        .story(format!(
            "create ipv4\n {}\n create ipv4\n bind 127.0.0.1:9",
            sends.join("\n")
        ))
        .output()
        .status(0);
    let told: u64 = decisions(&audit).iter().map(|(_, count)| count).sum();
    let lines = lines(&audit);
    let left_out = lines.iter().filter(|line| line["event"] == "left-out");
    let left_out: u64 = left_out.map(|line| line["count"].as_u64().expect("a count")).sum();
    assert_eq!(told + left_out, 3001);
    assert!(told >= 1000, "{told}");
    // What is of another kind has its place.
    let last = lines.iter().rfind(|line| line["operation"] == "bind");
    assert_eq!(last.expect("a line")["subject"], "127.0.0.1:9");
}

#[test]
fn the_file_is_the_users_alone_and_later_runs_are_added_to_it() {
    let folder = Folder::new();
    let audit = folder.path().join("audit.jsonl");
    let once = || {
        run(SCRIPTED)
            .arg("--audit")
            .arg(&audit)
            .story("create ipv4\n send 192.0.2.1:9 x")
            .output()
    };
    once().status(0);
    let mode = fs::metadata(&audit).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // As after a crash.
    let mut text = fs::read_to_string(&audit).expect("text");
    let first = text.lines().count();
    text.push_str("{\"time\":\"2026-");
    fs::write(&audit, &text).expect("it can be written");
    once().status(0);
    let text = fs::read_to_string(&audit).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), lines[first]), (2 * first + 1, "{\"time\":\"2026-"));
}

#[test]
fn a_file_that_cannot_be_written_ends_the_program_before_the_guest_runs() {
    let folder = Folder::new();
    // Which nobody reads.
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    for (path, problem) in [
        (folder.path().join("none/audit.jsonl"), "No such file or directory"),
        (folder.path().to_owned(), "it is no regular file"),
        (pipe, "it is no regular file"),
        ("/".into(), "it names no file"),
        ("/dev/full".into(), "it is no regular file"),
    ] {
        let ended = run(SCRIPTED)
            .arg("--audit")
            .arg(&path)
            .story("complain it ran")
            .output();
        let ended = ended.status(1).stdout("").stderr_has(problem);
        let begin = format!("datagrant: cannot write the audit file {}", path.display());
        assert!(ended.stderr.starts_with(&begin), "{ended:#?}");
        assert_eq!(ended.stderr.lines().count(), 1);
    }
}

#[test]
fn a_disk_that_fills_up_is_told_once_and_does_not_stop_the_guest() {
    let folder = Folder::new();
    let audit = folder.path().join("audit.jsonl");
    // So that it is compiled already: the limit is for every file.
    run(SCRIPTED).story("create ipv4").output().status(0);
    // In blocks of 512 bytes; what an engine maps counts, too. What is there already is a hole.
    let limit = 1 << 30;
    let full = fs::File::create(&audit).and_then(|file| file.set_len(limit - 1000));
    full.expect("a file with a hole");
    let line = format!(
        "trap '' XFSZ; ulimit -f {}; exec '{}' run '{SCRIPTED}' --audit '{}' \"$@\"",
        limit / 512,
        env!("CARGO_BIN_EXE_datagrant"),
        audit.display()
    );
    let sends: Vec<String> = (1..=90).map(|port| format!("send 127.0.0.1:{port} x")).collect();
    let program = Program::ours(Command::new("sh")).args(["-c", &line, "sh"]);
    let story = format!(
        "create ipv4\n {}\n sleep 300\n send 127.0.0.1:91 x\n complain it went on",
        sends.join("\n")
    );
    let ended = program.story(story).output().status(0);
    let told = |line: &&str| line.contains("cannot write the audit file");
    assert_eq!(ended.stderr.lines().filter(told).count(), 1, "{ended:#?}");
    ended
        .stderr_has("File too large (os error 27); some decisions are not in it")
        .stderr_has("it went on");
}

#[test]
fn nothing_is_written_where_nobody_asks_for_it() {
    let folder = Folder::new();
    let ended = run(SCRIPTED)
        .current_dir(folder.path())
        .story("create ipv4\n send 192.0.2.1:9 x")
        .output();
    ended.status(0);
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    let help = datagrant().args(["run", "--help"]).output().status(0);
    assert!(help.stdout.contains("--audit <FILE>"));
}

#[test]
fn what_is_asked_by_wasi_sockets_is_in_it_too() {
    let folder = Folder::new();
    let audit = folder.path().join("audit.jsonl");
    let ended = run(STD_SOCKET)
        .arg("--audit")
        .arg(&audit)
        .args(["--", "reach", "one.test"])
        .output();
    ended.status(0);
    let decisions = decisions(&audit);
    let tcp = decisions
        .iter()
        .find(|(text, _)| text == "1 create-socket : denied udp-only [] []");
    assert!(tcp.is_some_and(|(_, count)| *count >= 2), "{decisions:#?}");
    let bind =
        |(text, _): &(String, u64)| text.starts_with("1 bind ") && text.contains(": denied not-granted [] [bind ");
    assert!(decisions.iter().any(bind), "{decisions:#?}");
}
