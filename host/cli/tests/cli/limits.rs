//! `--limit NAME=VALUE`: what the operator reads, and how a guest ends that wants more.

use crate::common::{Folder, datagrant, run};
use datagrant_tests::{ASYNC_GUEST, SCRIPTED};

#[test]
fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
    let folder = Folder::new();
    let file = folder.file("grants.toml", "[limits]\nsockets = 2\nburst-bytes = 65536");
    for (flags, ends, line) in [
        (
            &["--limit", "sockets=3"][..],
            "3 x ok, 1 x quota-exceeded",
            "datagrant: the limit sockets=3 was in the way once; to allow more: --limit sockets=6",
        ),
        (
            &["--limit", "peers=200"],
            "2 x ok, 2 x quota-exceeded",
            "datagrant: the limit sockets=2 was in the way 2 times; to allow more: --limit sockets=4",
        ),
        (&["--limit", "sockets=1", "--limit", "sockets=65536"], "4 x ok", ""),
    ] {
        let guest = run(SCRIPTED).arg("--grants").arg(&file).args(flags);
        let ended = guest.story("create-many 4 ipv4").output().status(0);
        ended.stdout(format!("create-many 4 ipv4 -> {ends}")).stderr(line);
    }
}

#[test]
fn what_is_no_limit_is_told_and_nothing_runs() {
    for (limit, mend) in [
        ("sockets", "write NAME=VALUE, such as sockets=256"),
        ("sokets=4", "did you mean sockets?"),
        ("sent-byte-per-second=4", "did you mean sent-bytes-per-second?"),
        ("sockets=-1", "write one from 0 to 65536"),
        ("guest-memory-bytes=1M", "write one from 0 to 1099511627776"),
    ] {
        let ended = run(SCRIPTED).args(["--limit", limit]).story("complain it ran").output();
        let ended = ended.status(2).stdout("");
        let line = ended.stderr.lines().next().unwrap_or_default();
        assert!(
            line.contains("--limit <NAME=VALUE>") && line.contains(mend),
            "{ended:#?}"
        );
    }
}

#[test]
fn the_help_lists_the_limits_with_their_defaults() {
    let ended = datagrant().args(["run", "--help"]).output().status(0);
    for line in ["  sockets (256) ", "  guest-cpu-milliseconds (none) "] {
        assert!(ended.stdout.contains(line), "no {line:?} in {}", ended.stdout);
    }
}

#[test]
fn a_guest_that_computes_for_too_long_ends_with_134_and_a_line_that_says_why() {
    let why = "datagrant: the guest was ended by the limit guest-cpu-milliseconds=100; to allow more: --limit \
               guest-cpu-milliseconds=200
               datagrant: the limit guest-cpu-milliseconds=100 was in the way once; to allow more: --limit \
               guest-cpu-milliseconds=200";
    let limit = ["--limit", "guest-cpu-milliseconds=100"];
    let ended = run(SCRIPTED).args(limit).story("sleep 1\n spin").output().status(134);
    ended.stdout("sleep 1 -> ok").stderr(why);
    // WASI 0.3.
    let guest = run(ASYNC_GUEST)
        .args(limit)
        .args(["--allow-bind", "127.0.0.1:0", "--", "spin"]);
    guest.output().status(134).stdout("").stderr(why);
}

#[test]
fn a_guest_that_waits_is_not_ended_however_long_it_runs() {
    let guest = run(SCRIPTED).args(["--limit", "guest-cpu-milliseconds=1000"]);
    let ended = guest.story("repeat 30 compute 50 + sleep 1").output().status(0);
    ended.stdout("repeat 30 compute 50 + sleep 1 -> 60 x ok").stderr("");
}

#[test]
fn a_guest_that_has_its_memory_is_refused_more() {
    let guest = run(SCRIPTED).args(["--limit", "guest-memory-bytes=33554432"]);
    let ended = guest
        .story("allocate 20000000\n allocate 20000000\n allocate 1000")
        .output()
        .status(0);
    ended
        .stdout("allocate 20000000 -> ok\n allocate 20000000 -> no memory\n allocate 1000 -> ok")
        .stderr("datagrant: the limit guest-memory-bytes=33554432 was in the way *");
}

#[test]
fn a_guest_that_begins_with_more_memory_is_not_started() {
    let guest = run(SCRIPTED).args(["--limit", "guest-memory-bytes=65536"]);
    let ended = guest.story("complain it ran").output().status(134).stdout("");
    ended.stderr_has("to allow more: --limit guest-memory-bytes=131072");
}

#[test]
fn a_wait_for_room_by_an_async_function_sleeps_until_the_rate_lets_more_go() {
    let sink = std::net::UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let to = sink.local_addr().expect("it is bound").to_string();
    let ended = run(ASYNC_GUEST)
        .args(["--limit", "sent-datagrams-per-second=20", "--allow-bind", "0.0.0.0:0"])
        .args(["--allow-send", &to, "--", "full", &to])
        .output()
        .status(0);
    assert!(
        ended
            .stdout
            .contains("there is room\na send waited, and others did not: true\n"),
        "{ended:#?}"
    );
    ended.stderr("datagrant: the limit sent-datagrams-per-second=20 was in the way *");
}
