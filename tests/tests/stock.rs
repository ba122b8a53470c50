//! A component made for the contract, in a host that offers stock wasmtime-wasi and nothing of ours: the adapter is
//! plugged into it, and it talks to a socket of the operating system.

use datagrant_tests::{ECHO_SERVER, Provider, Run, Running, Status};
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn the_echo_server_answers_over_ipv4() {
    echoes(Ipv4Addr::LOCALHOST.into());
}

#[test]
fn the_echo_server_answers_over_ipv6() {
    echoes(Ipv6Addr::LOCALHOST.into());
}

fn echoes(ip: IpAddr) {
    let client = UdpSocket::bind((ip, 0)).expect("a socket on loopback");
    client
        .set_read_timeout(Some(Duration::from_millis(200)))
        .expect("a timeout");
    let server = free(ip);
    let running = Run::new(Provider::Adapter, ECHO_SERVER).arg(server.to_string()).start();
    until_it_answers(&client, server, &running);
    for length in [0, 1, 1472, 65_507] {
        let sent: Vec<u8> = (0..length).map(|n: usize| (n * 31 + n / 251) as u8).collect();
        client.send_to(&sent, server).expect("send");
        let (got, from) = receive(&client).unwrap_or_else(|| panic!("{length} bytes did not come back"));
        assert_eq!(from, server);
        assert_eq!(got.len(), length);
        assert!(got == sent, "{length} bytes came back changed");
    }
    let outcome = running.stop();
    assert_eq!(outcome.status, Status::Stopped, "a server goes on: {outcome:?}");
}

/// An address that nobody uses: the server has to be told one, and prints where it listens for people, not for tests.
fn free(ip: IpAddr) -> SocketAddr {
    let socket = UdpSocket::bind((ip, 0)).expect("a socket on loopback");
    socket.local_addr().expect("it is bound")
}

/// Sends until the first answer, and takes the answers that are late.
fn until_it_answers(client: &UdpSocket, server: SocketAddr, running: &Running) {
    let until = Instant::now() + PATIENCE;
    loop {
        client.send_to(b"are you there?", server).expect("send");
        if receive(client).is_some() {
            break;
        }
        assert!(
            Instant::now() < until && running.is_running(),
            "no answer from {server}: {running:?}"
        );
    }
    while receive(client).is_some() {}
}

fn receive(client: &UdpSocket) -> Option<(Vec<u8>, SocketAddr)> {
    let mut buffer = vec![0; 65_536];
    match client.recv_from(&mut buffer) {
        Ok((length, from)) => {
            buffer.truncate(length);
            Some((buffer, from))
        }
        Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => None,
        Err(e) => panic!("receive: {e}"),
    }
}
