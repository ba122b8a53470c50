//! Without a grant nothing works, and the operator reads the flag that is missing.

use crate::common::{run, run_by_shell, unused};
use datagrant_tests::{ECHO_CLIENT, ECHO_SERVER, SCRIPTED};
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

#[test]
fn without_a_grant_the_echo_server_fails_and_the_flag_that_is_told_makes_it_work() {
    for at in [unused("127.0.0.1"), unused("[::1]")] {
        let ended = run(ECHO_SERVER).args(["--", &at.to_string()]).output();
        let flag = flags_of(&ended.stderr);
        assert_eq!(flag.replace('\'', ""), format!("--allow-bind {at}"));
        ended.status(1).stdout("").stderr(format!(
            "datagrant: refused by the grants: bind {at}: not granted; to allow it: {flag}
             echo-server: bind EACCES {at}: access denied"
        ));

        let mut server = run_by_shell(ECHO_SERVER, &flag).args(["--", &at.to_string()]).start();
        server.wait_for_line(&format!("listening on {at}"));
        assert_eq!(echo(at), "hello");
    }
}

#[test]
fn without_a_grant_nothing_is_bound() {
    let at = unused("127.0.0.1");
    let mut guest = run(SCRIPTED)
        .story(format!("create ipv4\n bind {at}\n complain now\n receive 10000"))
        .start();
    guest.wait_for_line(&format!("bind {at} -> access-denied"));
    UdpSocket::bind(at).expect("it is free");
}

#[test]
fn the_echo_client_is_told_the_flag_that_it_lacks() {
    let server = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    let to = server.local_addr().expect("it is bound");
    run(ECHO_CLIENT)
        .args(["--", &to.to_string()])
        .output()
        .status(1)
        .stdout("")
        .stderr(format!(
            "datagrant: refused by the grants: connect {to}: not granted; to allow it: --allow-send {to}
             echo-client: *"
        ));
    server.set_nonblocking(true).expect("an option");
    server.recv(&mut [0; 9]).expect_err("nothing was sent");
}

#[test]
fn the_flags_that_are_told_can_be_pasted_into_a_shell() {
    let (at, to) = (unused("127.0.0.1"), unused("[::1]"));
    for story in [
        format!("create ipv4 reuse-address\n bind {at}"),
        "create ipv6\n bind [::1]:0".to_owned(),
        format!("create ipv6\n connect {to}"),
        "create ipv6\n connect [64:ff9b::127.0.0.1]:9".to_owned(),
        "create ipv6\n bind [fe80::1%1]:0".to_owned(),
    ] {
        let refused = run(SCRIPTED).story(&story).output().status(0);
        assert!(refused.stdout.contains("access-denied"), "{refused:#?}");
        let allowed = run_by_shell(SCRIPTED, &flags_of(&refused.stderr))
            .story(&story)
            .output();
        let allowed = allowed.status(0).stderr("");
        assert!(!allowed.stdout.contains("access-denied"), "{allowed:#?}");
    }
}

#[test]
fn what_a_shell_would_take_for_a_pattern_is_quoted() {
    let (at, at_6) = (unused("127.0.0.1"), unused("[::1]"));
    for (story, flag) in [
        (format!("create ipv4\n bind {at}"), format!("--allow-bind {at}")),
        (format!("create ipv6\n bind {at_6}"), format!("--allow-bind '{at_6}'")),
        (
            format!("create ipv4 reuse-port\n bind {at}"),
            format!("--allow-bind '{at} shared'"),
        ),
        (
            "create ipv6\n connect [64:ff9b::127.0.0.1]:9".to_owned(),
            "--allow-send '[64:ff9b::7f00:1]:9' --allow-send 127.0.0.1:9".to_owned(),
        ),
    ] {
        assert_eq!(flags_of(&run(SCRIPTED).story(story).output().stderr), flag);
    }
}

