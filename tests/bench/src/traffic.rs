//! The other side: floods, reads nothing, or keeps datagrams under way. A process of its own, whose cost is not counted.

use crate::datagram;
use crate::order;
use crate::sys::{self, Batch};
use anyhow::{Context, Result, bail, ensure};
use std::net::{SocketAddr, UdpSocket};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

/// On loopback nothing is lost while it fits in the buffers, and nobody is silent for so long.
const PATIENCE: Duration = Duration::from_secs(3);

/// Obeys orders until there are none:
///
/// | order | answer |
/// |---|---|
/// | `flood TO BYTES` | none; it floods until the next order |
/// | `stop` | `done` |
/// | `window TO BYTES WINDOW COUNT` | `done NANOSECONDS` |
/// | `sink FAMILY` | `at ADDRESS` |
/// | `count BYTES EXPECTED` | `done` when so many have arrived at the sink |
///
/// and `failed REASON` in place of each answer.
pub fn run() -> Result<()> {
    // On one processor a contestant goes on after it has sent, until it waits, as it does when its peer is elsewhere.
    // Otherwise its own send would put it to sleep, the answer would be there when it awakes, and it would never wait.
    let _ = sys::yield_to_others();
    let orders = order::lines();
    let mut sink = None;
    while let Ok(line) = orders.recv() {
        match obey(&line, &orders, &mut sink) {
            Ok(answer) => println!("{answer}"),
            Err(error) => println!("failed {error:#}"),
        }
    }
    Ok(())
}

fn obey(line: &str, orders: &Receiver<String>, sink: &mut Option<UdpSocket>) -> Result<String> {
    let words: Vec<&str> = line.split(' ').collect();
    match words.as_slice() {
        ["flood", to, bytes] => {
            flood(to.parse()?, bytes.parse()?, orders)?;
            Ok("done".to_owned())
        }
        ["stop"] => Ok("done".to_owned()),
        ["window", to, bytes, window, count] => {
            let time = keep_under_way(to.parse()?, bytes.parse()?, window.parse()?, count.parse()?)?;
            Ok(format!("done {}", time.as_nanos()))
        }
        ["sink", family] => {
            let family = crate::cell::Family::named(family).context("family")?;
            let socket = UdpSocket::bind(family.any_port())?;
            let at = socket.local_addr()?;
            *sink = Some(socket);
            Ok(format!("at {at}"))
        }
        ["count", bytes, expected] => {
            let socket = sink.take().context("sink comes first")?;
            count(&socket, bytes.parse()?, expected.parse()?)?;
            Ok("done".to_owned())
        }
        _ => bail!("not an order: {line}"),
    }
}

fn connected(to: SocketAddr) -> Result<UdpSocket> {
    let socket = UdpSocket::bind(SocketAddr::new(to.ip(), 0))?;
    socket.connect(to)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    Ok(socket)
}

/// Sends as fast as it can, segmented by the kernel, which is faster than any receiver takes one by one.
fn flood(to: SocketAddr, bytes: usize, orders: &Receiver<String>) -> Result<()> {
    let socket = connected(to)?;
    sys::set_segment_size(&socket, bytes)?;
    let burst = datagram::make(bytes, segments(bytes));
    loop {
        for _ in 0..16 {
            // The receiver may be gone before the order to stop is here.
            let _ = socket.send(&burst);
        }
        match orders.try_recv() {
            Ok(_) | Err(TryRecvError::Disconnected) => return Ok(()),
            Err(TryRecvError::Empty) => {}
        }
    }
}

/// How many datagrams the kernel may make of one send: 64 in number, and what fits into 65,507 bytes.
pub fn segments(bytes: usize) -> usize {
    (65_507 / bytes).min(64)
}

/// Sends `count` datagrams, never more than `window` of them unanswered, and sees that each comes back.
fn keep_under_way(to: SocketAddr, bytes: usize, window: usize, count: u64) -> Result<Duration> {
    let socket = connected(to)?;
    let mut sending = Batch::new(window, bytes);
    let mut receiving = Batch::new(window, 2048);
    for i in 0..window {
        sending.slot(i).copy_from_slice(&datagram::make(bytes, 1));
    }
    sending.address(to, bytes);
    let started = Instant::now();
    let (mut sent, mut back) = (0, 0);
    // Numbers go out in order; each must come back once, in whatever order.
    let (mut sum_sent, mut sum_back) = (0u64, 0u64);
    let mut room = window as u64;
    while back < count {
        let now = room.min(count - sent) as usize;
        for i in 0..now {
            datagram::number(sending.slot(i), sent);
            sum_sent += sent;
            sent += 1;
        }
        sending.send(&socket, now)?;
        let came = receiving
            .receive(&socket)
            .with_context(|| format!("{back} of {count} came back"))?;
        for i in 0..came {
            let data = receiving.datagram(i);
            datagram::check(data, bytes)?;
            sum_back += datagram::number_of(data);
        }
        back += came as u64;
        room = window as u64 - (sent - back);
    }
    let time = started.elapsed();
    ensure!(sum_sent == sum_back, "some came back twice");
    Ok(time)
}

/// Sees that exactly `expected` datagrams have arrived: those that the socket holds, which it looks at, and those that
/// found no room.
fn count(socket: &UdpSocket, bytes: usize, expected: u64) -> Result<()> {
    socket.set_nonblocking(true)?;
    let mut buffer = [0; 2048];
    let mut held = 0;
    while let Ok(length) = socket.recv(&mut buffer) {
        datagram::check(&buffer[..length], bytes)?;
        held += 1;
    }
    ensure!(held > 0, "nothing arrived");
    let arrived = held + u64::from(sys::dropped(socket)?);
    ensure!(arrived == expected, "{arrived} of {expected} arrived");
    Ok(())
}
