//! Ports that workers share, and those that they do not.

use crate::client::{client, sides};
use crate::common::{serve, unused};
use crate::{service, wait_for_lines};
use datagrant_tests::SERVICE;
use std::io::{self, Write};
use std::net::{SocketAddr, UdpSocket};
use std::process::Command;

#[test]
fn workers_share_a_port_that_they_bind_without_exclusive() {
    for host in ["127.0.0.1", "0.0.0.0", "[::1]"] {
        let at = unused(host);
        let bind = format!("bind {at}");
        let guest = serve(SERVICE)
            .args(["--workers", "2", "--allow-bind", &at.to_string(), "--", &bind])
            .start();
        wait_for_lines(&guest, &format!("{bind} -> {at}"), 2);
        let to = match host {
            "0.0.0.0" => ([127, 0, 0, 1], at.port()).into(),
            _ => at,
        };
        sides(to, 2);
        guest.signal("TERM");
        guest.ends().status(0).stderr("");
    }
}

#[test]
fn workers_share_the_sockets_that_were_handed_in() {
    for host in ["127.0.0.1", "[::1]", "[::]"] {
        let at = unused(host);
        let guest = serve(SERVICE)
            .args(["--workers", "3", "--socket", &format!("dns={at}"), "--", "take dns"])
            .start();
        wait_for_lines(&guest, &format!("take dns -> {at}"), 3);
        let to = match host {
            "[::]" => (std::net::Ipv6Addr::LOCALHOST, at.port()).into(),
            _ => at,
        };
        let mut tokens = std::collections::BTreeSet::new();
        for _ in 0..200 {
            tokens.insert(client(to).asks("who"));
        }
        assert_eq!(tokens.len(), 3, "each of them answers");
        guest.signal("TERM");
        guest.ends().status(0).stderr("");
    }
}

#[test]
fn an_exclusive_bind_of_a_second_worker_fails() {
    let at = unused("127.0.0.1");
    let bind = format!("bind {at} exclusive");
    let guest = serve(SERVICE)
        .args([
            "--workers",
            "2",
            "--allow-bind",
            &at.to_string(),
            "--allow-bind",
            "127.0.0.1:0",
        ])
        .args(["--", &bind, "bind 127.0.0.1:0"])
        .start();
    // The second one has a port of its own to wait for.
    wait_for_lines(&guest, &format!("{bind} -> {at}"), 1);
    wait_for_lines(&guest, &format!("{bind} -> address-in-use"), 1);
    let token = client(at).asks("who");
    for _ in 0..20 {
        assert_eq!(client(at).asks("who"), token, "one worker has the port alone");
    }
    guest.signal("TERM");
    guest.ends().status(0);
}

#[test]
fn a_bind_without_exclusive_does_not_share_with_one_that_is() {
    let at = unused("127.0.0.1");
    let (exclusive, shared) = (format!("bind {at} exclusive"), format!("bind {at}"));
    let guest = serve(SERVICE)
        .args([
            "--workers",
            "1",
            "--allow-bind",
            &at.to_string(),
            "--",
            &exclusive,
            &shared,
        ])
        .start();
    wait_for_lines(&guest, &format!("{exclusive} -> {at}"), 1);
    wait_for_lines(&guest, &format!("{shared} -> address-in-use"), 1);
    guest.signal("TERM");
    guest.ends().status(0);
}

#[test]
fn one_worker_does_not_share_with_itself() {
    let at = unused("127.0.0.1");
    let bind = format!("bind {at}");
    for workers in ["1", "2"] {
        let count = workers.parse().expect("a number");
        let guest = serve(SERVICE)
            .args([
                "--workers",
                workers,
                "--allow-bind",
                &at.to_string(),
                "--",
                &bind,
                &bind,
            ])
            .start();
        wait_for_lines(&guest, &format!("{bind} -> {at}"), count);
        wait_for_lines(&guest, &format!("{bind} -> address-in-use"), count);
        guest.signal("TERM");
        guest.ends().status(0);
    }
}

