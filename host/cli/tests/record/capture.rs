//! What is in a capture.

use crate::again::Capture;
use crate::common::{Started, serve, unused};
use crate::shark::{self, hex};
use datagrant_tests::dns::NameServer;
use datagrant_tests::{ECHO_SERVER, ECHO_SERVICE, SCRIPTED};
use std::net::{SocketAddr, UdpSocket};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

/// A native socket that waits no longer than a test is patient.
fn native(host: &str) -> UdpSocket {
    let socket = UdpSocket::bind(format!("{host}:0")).expect("loopback");
    let patience = Some(Duration::from_secs(20));
    socket.set_read_timeout(patience).expect("an option");
    socket
}

#[track_caller]
fn is_echoed(client: &UdpSocket, at: SocketAddr, data: &[u8]) {
    client.send_to(data, at).expect("it goes");
    let mut buffer = vec![0; 65_536];
    let (length, from) = client.recv_from(&mut buffer).expect("an answer");
    assert_eq!((&buffer[..length], from), (data, at));
}

#[track_caller]
fn interrupted(server: Started, status: i32) {
    server.signal("INT");
    server.ends().status(status);
}

#[test]
fn it_has_each_datagram_with_its_addresses_whatever_its_size() {
    for host in ["127.0.0.1", "[::1]"] {
        let (capture, at) = (Capture::new(), unused(host));
        let grant = format!("--allow-bind={at}");
        let mut server = capture
            .record(ECHO_SERVER)
            .args([&grant, "--", &at.to_string()])
            .start();
        server.wait_for_line("listening on");
        let client = native(host);
        let peer = client.local_addr().expect("it is bound");
        let mut expected = vec![];
        for length in [5, 0, 1, 1472, 65_507] {
            let data: Vec<u8> = (0..length).map(|i| i as u8).collect();
            is_echoed(&client, at, &data);
            expected.push(format!("in {peer} > {at} {}", hex(&data)));
            expected.push(format!("out {at} > {peer} {}", hex(&data)));
        }
        interrupted(server, 130);
        if let Some(datagrams) = shark::datagrams(capture.path()) {
            assert_eq!(datagrams, expected);
        }
    }
}

#[test]
fn a_socket_bound_to_the_wildcard_has_the_address_that_it_was_written_to() {
    let capture = Capture::new();
    let told = capture
        .record(SCRIPTED)
        .args(["--allow-bind=0.0.0.0:0", "--allow-send=@loopback:*"])
        .story(
            "create ipv4
             bind 0.0.0.0:0
             b: create ipv4
             b: send 127.0.0.1:@a hello
             receive 5000
             reply back",
        )
        .output()
        .status(0);
    assert!(told.stdout.contains("message \"hello\""), "{told:#?}");
    let Some(datagrams) = shark::datagrams(capture.path()) else {
        return;
    };
    assert_eq!(datagrams.len(), 3);
    for datagram in datagrams {
        assert_eq!(datagram.matches(" 127.0.0.1:").count(), 2, "{datagram}");
    }
}

#[test]
fn segments_and_groups_are_datagrams_of_their_own() {
    let capture = Capture::new();
    capture
        .record(SCRIPTED)
        .args([
            "--allow-bind=127.0.0.1:0",
            "--allow-bind=0.0.0.0:0",
            "--allow-send=@loopback:*",
        ])
        .args(["--allow-join=239.255.77.9@lo", "--allow-send=239.255.77.9@lo:*"])
        .story(
            "create ipv4
             bind 127.0.0.1:0
             coalesce on
             b: create ipv4
             b: burst-of 1 2500 1000 127.0.0.1:@a
             receive 5000
             c: create ipv4
             c: bind 0.0.0.0:0
             c: join 239.255.77.9@lo
             b: multicast-interface lo
             b: send 239.255.77.9:@c group
             c: receive 5000",
        )
        .output()
        .status(0);
    let Some(datagrams) = shark::datagrams(capture.path()) else {
        return;
    };
    let bytes = |datagram: &String| datagram.rsplit(' ').next().map_or(0, str::len) / 2;
    let segments = |way: &str| {
        let of = datagrams
            .iter()
            .filter(|datagram| datagram.starts_with(way) && bytes(datagram) >= 500);
        of.map(bytes).collect::<Vec<_>>()
    };
    assert_eq!(segments("out"), [1000, 1000, 500]);
    assert_eq!(segments("in"), [1000, 1000, 500]);
    let group = datagrams.iter().filter(|datagram| datagram.contains("> 239.255.77.9:"));
    assert_eq!(group.count(), 2, "{datagrams:#?}");
}

