//! As much as goes.

use crate::operation::{milliseconds, number, split};
use datagrant_guest::bindings::bursts;
use datagrant_guest::bindings::sockets::Socket;
use datagrant_guest::bindings::types::{ErrorCode, Event, Interest, IpSocketAddress, SendReport};
use datagrant_guest::bindings::wait::wait;
use std::time::Instant;

use crate::burst::header;

/// Datagrams of one burst: N headers of LENGTH bytes each, in segments of SEGMENT bytes, 0 for none.
#[derive(Copy, Clone)]
pub struct Shape {
    headers: usize,
    length: usize,
    segment: u16,
}

impl Shape {
    /// `N LENGTH SEGMENT`, and what follows.
    pub fn read(text: &str) -> Result<(Shape, &str), String> {
        let (headers, rest) = split(text);
        let (length, rest) = split(rest);
        let (segment, rest) = split(rest);
        let shape = Shape {
            headers: number(headers)?,
            length: number(length)?,
            segment: number(segment)?,
        };
        Ok((shape, rest))
    }

    fn datagrams_of(self, bytes: usize) -> usize {
        match self.segment {
            0 => 1,
            segment => bytes.div_ceil(segment.into()),
        }
    }

    fn datagrams(self, report: &SendReport) -> usize {
        let whole = report.sent as usize * self.datagrams_of(self.length);
        whole
            + if report.partial > 0 {
                self.datagrams_of(report.partial as usize)
            } else {
                0
            }
    }

    pub fn send(self, socket: &Socket, to: Option<IpSocketAddress>) -> SendReport {
        let mut one = header(self.length, to);
        one[4..6].copy_from_slice(&self.segment.to_le_bytes());
        let payload = vec![0x55; self.headers * self.length];
        bursts::send(socket, one.len() as u32, &one.repeat(self.headers), &payload)
    }
}

/// Sends bursts for some time, and waits where there is no room: how many datagrams went.
pub fn send(socket: &Socket, shape: Shape, time: &str, to: Option<IpSocketAddress>) -> Result<String, String> {
    let (started, time) = (Instant::now(), milliseconds(time)?);
    let on = Interest {
        receive: vec![],
        send: vec![socket.id()],
    };
    let mut datagrams = 0;
    while started.elapsed() < time {
        let report = shape.send(socket, to);
        datagrams += shape.datagrams(&report);
        match report.stopped {
            None => {}
            Some(ErrorCode::WouldBlock) => {
                let left = time.saturating_sub(started.elapsed());
                wait(&on, Some(left.as_nanos() as u64)).map_err(|error| format!("wait: {error}"))?;
            }
            Some(error) => return Ok(format!("{datagrams} sent, then {}", error.name())),
        }
    }
    Ok(format!("{datagrams} sent"))
}

/// Receives for some time, and waits where there is nothing: how many datagrams and bytes came.
pub fn receive(socket: &Socket, by_bursts: bool, time: &str) -> Result<String, String> {
    let (started, time) = (Instant::now(), milliseconds(time)?);
    let on = Interest {
        receive: vec![socket.id()],
        send: vec![],
    };
    let (mut datagrams, mut bytes) = (0, 0);
    while started.elapsed() < time {
        let (more, length) = if by_bursts {
            take_burst(socket)?
        } else {
            take_events(socket)
        };
        datagrams += more;
        bytes += length;
        if more == 0 {
            let left = time.saturating_sub(started.elapsed());
            wait(&on, Some(left.as_nanos() as u64)).map_err(|error| format!("wait: {error}"))?;
        }
    }
    Ok(format!("{datagrams} received, {bytes} bytes"))
}

fn take_events(socket: &Socket) -> (usize, usize) {
    let events = socket.next_events(64);
    let messages = events.iter().filter_map(|event| match event {
        Event::Message(message) => Some(message.data.len()),
        _ => None,
    });
    messages.fold((0, 0), |(count, bytes), length| (count + 1, bytes + length))
}

fn take_burst(socket: &Socket) -> Result<(usize, usize), String> {
    let burst = bursts::receive(socket, 64, 65_535).map_err(|error| format!("receive: {error}"))?;
    if burst.more_events {
        socket.next_events(1);
    }
    let headers = burst.headers.chunks(burst.stride as usize);
    let datagrams = headers.map(|header| {
        let length = u32::from_le_bytes(header[..4].try_into().expect("4 bytes")) as usize;
        match u16::from_le_bytes([header[4], header[5]]) {
            0 => 1,
            segment => length.div_ceil(segment.into()),
        }
    });
    Ok((datagrams.sum(), burst.payload.len()))
}
