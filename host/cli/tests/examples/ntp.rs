//! `examples/ntp`, which asks `chronyd`: on a free port, and without power over the clock.

use crate::common::{Folder, Program, Started, run, unused};
use crate::tool::tool;
use datagrant_tests::NTP_CLIENT;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// A server; it ends with the test.
struct Server {
    address: SocketAddr,
    _program: Started,
    _folder: Folder,
}

/// One with this line in its configuration, or none where chrony is missing.
#[track_caller]
fn chronyd(host: &str, line: &str) -> Option<Server> {
    let chronyd = tool("chronyd", "chrony")?;
    let (folder, address) = (Folder::new(), unused(host));
    let configuration = format!(
        "{line}\nport {}\nbindaddress {}\nallow\ncmdport 0\nbindcmdaddress /\npidfile {}\n",
        address.port(),
        address.ip(),
        folder.path().join("pid").display()
    );
    let file = folder.file("chrony.conf", configuration);
    // As who runs the test: chronyd would become a user of its own, who cannot write here.
    let user = Program::new(std::process::Command::new("id"))
        .arg("-un")
        .output()
        .status(0)
        .stdout;
    let chronyd = chronyd.args(["-x", "-d", "-U", "-u", user.trim(), "-f"]).arg(file);
    let program = chronyd.start();
    wait_until_it_answers(address, &program);
    Some(Server {
        address,
        _program: program,
        _folder: folder,
    })
}

fn wait_until_it_answers(address: SocketAddr, program: &Started) {
    let socket = UdpSocket::bind((unspecified(address), 0)).expect("a socket");
    socket
        .set_read_timeout(Some(Duration::from_millis(50)))
        .expect("an option");
    let mut request = [0; 48];
    request[0] = 0x23;
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        assert!(Instant::now() < until, "{:?}", program.printed());
        socket.send_to(&request, address).expect("it goes");
        if socket.recv(&mut [0; 100]).is_ok() {
            return;
        }
    }
}

fn unspecified(like: SocketAddr) -> IpAddr {
    match like {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    }
}

fn client(server: SocketAddr, samples: &str) -> Program {
    let server = server.to_string();
    run(NTP_CLIENT).args(["--allow-send", &server, "--", &server, samples])
}

/// The seconds behind a word of a line.
#[track_caller]
fn seconds(line: &str, word: &str) -> f64 {
    let number = line.split(word).nth(1).and_then(|rest| rest.trim().split(' ').next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("no {word} in {line}"))
}

#[test]
fn a_clock_that_is_asked_for_itself_is_not_off_by_more_than_the_error_allows() {
    for host in ["127.0.0.1", "[::1]"] {
        let Some(server) = chronyd(host, "local stratum 1") else {
            return;
        };
        let ended = client(server.address, "2").output().status(0).stderr("");
        let lines: Vec<&str> = ended.stdout.lines().collect();
        assert_eq!(lines.len(), 3, "{ended:?}");
        for (line, number) in lines.iter().zip(1..=2) {
            assert!(
                line.starts_with(&format!("sample {number}: offset ")) && line.ends_with(", stratum 1"),
                "{line}"
            );
            let (offset, delay) = (seconds(line, "offset"), seconds(line, "delay"));
            // Both read the same clock, so that the offset is all error: half the delay at most, and what is rounded off.
            assert!(delay >= 0.0 && offset.abs() <= delay / 2.0 + 1e-4, "{line}");
        }
        let delays = [seconds(lines[0], "delay"), seconds(lines[1], "delay")];
        assert_eq!(
            seconds(lines[2], "delay"),
            delays[0].min(delays[1]),
            "the best is last: {lines:?}"
        );
    }
}

#[test]
fn a_server_without_a_clock_is_not_believed() {
    let Some(server) = chronyd("127.0.0.1", "") else { return };
    let ended = client(server.address, "4").output().status(1).stdout("");
    ended.stderr("ntp-client: the clock of the server is not synchronised");
}

#[test]
fn answers_to_another_request_are_left_aside_and_a_kiss_o_death_ends_it() {
    let server = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    server
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("an option");
    let client = client(server.local_addr().expect("it is bound"), "4").start();
    let mut request = [0; 100];
    let (length, from) = server.recv_from(&mut request).expect("a request");
    assert_eq!((length, request[0]), (48, 0x23), "version 4, client");

    let mut kiss = [0; 48];
    kiss[0] = 0x24;
    kiss[12..16].copy_from_slice(b"RATE");
    server.send_to(&kiss, from).expect("it goes");
    server.send_to(b"noise", from).expect("it goes");
    kiss[24..32].copy_from_slice(&request[40..48]);
    server.send_to(&kiss, from).expect("it goes");
    client.ends().status(1).stdout("").stderr(
        "ntp-client: a datagram is left aside: it answers another request
         ntp-client: a datagram is left aside: it is shorter than a packet
         ntp-client: the server wants not to be asked: RATE",
    );
}

#[test]
fn without_its_grant_it_ends_and_says_what_is_missing() {
    let to = unused("127.0.0.1");
    run(NTP_CLIENT)
        .args(["--", &to.to_string()])
        .output()
        .status(1)
        .stdout("")
        .stderr(format!(
            "datagrant: refused by the grants: connect {to}: not granted; to allow it: --allow-send {to}
         ntp-client: connect *"
        ));
}

#[test]
fn what_its_arguments_lack_is_told() {
    let told = |arguments: &[&str]| run(NTP_CLIENT).arg("--").args(arguments).output();
    assert!(told(&["--help"]).status(0).stdout.starts_with("Usage: ntp-client "));
    told(&[])
        .status(1)
        .stderr_has("ntp-client: the address of a server is missing");
    told(&["127.0.0.1"])
        .status(1)
        .stderr_has("ntp-client: not an address and port: \"127.0.0.1\"");
    told(&["127.0.0.1:123", "9"])
        .status(1)
        .stderr_has("ntp-client: not a number of samples from 1 to 8: \"9\"");
}
