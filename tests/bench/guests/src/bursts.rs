//! The contract's bursts, with and without segmentation offload.

use crate::bindings::exports::datagrant::bench::contestant::Problem;
use crate::typed::{bound, idle, port, wait_for_datagrams, wait_for_room};
use crate::{Contestant, datagram, failed};
use datagrant_guest::bindings::bursts;
use datagrant_guest::bindings::sockets::Socket;
use datagrant_guest::bindings::types::{Burst, BurstOptions, ErrorCode};
use std::net::{Ipv4Addr, Ipv6Addr};

/// A header without packet info.
const STRIDE: usize = 32;
/// Headers a burst, and bytes of each: the same as the native contestants.
const PLAIN: (u32, u32) = (64, 2048);
const COALESCED: (u32, u32) = (16, 65_535);
/// The most datagrams that Linux makes of one segmented send on every kernel since 4.18, and the most bytes.
const SEGMENTS: usize = 64;
const LARGEST: usize = 65_507;

pub struct Bursts {
    socket: Socket,
    ipv6: bool,
    offload: bool,
}

impl Bursts {
    pub fn open(ipv6: bool, offload: bool) -> Result<Self, Problem> {
        let socket = bound(ipv6)?;
        let wanted = if offload {
            BurstOptions::COALESCE
        } else {
            BurstOptions::empty()
        };
        match bursts::configure(&socket, wanted) {
            Err(ErrorCode::NotSupported) => Err(Problem::Missing("the provider answers not-supported".to_owned())),
            Err(e) => Err(failed(e)),
            Ok(on) if on != wanted => Err(Problem::Missing("the provider has no offload here".to_owned())),
            Ok(_) => Ok(Self { socket, ipv6, offload }),
        }
    }

    /// Takes bursts until `count` datagrams were there.
    fn each(
        &self,
        bytes: usize,
        count: u64,
        mut take: impl FnMut(&Socket, &Burst) -> Result<(), Problem>,
    ) -> Result<u64, Problem> {
        let (headers, each) = if self.offload { COALESCED } else { PLAIN };
        let (id, mut done) = (self.socket.id(), 0);
        while done < count {
            let burst = bursts::receive(&self.socket, headers, each).map_err(failed)?;
            if burst.more_events {
                return Err(failed("an event that is not a datagram"));
            }
            let full = burst.headers.len() == headers as usize * STRIDE;
            done += check(&burst, bytes)?;
            take(&self.socket, &burst)?;
            if !full && done < count {
                wait_for_datagrams(id, done, count)?;
            }
        }
        Ok(done)
    }
}

impl Contestant for Bursts {
    fn port(&self) -> Result<u16, Problem> {
        port(&self.socket)
    }

    fn receive(&mut self, bytes: usize, count: u64) -> Result<u64, Problem> {
        self.each(bytes, count, |_, _| Ok(()))
    }

    fn send(&mut self, bytes: usize, count: u64, port: u16) -> Result<u64, Problem> {
        let (headers, segments) = match self.offload {
            false => (header(bytes, 0, self.ipv6, port).repeat(64), 64),
            true => {
                let segments = SEGMENTS.min(LARGEST / bytes);
                (header(segments * bytes, bytes, self.ipv6, port).to_vec(), segments)
            }
        };
        let payload = datagram::make(bytes, segments);
        let mut done = 0;
        while done < count {
            send(&self.socket, &headers, &payload)?;
            done += segments as u64;
        }
        Ok(done)
    }

    fn echo(&mut self, bytes: usize, count: u64) -> Result<u64, Problem> {
        // What was received can be sent as it is: one layout for both directions.
        self.each(bytes, count, |socket, burst| {
            send(socket, &burst.headers, &burst.payload)
        })
    }

    fn idle(&mut self) -> Result<(), Problem> {
        idle(&self.socket)
    }
}

fn u32_at(header: &[u8], at: usize) -> usize {
    u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]) as usize
}

/// Looks at each datagram, and counts them.
fn check(burst: &Burst, bytes: usize) -> Result<u64, Problem> {
    let (mut rest, mut count) = (burst.payload.as_slice(), 0);
    for header in burst.headers.chunks_exact(STRIDE) {
        let (length, segment) = (u32_at(header, 0), u16::from_le_bytes([header[4], header[5]]) as usize);
        let Some((mine, after)) = rest.split_at_checked(length) else {
            return Err(failed("the headers tell of more than the payload has"));
        };
        rest = after;
        if segment == 0 {
            datagram::check(mine, bytes)?;
            count += 1;
        } else {
            for one in mine.chunks(segment) {
                datagram::check(one, bytes)?;
                count += 1;
            }
        }
    }
    match rest.is_empty() {
        true => Ok(count),
        false => Err(failed("the payload has more than the headers tell of")),
    }
}

fn header(length: usize, segment: usize, ipv6: bool, port: u16) -> [u8; STRIDE] {
    let ip = if ipv6 {
        Ipv6Addr::LOCALHOST
    } else {
        Ipv4Addr::LOCALHOST.to_ipv6_mapped()
    };
    let mut header = [0; STRIDE];
    header[0..4].copy_from_slice(&(length as u32).to_le_bytes());
    header[4..6].copy_from_slice(&(segment as u16).to_le_bytes());
    header[6..8].copy_from_slice(&port.to_le_bytes());
    header[16..32].copy_from_slice(&ip.octets());
    header
}

/// All of it, with waits for room where there is none.
fn send(socket: &Socket, mut headers: &[u8], mut payload: &[u8]) -> Result<(), Problem> {
    loop {
        let report = bursts::send(socket, STRIDE as u32, headers, payload);
        match report.stopped {
            None => return Ok(()),
            Some(ErrorCode::WouldBlock) if report.partial == 0 => {
                let (went, left) = headers.split_at(report.sent as usize * STRIDE);
                let bytes: usize = went.chunks_exact(STRIDE).map(|h| u32_at(h, 0)).sum();
                (headers, payload) = (left, &payload[bytes..]);
                wait_for_room(socket.id())?;
            }
            Some(e) => return Err(failed(format!("{e}, after {} headers", report.sent))),
        }
    }
}
