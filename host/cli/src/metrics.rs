//! `--metrics ADDRESS:PORT`: what the library counts, for Prometheus. The names are on docs/metrics.md.
//!
//! The recorder and the format are the exporter's. Its own listener has no bound for connections, which could take the
//! descriptors that the guest's sockets need, and does not tell which port the system chose: this one answers one at a
//! time.

use anyhow::{Context, Result, anyhow};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// How long a client may take, in all.
const PATIENCE: Duration = Duration::from_secs(2);
/// The most bytes of a request.
const MAX_REQUEST: usize = 8192;
/// After an error that may last, such as too many open files.
const PAUSE: Duration = Duration::from_millis(100);

/// Installs the recorder and answers at `address`, until the process ends; nothing without an address.
pub fn serve(address: Option<SocketAddr>) -> Result<()> {
    let Some(address) = address else { return Ok(()) };
    let listener = TcpListener::bind(address).with_context(|| format!("cannot bind --metrics {address}"))?;
    if address.port() == 0 {
        tell!("datagrant: metrics are at http://{}/metrics", listener.local_addr()?);
    }
    let recorder = PrometheusBuilder::new().install_recorder();
    let recorder = recorder.map_err(|error| anyhow!("cannot install the recorder of metrics: {error}"))?;
    datagrant::describe_metrics();
    thread::Builder::new().name("metrics".to_owned()).spawn(move || {
        loop {
            match listener.accept() {
                // A client that goes away, or is too slow, has itself to blame.
                Ok((client, _)) => _ = answer(client, &recorder),
                Err(_) => thread::sleep(PAUSE),
            }
        }
    })?;
    Ok(())
}

/// Reads one request and answers it (RFC 9112): no connection is used again.
fn answer(mut client: TcpStream, recorder: &PrometheusHandle) -> io::Result<()> {
    let until = Instant::now() + PATIENCE;
    let request = read(&mut client, until)?;
    let mut words = request.split(|byte| byte.is_ascii_whitespace());
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let path = target.split(|byte| *byte == b'?').next().unwrap_or_default();
    let (status, text) = match (method, path) {
        (b"GET" | b"HEAD", b"/metrics" | b"/") => ("200 OK", recorder.render()),
        (b"GET" | b"HEAD", _) => ("404 Not Found", "metrics are at /metrics\n".to_owned()),
        _ => ("405 Method Not Allowed", "GET /metrics\n".to_owned()),
    };
    let allow = if status.starts_with("405") {
        "Allow: GET, HEAD\r\n"
    } else {
        ""
    };
    let mut response = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {}\r\n\
         {allow}Connection: close\r\n\r\n",
        text.len()
    );
    if method != b"HEAD" {
        response.push_str(&text);
    }
    let mut rest = response.as_bytes();
    while !rest.is_empty() {
        client.set_write_timeout(Some(left(until)?))?;
        let written = client.write(rest)?;
        rest = &rest[written..];
    }
    Ok(())
}

/// Up to the end of the head.
fn read(client: &mut TcpStream, until: Instant) -> io::Result<Vec<u8>> {
    let (mut request, mut part) = (vec![], [0; 1024]);
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        client.set_read_timeout(Some(left(until)?))?;
        match client.read(&mut part)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            length => request.extend_from_slice(&part[..length]),
        }
        if request.len() > MAX_REQUEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
    Ok(request)
}

/// What is left until then; never none, which would mean no limit.
fn left(until: Instant) -> io::Result<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        Err(io::ErrorKind::TimedOut.into())
    } else {
        Ok(left)
    }
}