#[test]
fn each_flag_allows_or_denies() {
    let to = unused("127.0.0.1");
    let everyone = UdpSocket::bind("127.255.255.255:0").expect("the broadcast address of loopback");
    let everyone = everyone.local_addr().expect("it is bound");
    run(SCRIPTED)
        .args(["--allow-bind", "127.0.0.1:0", "--allow-bind", "0.0.0.0:0,1024-65535"])
        .args([
            "--allow-send",
            "@loopback:*",
            "--allow-broadcast",
            &everyone.to_string(),
        ])
        .args(["--deny-bind", "127.0.0.5:*", "--deny-send", "127.0.0.7:*"])
        .story(format!(
            "create ipv4
             bind 127.0.0.1:0
             broadcast on
             send {to} x
             send {everyone} x
             send 127.0.0.7:9 x
             b: create ipv4
             b: bind 127.0.0.5:1024"
        ))
        .output()
        .status(0)
        .stdout(format!(
            "create ipv4 -> ok
             bind 127.0.0.1:0 -> ok 127.0.0.1:*
             broadcast on -> ok
             send {to} x -> ok
             send {everyone} x -> ok
             send 127.0.0.7:9 x -> access-denied
             b: create ipv4 -> ok
             b: bind 127.0.0.5:1024 -> access-denied"
        ))
        .stderr(
            "datagrant: refused by the grants: send 127.0.0.7:9: denied (deny send 127.0.0.7:*); no flag allows it
             datagrant: refused by the grants: bind 127.0.0.5:1024: denied (deny bind 127.0.0.5:*); no flag allows it",
        );
}

#[test]
fn a_refusal_of_the_kernel_is_told_as_such() {
    let to = format!("127.255.255.255:{}", unused("127.0.0.1").port());
    run(SCRIPTED)
        .args(["--allow-send", "127.0.0.0/8:*"])
        .story(format!("create ipv4\n send {to} x"))
        .output()
        .status(0)
        .stdout(format!("create ipv4 -> ok\n send {to} x -> access-denied"))
        .stderr(format!(
            "datagrant: refused by the kernel: send {to}: Permission denied (os error 13)"
        ));
}

#[test]
fn what_is_refused_ten_thousand_times_is_told_once_and_counted() {
    let to = unused("127.0.0.1");
    run(SCRIPTED)
        .story(format!("create ipv4\n repeat 10000 send {to} x"))
        .output()
        .status(0)
        .stdout(format!(
            "create ipv4 -> ok\n repeat 10000 send {to} x -> 10000 x access-denied"
        ))
        .stderr(format!(
            "datagrant: refused by the grants: send {to}: not granted; to allow it: --allow-send {to}
             datagrant: 9999 more refusals"
        ));
}

#[test]
fn what_is_refused_in_ten_thousand_ways_does_not_drown_the_rest() {
    let sends: Vec<String> = (1..=1000).map(|port| format!("send 127.0.0.1:{port} x")).collect();
    let ended = run(SCRIPTED)
        .story(format!("create ipv4\n {}", sends.join("\n")))
        .output();
    let lines: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 101, "{lines:#?}");
    assert_eq!(lines[100], "datagrant: 900 more refusals");
}

/// What a line tells the operator to add.
#[track_caller]
fn flags_of(stderr: &str) -> String {
    let line = stderr.lines().next().expect("a line");
    let (_, flags) = line.split_once("; to allow it: ").expect("a flag");
    flags.to_owned()
}

/// What the server at `at` makes of a datagram.
#[track_caller]
fn echo(at: SocketAddr) -> String {
    let client = UdpSocket::bind((at.ip(), 0)).expect("a socket on loopback");
    client
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("a timeout");
    client.send_to(b"hello", at).expect("send");
    let mut buffer = [0; 64];
    let (length, from) = client.recv_from(&mut buffer).expect("an answer");
    assert_eq!(from, at);
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}
