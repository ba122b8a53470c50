//! `examples/coap`, asked by libcoap's client.

use crate::common::{Folder, Program, Started, run, unused};
use crate::tool::tool;
use datagrant_tests::COAP_SERVER;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

fn start(at: SocketAddr) -> Started {
    let address = at.to_string();
    let mut server = run(COAP_SERVER)
        .args(["--allow-bind", &address, "--", &address])
        .start();
    server.wait_for_line(&format!("listening on {at}"));
    server
}

/// The client, asking for this path; what it says of errors goes to stderr.
#[track_caller]
fn client(at: SocketAddr, path: &str, arguments: &[&str]) -> Option<Program> {
    let client = tool("coap-client-notls", "libcoap3-bin")?;
    let url = format!("coap://{at}/{path}");
    Some(client.args(["-B", "15"]).args(arguments).arg(url))
}

/// What the client prints: content, or the code of an error.
#[track_caller]
fn prints(at: SocketAddr, path: &str, arguments: &[&str], expected: &str) {
    let Some(client) = client(at, path, arguments) else {
        return;
    };
    let ended = client.output();
    let printed = format!("{}{}", ended.stdout, ended.stderr);
    assert_eq!(printed.trim_end(), expected, "{arguments:?} {path}");
}

#[test]
fn the_client_gets_what_it_has_put() {
    for at in [unused("127.0.0.1"), unused("[::1]")] {
        let _server = start(at);
        prints(at, "kitchen/temperature", &[], "4.04");
        prints(at, "kitchen/temperature", &["-m", "put", "-e", "21.5"], "");
        prints(at, "kitchen/temperature", &[], "21.5");
        prints(
            at,
            "kitchen/temperature",
            &["-m", "put", "-t", "50", "-N", "-e", "{}"],
            "",
        );
        prints(at, "kitchen/temperature", &["-N"], "{}");
        prints(
            at,
            ".well-known/core",
            &[],
            "</.well-known/core>;ct=40,</kitchen/temperature>;ct=50;sz=2",
        );
        prints(at, "kitchen/temperature", &["-m", "delete"], "");
        prints(at, "kitchen/temperature", &[], "4.04");
        prints(at, "kitchen/temperature", &["-m", "post", "-e", "x"], "4.05");
    }
}

#[test]
fn what_is_long_goes_and_comes_in_blocks() {
    let at = unused("127.0.0.1");
    let _server = start(at);
    let folder = Folder::new();
    let content: Vec<u8> = (0..20_001_u32).map(|n| (n * 31 + n / 251) as u8).collect();
    let (from, to) = (folder.file("content", &content), folder.path().join("got"));
    let (from, to) = (from.to_str().expect("a path"), to.to_str().expect("a path"));
    for (put, get) in [("1024", "64"), ("256", "1024")] {
        prints(at, "long", &["-m", "put", "-b", put, "-f", from], "");
        let Some(client) = client(at, "long", &["-b", get, "-o", to]) else {
            return;
        };
        client.output().status(0).stderr("");
        assert!(std::fs::read(to).expect("it was written") == content, "{put} {get}");
    }
    let too_long = folder.file("too long", vec![7; 32 * 1024 + 1]);
    prints(
        at,
        "long",
        &["-m", "put", "-f", too_long.to_str().expect("a path")],
        "4.13",
    );
}

#[test]
fn a_datagram_of_the_client_that_is_lost_is_sent_again() {
    let at = unused("127.0.0.1");
    let _server = start(at);
    // The first datagram does not go, so that it is the second that is answered.
    prints(at, "a", &["-l", "1", "-m", "put", "-e", "one"], "");
    prints(at, "a", &[], "one");
}

#[test]
fn a_message_that_comes_twice_is_done_once() {
    let at = unused("127.0.0.1");
    let _server = start(at);
    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    client.connect(at).expect("an address");
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("an option");
    let exchange = |message: &[u8]| {
        client.send(message).expect("it goes");
        let mut answer = [0; 100];
        let length = client.recv(&mut answer).expect("an answer");
        answer[..length].to_vec()
    };
    // PUT /a "x", confirmable, message 7, token 1: 2.01 each time, and 2.04 when it is said anew.
    let put = |id: u8| [0x41, 3, 0, id, 1, 0xb1, b'a', 0xff, b'x'];
    assert_eq!(exchange(&put(7)), [0x61, 0x41, 0, 7, 1]);
    assert_eq!(exchange(&put(7)), [0x61, 0x41, 0, 7, 1]);
    assert_eq!(exchange(&put(8)), [0x61, 0x44, 0, 8, 1]);
    // A ping, which has no other answer than this.
    assert_eq!(exchange(&[0x40, 0, 0, 9]), [0x70, 0, 0, 9]);
}

#[test]
fn without_its_grant_it_ends_and_says_what_is_missing() {
    let at = unused("127.0.0.1");
    run(COAP_SERVER)
        .args(["--", &at.to_string()])
        .output()
        .status(1)
        .stdout("")
        .stderr(format!(
            "datagrant: refused by the grants: bind {at}: not granted; to allow it: --allow-bind {at}
         coap-server: bind *"
        ));
}

#[test]
fn what_its_arguments_lack_is_told() {
    let told = |arguments: &[&str]| run(COAP_SERVER).arg("--").args(arguments).output();
    assert!(told(&["--help"]).status(0).stdout.starts_with("Usage: coap-server "));
    told(&[])
        .status(1)
        .stderr_has("coap-server: an address to listen on is missing");
    told(&["a", "b"])
        .status(1)
        .stderr_has("coap-server: one argument at most: \"b\" is too much");
    told(&["127.0.0.1"])
        .status(1)
        .stderr_has("coap-server: not an address and port: \"127.0.0.1\"");
}
