//! `--grants FILE`.

use crate::common::{Folder, run, serve, unused};
use datagrant_tests::SCRIPTED;

#[test]
fn what_the_file_allows_is_allowed_and_what_it_denies_is_not() {
    let (at, other, folder) = (unused("127.0.0.1"), unused("127.0.0.1"), Folder::new());
    let file = folder.file(
        "grants.toml",
        format!("[allow]\nbind = [\"{at}\"]\nsend = [\"@loopback:*\"]\n[deny]\nsend = [\"127.0.0.7:*\"]"),
    );
    let mut guest = run(SCRIPTED)
        .arg("--grants")
        .arg(&file)
        .story(format!(
            "create ipv4\n bind {at}\n send 127.0.0.1:9 x\n send 127.0.0.7:9 x\n b: create ipv4\n b: bind {other}"
        ))
        .start();
    guest.wait_for_line(&format!("bind {at} -> ok {at}"));
    guest.wait_for_line("send 127.0.0.1:9 x -> ok");
    guest.wait_for_line("send 127.0.0.7:9 x -> access-denied");
    guest.wait_for_line(&format!("b: bind {other} -> access-denied"));
    guest.ends().status(0).stderr(format!(
        "datagrant: refused by the grants: send 127.0.0.7:9: denied (deny send 127.0.0.7:*); no flag allows it
         datagrant: refused by the grants: bind {other}: not granted; to allow it: --allow-bind {other}"
    ));
}

#[test]
fn flags_add_to_what_the_file_allows_and_denies() {
    let folder = Folder::new();
    let file = folder.file(
        "grants.toml",
        "[allow]\nsend = [\"127.0.0.0/24:9\"]\n[deny]\nsend = [\"127.0.0.2:*\"]",
    );
    let mut guest = run(SCRIPTED)
        .arg("--grants")
        .arg(&file)
        .args(["--allow-send", "127.0.0.0/24:10", "--deny-send", "127.0.0.3:*"])
        .story("create ipv4\n send 127.0.0.1:9 x\n send 127.0.0.1:10 x\n send 127.0.0.2:10 x\n send 127.0.0.3:9 x")
        .start();
    guest.wait_for_line("send 127.0.0.1:9 x -> ok");
    guest.wait_for_line("send 127.0.0.1:10 x -> ok");
    guest.wait_for_line("send 127.0.0.2:10 x -> access-denied");
    guest.wait_for_line("send 127.0.0.3:9 x -> access-denied");
    guest.ends().status(0);
}

#[test]
fn limits_and_sockets_of_the_file_hold() {
    let (at, folder) = (unused("127.0.0.1"), Folder::new());
    let file = folder.file(
        "grants.toml",
        format!("[limits]\nsockets = 2\n[sockets]\ndns = \"{at}\""),
    );
    let mut guest = run(SCRIPTED)
        .arg("--grants")
        .arg(&file)
        .story("take dns\n b: create ipv4\n c: create ipv4")
        .start();
    guest.wait_for_line(&format!("take dns -> ok {at}"));
    guest.wait_for_line("b: create ipv4 -> ok");
    guest.wait_for_line("c: create ipv4 -> quota-exceeded");
    let ended = guest.ends().status(0);
    ended.stderr("datagrant: the limit sockets=2 was in the way once; to allow more: --limit sockets=4");
}

#[test]
fn an_empty_file_denies_everything() {
    let (at, folder) = (unused("127.0.0.1"), Folder::new());
    let file = folder.file("grants.toml", "");
    let mut guest = run(SCRIPTED)
        .arg("--grants")
        .arg(&file)
        .story(format!("create ipv4\n bind {at}\n send 127.0.0.1:9 x"))
        .start();
    guest.wait_for_line(&format!("bind {at} -> access-denied"));
    guest.wait_for_line("send 127.0.0.1:9 x -> access-denied");
    guest.ends().status(0);
}

#[test]
fn a_file_that_is_not_understood_ends_the_program_before_the_guest_starts() {
    let folder = Folder::new();
    for (text, problem) in [
        (
            "[allow]\nsned = []",
            "line 2, column 1: \"sned\": unknown key: did you mean send?",
        ),
        (
            "[allow]\nsend = \"*:9\"",
            "line 2, column 8: \"\\\"*:9\\\"\": send is a list of strings",
        ),
        (
            "[deny]\nsend = [\"*\"]",
            "line 2, column 11: \"*\": no port: write *:PORT",
        ),
    ] {
        let file = folder.file("grants.toml", text);
        for program in [run(SCRIPTED), serve(SCRIPTED)] {
            let ended = program.arg("--grants").arg(&file).output();
            let ended = ended.status(2).stdout("").stderr_has(problem);
            ended.stderr_has(&file.display().to_string());
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_ends_the_program() {
    let folder = Folder::new();
    let none = folder.path().join("none.toml");
    let bytes = folder.file("bytes.toml", [0xff, 0xfe, 0x00]);
    let huge = folder.file("huge.toml", "#".repeat(3 << 20));
    for (file, problem) in [
        (none.as_path(), "cannot read it: No such file or directory"),
        (folder.path(), "cannot read it: Is a directory"),
        (&bytes, "cannot read it: stream did not contain valid UTF-8"),
        (&huge, "a grants file has at most 1048576 bytes"),
        ("/dev/zero".as_ref(), "a grants file has at most 1048576 bytes"),
    ] {
        run(SCRIPTED)
            .arg("--grants")
            .arg(file)
            .output()
            .status(2)
            .stdout("")
            .stderr_has(problem);
    }
}

#[test]
fn a_name_for_two_sockets_is_told() {
    let folder = Folder::new();
    let file = folder.file("grants.toml", "[sockets]\ndns = \"127.0.0.1:0\"");
    run(SCRIPTED)
        .args(["--socket", "dns=127.0.0.1:0", "--grants"])
        .arg(&file)
        .output()
        .status(2)
        .stderr_has("two sockets are named \"dns\"");
}
