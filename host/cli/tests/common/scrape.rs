//! Asking for metrics, as Prometheus does.

use super::Started;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Where the metrics are, as the program tells it on stderr.
#[track_caller]
pub fn address(started: &Started) -> SocketAddr {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let (_, stderr) = started.printed();
        let line = stderr
            .split_inclusive('\n')
            .find_map(|line| line.strip_prefix("datagrant: metrics are at http://"));
        if let Some(address) = line.and_then(|line| line.strip_suffix("/metrics\n")) {
            return address.parse().expect("an address");
        }
        assert!(Instant::now() < until, "{stderr}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Sends a request, and hears all of the answer.
#[track_caller]
pub fn ask(at: SocketAddr, request: &str) -> String {
    let mut client = TcpStream::connect(at).expect("it listens");
    client
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a timeout");
    client.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    client.read_to_string(&mut answer).expect("an answer");
    answer
}

/// The metrics, as lines.
#[track_caller]
pub fn scrape(at: SocketAddr) -> Vec<String> {
    let answer = ask(at, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let length = format!("Content-Length: {}\r\n", body.len());
    assert!(head.contains(&length), "{head}");
    body.lines().map(str::to_owned).collect()
}

/// Asks until a metric has this value.
#[track_caller]
pub fn wait_for(at: SocketAddr, metric: &str, value: u64) {
    let until = Instant::now() + Duration::from_secs(20);
    let line = format!("{metric} {value}");
    loop {
        let lines = scrape(at);
        if lines.contains(&line) {
            return;
        }
        assert!(Instant::now() < until, "no {line:?} in {lines:#?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
