//! Rule 14: what no middleware wraps of `wasi:sockets` is denied, and that is said.

use crate::common::run;
use crate::{firewall, goes_round, run_with, scripted};
use datagrant_tests::{FIREWALL, SCRIPTED, STD_SOCKET, WASI_ASYNC, WASI_UDP};

#[test]
fn a_guest_of_the_contract_does_not_go_round_by_wasi_sockets() {
    scripted(&[&firewall("deny-send=127.0.0.1:9")])
        .args(["--allow-resolve", "*"])
        .story("wasi on\ncreate ipv4\ntcp\nlookup one.test\nlookup localhost")
        .output()
        .status(0)
        .stdout(
            "wasi on -> ok
             create ipv4 -> access-denied
             tcp -> access-denied
             lookup one.test -> access-denied
             lookup localhost -> access-denied",
        )
        .stderr(
            goes_round(SCRIPTED)
                + "datagrant: refused: wasi:sockets is closed to this guest
                   datagrant: 3 more refusals",
        );
}

#[test]
fn a_guest_of_wasi_sockets_alone_gets_nothing_and_is_told_to_have_nothing_to_wrap() {
    run_with(&[FIREWALL], STD_SOCKET)
        .args(["--allow-bind", "127.0.0.1:0", "--allow-resolve", "*"])
        .args(["--", "reach", "one.test"])
        .output()
        .status(0)
        .stdout(
            "udp bind -> Permission denied (os error 2)
             udp bind to localhost -> Permission denied (os error 2)
             tcp bind -> Permission denied (os error 2)
             tcp connect -> Permission denied (os error 2)
             lookup one.test -> Permission denied (os error 2)",
        )
        .stderr(
            format!(
                "datagrant: {STD_SOCKET} imports nothing of datagrant:dgram, so that {FIREWALL} has nothing to wrap\n"
            ) + &goes_round(STD_SOCKET)
                + "datagrant: refused: wasi:sockets is closed to this guest
                   datagrant: 4 more refusals",
        );
}

#[test]
fn the_calls_themselves_are_denied() {
    run_with(&[FIREWALL], WASI_UDP)
        .args(["--allow-bind", "127.0.0.1:0"])
        .output()
        .status(134)
        .stdout("")
        .stderr_has("a socket: ErrorCode { code: 1, name: \"access-denied\"");
}

#[test]
fn so_are_those_of_0_3() {
    let ended = run_with(&[FIREWALL], WASI_ASYNC)
        .args(["--allow-bind", "127.0.0.1:0"])
        .output();
    assert!(
        ended.stderr.contains("wasi:sockets is closed to this guest"),
        "{ended:#?}"
    );
}

#[test]
fn a_flag_denies_it_for_what_was_composed_before() {
    run(SCRIPTED)
        .args(["--deny-wasi-sockets", "--allow-bind", "127.0.0.1:0"])
        .story("create ipv4\nwasi on\ncreate ipv4")
        .output()
        .status(0)
        .stdout("create ipv4 -> ok\nwasi on -> ok\ncreate ipv4 -> access-denied")
        .stderr("datagrant: refused: wasi:sockets is closed to this guest");
}
