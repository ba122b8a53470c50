//! What the examples of each SDK do, asked by programs that are not ours.

use super::{Program, unused};
use std::net::{SocketAddr, UdpSocket};
use std::process::Command;
use std::time::Duration;

/// The echo client, sent `hello` by, hears the server; elsewhere it is refused and says `denied`. `server` is one that may bind
/// the address and is told to, `client` one that may send to the first address and is to ask the second.
#[track_caller]
pub fn echo(server: impl Fn(&str) -> Program, client: impl Fn(&str, &str) -> Program, denied: &str) {
    for at in [unused("127.0.0.1"), unused("[::1]")] {
        let address = at.to_string();
        let mut running = server(&address).start();
        running.wait_for_line(&format!("listening on {at}"));
        let asks = |whom| client(&address, whom).arg("hello").output();
        asks(&address).status(0).stdout("hello");
        running.wait_for_line("5 bytes from ");
        asks("192.0.2.1:9").status(1).stderr(format!(
            "datagrant: refused by the grants: connect 192.0.2.1:9: not granted; to allow it: --allow-send 192.0.2.1:9
             echo-client: {denied}"
        ));
    }
}

/// The service, `datagrant serve` without a socket yet, answers by the one it is handed and ends when it is told to.
#[track_caller]
pub fn service(serve: Program) {
    let at = unused("127.0.0.1");
    let running = serve.args(["--socket", &format!("echo={at}")]).start();
    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    client.connect(at).expect("an address");
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("an option");
    let mut answer = [0; 16];
    // Bound before the component runs, the socket keeps what comes before.
    let length = loop {
        if let Ok(length) = client.send(b"hello").and_then(|_| client.recv(&mut answer)) {
            break length;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert_eq!(&answer[..length], b"hello");
    running.signal("TERM");
    running.ends().status(0).stderr(format!("listening on {at}\nclosed"));
}

/// The DNS server, bound to `at`, answers `dig`.
#[track_caller]
pub fn dns(at: SocketAddr, server: Program) {
    let records = ["www.example.org=192.0.2.80", "www.example.org=2001:db8::80"];
    let mut running = server.args(records).start();
    running.wait_for_line(&format!("listening on {at}"));
    what_is_no_query_does_no_harm(at);
    let asks = |question: &[&str]| {
        let dig = Program::new(Command::new("dig")).args(["-r", "@127.0.0.1", "-p", &at.port().to_string()]);
        dig.args(["+tries=3", "+time=5"]).args(question).output().status(0)
    };
    asks(&["+short", "www.example.org", "A"]).stdout("192.0.2.80");
    asks(&["+short", "WWW.example.ORG", "AAAA"]).stdout("2001:db8::80");
    let unknown = asks(&["nowhere.example.org", "A"]);
    assert!(unknown.stdout.contains("status: NXDOMAIN"), "{unknown:#?}");
}

/// Datagrams that end in the middle of something, and pointers to nowhere; then one that is answered.
#[track_caller]
fn what_is_no_query_does_no_harm(at: SocketAddr) {
    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    client.connect(at).expect("an address");
    let patience = Some(Duration::from_secs(20));
    client.set_read_timeout(patience).expect("an option");
    let query = b"\x07\x07\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03org\0\0\x01\0\x01";
    for end in 0..query.len() {
        client.send(&query[..end]).expect("it goes");
    }
    let questions: [&[u8]; 4] = [b"\xc0\x0c\0\x01\0\x01", b"\x40", &[63; 400], b"\x01a"];
    for question in questions {
        client.send(&[&query[..12], question].concat()).expect("it goes");
    }
    client.send(query).expect("it goes");
    // What libraries make of the others differs, from silence to FORMERR.
    let mut answer = [0; 600];
    loop {
        let length = client.recv(&mut answer).expect("the last one is answered");
        if answer[..length].ends_with(&[192, 0, 2, 80]) {
            return;
        }
    }
}
