//! `--metrics ADDRESS:PORT`.

use crate::common::scrape::{address, ask, scrape, wait_for};
use crate::common::{Folder, run, unused};
use datagrant_tests::SCRIPTED;
use std::net::{TcpListener, TcpStream, UdpSocket};

#[test]
fn what_a_guest_does_is_counted() {
    let peer = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    let (to, at) = (peer.local_addr().expect("it is bound"), unused("127.0.0.1"));
    let everyone = format!("127.255.255.255:{}", to.port());
    let mut guest = run(SCRIPTED)
        .args([
            "--metrics",
            "127.0.0.1:0",
            "--allow-bind",
            &at.to_string(),
            "--allow-send",
            "127.0.0.0/8:*",
        ])
        .args(["--limit", "sockets=2"])
        .story(format!(
            "create ipv4
             bind {at}
             repeat 10 send {to} hello
             bursts on
             repeat 5 send {to} hi
             bursts off
             send {everyone} x
             repeat 3 send 192.0.2.1:9 x
             receive 10000
             b: create ipv4
             c: create ipv4
             b: close
             complain done
             receive"
        ))
        .start();
    let metrics = address(&guest);
    guest.wait_for_line("send 192.0.2.1:9 x -> ");
    peer.send_to(b"12345678", at).expect("loopback");
    guest.wait_for_line("b: close -> ok");
    for (metric, value) in [
        ("datagrant_sent_datagrams_total", 15),
        ("datagrant_sent_bytes_total", 60),
        ("datagrant_received_datagrams_total", 1),
        ("datagrant_received_bytes_total", 8),
        ("datagrant_dropped_datagrams_total", 0),
        ("datagrant_open_sockets", 1),
        (
            "datagrant_refusals_total{operation=\"send\",verdict=\"denied\",reason=\"not-granted\"}",
            3,
        ),
        (
            "datagrant_refusals_total{operation=\"send\",verdict=\"refused\",reason=\"EACCES\"}",
            1,
        ),
        ("datagrant_limits_exceeded_total{limit=\"sockets\"}", 1),
        ("datagrant_limits_exceeded_total{limit=\"lookups\"}", 0),
    ] {
        wait_for(metrics, metric, value);
    }
    let lines = scrape(metrics);
    for line in [
        "# HELP datagrant_sent_datagrams_total Datagrams that the kernel took, segments one by one.",
        "# TYPE datagrant_sent_datagrams_total counter",
        "# TYPE datagrant_open_sockets gauge",
    ] {
        assert!(lines.iter().any(|other| other == line), "no {line:?} in {lines:#?}");
    }
}

#[test]
fn what_the_kernel_drops_because_the_guest_does_not_take_it_is_counted() {
    let at = unused("127.0.0.1");
    let peer = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    let mut guest = run(SCRIPTED)
        .args(["--metrics", "127.0.0.1:0", "--allow-bind", &at.to_string()])
        .stdin(std::process::Stdio::piped())
        .story(format!(
            "create ipv4\n bind {at}\n input\n close\n complain closed\n sleep 60000"
        ))
        .start();
    let metrics = address(&guest);
    guest.wait_for_line("bind ");
    // More than any usual buffer takes; nobody receives.
    let sent = 20_000;
    for _ in 0..sent {
        peer.send_to(&[0; 1000], at).expect("loopback");
    }
    guest.says("go on\n");
    guest.wait_for_line("close -> ok");
    let lines = scrape(metrics);
    let dropped = lines
        .iter()
        .find_map(|line| line.strip_prefix("datagrant_dropped_datagrams_total "));
    let dropped: u64 = dropped.expect("a line").parse().expect("a number");
    assert!(dropped > 0 && dropped < sent, "{dropped}");
    assert!(lines.contains(&"datagrant_open_sockets 0".to_owned()));
}

#[test]
fn what_is_not_a_request_for_metrics_is_answered_and_nobody_is_kept_waiting() {
    let guest = run(SCRIPTED)
        .args(["--metrics", "[::1]:0"])
        .story("sleep 60000")
        .start();
    let at = address(&guest);
    for (request, answer) in [
        ("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n"),
        ("GET /metrics?x=1 HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\n"),
        ("GET /other HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found\r\n"),
        ("POST /metrics HTTP/1.1\r\n\r\n", "HTTP/1.1 405 Method Not Allowed\r\n"),
        ("\r\n\r\n", "HTTP/1.1 405 Method Not Allowed\r\n"),
    ] {
        assert!(ask(at, request).starts_with(answer), "{request:?}");
    }
    let head = ask(at, "HEAD /metrics HTTP/1.1\r\n\r\n");
    assert!(head.ends_with("\r\n\r\n"), "{head}");
    // Some who say nothing, and one who says too much, do not stand in the way for long.
    let silent: Vec<TcpStream> = (0..2).map(|_| TcpStream::connect(at).expect("it listens")).collect();
    let mut loud = TcpStream::connect(at).expect("it listens");
    // It may be told to stop in the middle of it.
    let _ = std::io::Write::write_all(&mut loud, &[b'x'; 100_000]);
    assert!(scrape(at).iter().any(|line| line.starts_with("datagrant_open_sockets")));
    drop(silent);
}

#[test]
fn an_address_that_cannot_be_had_ends_the_program_before_the_guest_runs() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a socket on loopback");
    let at = taken.local_addr().expect("it is bound").to_string();
    let ended = run(SCRIPTED).args(["--metrics", &at]).story("complain it ran").output();
    ended.status(1).stdout("").stderr(format!(
        "datagrant: cannot bind --metrics {at}: Address already in use (os error 98)"
    ));
    for text in ["9100", "localhost:9100", "127.0.0.1"] {
        let ended = run(SCRIPTED)
            .args(["--metrics", text])
            .story("complain it ran")
            .output();
        ended
            .status(2)
            .stdout("")
            .stderr_has("write an IP address of this host and a port");
    }
}

#[test]
fn nothing_listens_where_nobody_asks_for_it() {
    let folder = Folder::new();
    let guest = run(SCRIPTED)
        .current_dir(folder.path())
        .story("create ipv4\n sleep 60000")
        .start();
    let mut guest = guest;
    guest.wait_for_line("create ipv4 -> ok");
    let tcp = |name: &str| std::fs::read_to_string(format!("/proc/{}/net/{name}", guest.id())).expect("text");
    let inodes: Vec<String> = std::fs::read_dir(format!("/proc/{}/fd", guest.id()))
        .expect("its descriptors")
        .filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok())
        .filter_map(|target| Some(target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect();
    assert!(!inodes.is_empty(), "it has a socket for UDP");
    for table in [tcp("tcp"), tcp("tcp6")] {
        let own = |line: &&str| inodes.iter().any(|inode| line.split_whitespace().nth(9) == Some(inode));
        assert_eq!(table.lines().find(own), None);
    }
}