#[test]
fn a_port_that_the_system_chooses_is_each_workers_own() {
    let guest = serve(SERVICE)
        .args([
            "--workers",
            "2",
            "--allow-bind",
            "127.0.0.1:0",
            "--",
            "bind 127.0.0.1:0",
        ])
        .start();
    crate::wait_for(&guest, |stdout, _| stdout.lines().count() == 2);
    let (stdout, _) = guest.printed();
    let ports: Vec<&str> = stdout.lines().collect();
    assert_ne!(ports[0], ports[1]);
    guest.signal("TERM");
    guest.ends().status(0);
}

#[test]
fn sharing_takes_a_grant_to_bind_as_ever() {
    let at = unused("127.0.0.1");
    let bind = format!("bind {at}");
    let guest = serve(SERVICE)
        .args([
            "--workers",
            "2",
            "--allow-bind",
            "127.0.0.1:0",
            "--",
            &bind,
            "bind 127.0.0.1:0",
        ])
        .start();
    wait_for_lines(&guest, &format!("{bind} -> access-denied"), 2);
    guest.signal("TERM");
    guest
        .ends()
        .status(0)
        .stderr_has(&format!("refused by the grants: bind {at}: not granted"));
}

#[test]
fn a_port_that_somebody_else_shares_is_not_joined() {
    let (first, at) = service().start(2, []);
    let socket = format!("dns={at}");
    serve(SERVICE)
        .args(["--workers", "2", "--socket", &socket, "--", "take dns"])
        .output()
        .status(1)
        .stdout("")
        .stderr(format!(
            "datagrant: cannot bind --socket {socket}: another socket has this address and port"
        ));
    let bind = format!("bind {at}");
    let guest = serve(SERVICE)
        .args(["--workers", "2", "--allow-bind", &at.to_string(), "--", &bind, "done"])
        .output()
        .status(0);
    assert_eq!(guest.stdout.matches("address-in-use").count(), 2, "{guest:#?}");
    client(at).asks("are you there?");
    first.signal("TERM");
    first.ends().status(0).stderr("");
    UdpSocket::bind(at).expect("the port is free again");
}

#[test]
fn a_socket_that_several_workers_hold_is_not_connected() {
    let peer = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    let to = peer.local_addr().expect("it is bound");
    let connect = format!("connect {to}");
    let at = unused("127.0.0.1");
    let socket = format!("dns={at}");
    let run = |workers: &str| {
        serve(SERVICE)
            .args([
                "--workers",
                workers,
                "--socket",
                &socket,
                "--allow-send",
                &to.to_string(),
            ])
            .args(["--", "take dns", &connect, "done"])
            .output()
            .status(0)
    };
    let several = run("2").stderr(format!(
        "datagrant: refused by the grants: {connect}: the socket was handed in to others too; no flag allows it
         datagrant: 1 more refusal"
    ));
    assert_eq!(
        several.stdout.matches(&format!("{connect} -> access-denied")).count(),
        2
    );
    let alone = run("1").stderr("");
    assert!(alone.stdout.contains(&format!("{connect} -> {at}")), "{alone:#?}");
}

/// Binds with SO_REUSEPORT, as this user: `bound`, or the errno. None where that cannot be tried.
fn another_process_binds(at: SocketAddr, user: u32) -> Option<String> {
    let script = "import os, socket, sys\n\
                  os.setuid(int(sys.argv[3]))\n\
                  s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
                  s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)\n\
                  try: s.bind((sys.argv[1], int(sys.argv[2]))); print('bound')\n\
                  except OSError as e: print(e.errno)\n";
    let output = Command::new("python3")
        .args([
            "-c",
            script,
            &at.ip().to_string(),
            &at.port().to_string(),
            &user.to_string(),
        ])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// What the pages say of the group: Linux lets in whoever has the same user id, and nobody else.
#[test]
fn a_process_of_another_user_does_not_get_into_the_group() {
    const EADDRINUSE: &str = "98";
    let (guest, at) = service().start(2, []);
    let nobody = another_process_binds(at, 65_534);
    match nobody.as_deref() {
        Some(answer) => assert_eq!(answer, EADDRINUSE),
        None => {
            let why =
                "not run: another user's process takes root and python3; to run it: as root, apt-get install python3";
            writeln!(io::stderr(), "{why}").expect("stderr");
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{why}");
        }
    }
    client(at).asks("are you there?");
    guest.signal("TERM");
    guest.ends().status(0).stderr("");
}