#[test]
fn what_was_refused_and_done_is_in_the_comments() {
    let capture = Capture::new();
    let names = NameServer::new("name.test A 300 192.0.2.80");
    capture
        .record(SCRIPTED)
        .args([
            "--allow-bind=127.0.0.1:0",
            "--allow-resolve=name.test",
            "--deny-send=192.0.2.7:*",
        ])
        .args(["--allow-send=127.0.0.1:9", "--dns-server", &names.address().to_string()])
        .story(
            "create ipv4
             bind 127.0.0.1:0
             send 192.0.2.7:53 x
             send 192.0.2.8:53 x
             lookup name.test ipv4
             lookup other.test
             b: create ipv4
             b: connect 127.0.0.1:9
             b: send - x
             b: receive 5000
             close",
        )
        .output()
        .status(0);
    let Some(denied) = shark::comments(capture.path(), "denied") else {
        return;
    };
    assert_eq!(
        denied,
        [
            "denied: send 192.0.2.7:53",
            "denied: send 192.0.2.8:53",
            "denied: resolve other.test"
        ]
    );
    let events = shark::comments(capture.path(), "events").expect("it was there");
    for expected in [
        "bind 1 127.0.0.1:0: ok",
        "lookup 2 name.test ipv4: ok",
        "answer 2: 192.0.2.80/300",
        "connect 4 127.0.0.1:9: ok",
        "close 1",
    ] {
        assert!(events.iter().any(|event| event == expected), "{expected}: {events:#?}");
    }
    let refused = |event: &&String| event.starts_with("receive 4 ") && event.contains("Connection refused");
    assert!(events.iter().any(|event| refused(&event)), "{events:#?}");
    // What a person looks for in the list.
    let shown = shark::fields(capture.path(), &["_ws.col.Protocol", "data-text-lines"]).expect("it was there");
    assert!(shown.iter().any(|frame| frame[0] == "datagrant"), "{shown:?}");
}

#[test]
fn it_is_for_its_user_alone_also_where_it_was_for_others() {
    let capture = Capture::new();
    std::fs::write(capture.path(), "what was there").expect("a file");
    std::fs::set_permissions(capture.path(), PermissionsExt::from_mode(0o644)).expect("ours");
    capture.record(SCRIPTED).story("create ipv4").output().status(0);
    let mode = std::fs::metadata(capture.path()).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_service_is_captured_with_all_its_workers() {
    let capture = Capture::new();
    let mut server = serve(ECHO_SERVICE)
        .args(["--socket=echo=127.0.0.1:0", "--workers=2", "--record"])
        .arg(capture.path())
        .start();
    let line = server.wait_for_complaint("is bound to");
    let at: SocketAddr = line
        .rsplit(' ')
        .next()
        .and_then(|at| at.parse().ok())
        .expect("an address");
    // Each peer has a worker; which one is the kernel's choice.
    for _ in 0..20 {
        is_echoed(&native("127.0.0.1"), at, b"hello");
    }
    interrupted(server, 0);
    if let Some(comments) = shark::comments(capture.path(), "guest") {
        let of = |worker: &str| comments.iter().filter(|comment| comment.starts_with(worker)).count();
        assert_eq!(of("worker 1: socket ") + of("worker 2: socket "), 40, "{comments:?}");
    }
    let replay = crate::common::run(ECHO_SERVER).arg("--replay").arg(capture.path());
    replay
        .output()
        .status(1)
        .stderr_has("it is a service's: it can be looked at, but not replayed");
}
