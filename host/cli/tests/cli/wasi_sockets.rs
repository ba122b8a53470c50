//! Programs that know nothing of the contract: their `wasi:sockets` has the same grants, and no others.

use crate::common::run;
use datagrant_tests::{STD_SOCKET, WASI_UDP};

#[test]
fn without_grants_std_gets_nothing_and_the_operator_is_told_how_to_allow_what_can_be() {
    run(STD_SOCKET)
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
            "datagrant: refused by the grants: bind 127.0.0.1:0: not granted; to allow it: --allow-bind 127.0.0.1:0
             datagrant: refused by the grants: bind [::1]:0: not granted; to allow it: --allow-bind '[::1]:0'
             datagrant: refused: create a TCP socket: UDP is all that can be granted; no flag allows it
             datagrant: refused by the grants: resolve one.test: not granted; to allow it: --allow-resolve one.test
             datagrant: 2 more refusals",
        );
}

#[test]
fn with_grants_std_has_udp_and_names_and_never_tcp() {
    run(STD_SOCKET)
        .args(["--allow-bind", "127.0.0.1:0", "--allow-resolve", "*"])
        .args(["--", "reach", "localhost", "192.0.2.1"])
        .output()
        .status(0)
        .stdout(
            "udp bind -> ok
             udp bind to localhost -> ok 127.0.0.1
             tcp bind -> Permission denied (os error 2)
             tcp connect -> Permission denied (os error 2)
             lookup localhost -> ok [\"127.0.0.1:9\", \"[::1]:9\"]
             lookup 192.0.2.1 -> ok [\"192.0.2.1:9\"]",
        )
        .stderr(
            "datagrant: refused: create a TCP socket: UDP is all that can be granted; no flag allows it
             datagrant: 1 more refusal",
        );
}

#[test]
fn the_calls_themselves_work_as_documented_with_grants() {
    let ended = run(WASI_UDP)
        .args(["--allow-bind", "127.0.0.1:0", "--allow-bind", "[::1]:0"])
        .args(["--allow-bind", "198.51.100.1:0"])
        .args(["--allow-send", "@loopback:*"])
        .output()
        .status(0)
        .stderr("");
    assert!(ended.stdout.contains("receive -> [\"hello\"]"), "{ended:#?}");
}
