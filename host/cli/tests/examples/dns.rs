//! `examples/dns`, asked by `dig`.

use crate::common::{Program, Started, run, unused};
use crate::tool::{folder, tool};
use datagrant_tests::DNS_SERVER;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

const FILES: [&str; 2] = ["/zones/example.org.zone", "/zones/2.0.192.in-addr.arpa.zone"];

/// The server as its page says to run it, but for the grant.
fn server(at: SocketAddr, grant: &[&str]) -> Program {
    let zones = format!("{}::/zones", folder("dns"));
    let program = run(DNS_SERVER).args(grant).args(["--dir", &zones]);
    program.args(["--", &at.to_string()]).args(FILES)
}

fn start(at: SocketAddr) -> Started {
    let mut server = server(at, &["--allow-bind", &at.to_string()]).start();
    server.wait_for_line(&format!("listening on {at}"));
    server
}

fn dig(at: SocketAddr) -> Option<Program> {
    let dig = tool("dig", "bind9-dnsutils")?;
    let (server, port) = (format!("@{}", at.ip()), at.port().to_string());
    // Not what a user's ~/.digrc says.
    Some(dig.args(["-r", &server, "-p", &port, "+tries=3", "+time=5"]))
}

/// What dig prints, line by line.
#[track_caller]
fn asks(at: SocketAddr, arguments: &str) -> Option<Vec<String>> {
    let ended = dig(at)?.args(arguments.split(' ')).output().status(0);
    Some(ended.stdout.lines().map(str::to_owned).collect())
}

#[track_caller]
fn is_told(at: SocketAddr, question: &str, expected: &[&str]) {
    if let Some(mut lines) = asks(at, &format!("+short {question}")) {
        lines.sort();
        assert_eq!(lines, expected, "{question}");
    }
}

/// The beginnings of lines of dig's whole report.
#[track_caller]
fn is_reported(at: SocketAddr, question: &str, expected: &[&str]) {
    if let Some(lines) = asks(at, question) {
        for part in expected {
            assert!(
                lines.iter().any(|line| line.contains(part)),
                "{question}: no {part:?} in {lines:#?}"
            );
        }
    }
}

#[test]
fn dig_is_told_what_the_zones_hold() {
    for at in [unused("127.0.0.1"), unused("[::1]")] {
        let _server = start(at);
        is_told(at, "www.example.org A", &["192.0.2.80"]);
        is_told(at, "www.example.org AAAA", &["2001:db8::80"]);
        is_told(at, "example.org MX", &["10 mail.example.org."]);
        is_told(at, "example.org TXT", &["\"v=spf1 mx -all\""]);
        is_told(at, "web.example.org A", &["192.0.2.80", "www.example.org."]);
        is_told(at, "anything.any.example.org A", &["192.0.2.99"]);
        is_told(at, "_sip._udp.example.org SRV", &["0 5 5060 www.example.org."]);
        is_told(at, "-x 192.0.2.80", &["www.example.org."]);
    }
}

#[test]
fn dig_is_told_why_there_is_no_answer() {
    let at = unused("127.0.0.1");
    let _server = start(at);
    is_reported(
        at,
        "nowhere.example.org A",
        &["status: NXDOMAIN", "flags: qr aa rd;", "SOA\tns.example.org."],
    );
    is_reported(
        at,
        "mail.example.org AAAA",
        &["status: NOERROR", "ANSWER: 0, AUTHORITY: 1"],
    );
    is_reported(at, "example.com A", &["status: REFUSED"]);
    is_reported(at, "www.example.org CH A", &["status: REFUSED"]);
    is_reported(at, "+notcp example.org ANY", &["RFC8482"]);
    is_reported(at, "+edns=1 +noednsneg www.example.org A", &["status: BADVERS"]);
    is_reported(at, "+opcode=notify example.org SOA", &["status: NOTIMP"]);
}

#[test]
fn dig_gets_as_much_as_it_says_it_takes() {
    let at = unused("127.0.0.1");
    let _server = start(at);
    is_reported(
        at,
        "+ignore +noedns large.example.org TXT",
        &["flags: qr aa tc rd;", "ANSWER: 0"],
    );
    is_reported(
        at,
        "+ignore +bufsize=600 large.example.org TXT",
        &["flags: qr aa tc rd;", "ANSWER: 0"],
    );
    is_reported(
        at,
        "+ignore +bufsize=4096 large.example.org TXT",
        &["flags: qr aa rd;", "ANSWER: 6", "udp: 1232"],
    );
}

#[test]
fn what_is_no_query_is_answered_shortly_or_not_at_all() {
    let at = unused("127.0.0.1");
    let server = start(at);
    let client = UdpSocket::bind("127.0.0.1:0").expect("a socket on loopback");
    client.connect(at).expect("an address");
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("an option");

    let header = |flags: u8, questions: u8| [7, 7, flags, 0, 0, questions, 0, 0, 0, 0, 0, 0];
    // An answer, nothing, and what is shorter than a header: no answer. Then a question that is missing, which gets one.
    for datagram in [&header(0x80, 0)[..], &[], &[0; 11], &header(0x80, 255), &header(0, 1)] {
        client.send(datagram).expect("it goes");
    }
    let mut answer = [0; 2000];
    let length = client.recv(&mut answer).expect("the last one is answered");
    assert_eq!(
        answer[..length],
        [7, 7, 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0],
        "FORMERR, and nothing before it"
    );
    is_told(at, "www.example.org A", &["192.0.2.80"]);
    assert_eq!(server.printed().1, "");
}

#[test]
fn without_its_grant_or_its_files_it_ends_and_says_what_is_missing() {
    let at = unused("127.0.0.1");
    server(at, &[]).output().status(1).stderr(format!(
        "datagrant: refused by the grants: bind {at}: not granted; to allow it: --allow-bind {at}
         dns-server: bind *"
    ));
    let without_files = run(DNS_SERVER).args(["--allow-bind", &at.to_string(), "--", &at.to_string()]);
    let ended = without_files.arg(FILES[0]).output().status(1).stdout("");
    ended.stderr("dns-server: /zones/example.org.zone cannot be read: *");
}

#[test]
fn what_its_arguments_lack_is_told() {
    let told = |arguments: &[&str]| run(DNS_SERVER).arg("--").args(arguments).output();
    assert!(told(&["--help"]).status(0).stdout.starts_with("Usage: dns-server "));
    told(&[])
        .status(1)
        .stderr_has("dns-server: an address to listen on is missing");
    told(&["127.0.0.1:53"])
        .status(1)
        .stderr_has("dns-server: a zone file is missing");
    told(&["localhost", "a.zone"])
        .status(1)
        .stderr_has("dns-server: not an address and port: \"localhost\"");
}
