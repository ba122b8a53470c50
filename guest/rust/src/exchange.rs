//! The way of datagrams between a socket and its provider: bursts where it has them, and the plain calls where not.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::bindings::types::{BurstOptions, Event, SendReport};
use crate::burst::{Burst, Header, PacketInfo, Rest};
use crate::provider::{Socket, bursts};
use crate::{ErrorCode, Family, address};

/// No datagram is longer, whether it came alone or the kernel put it together.
const MAX_BYTES: u32 = 65_535;

pub(crate) struct Exchange {
    pub family: Family,
    /// The provider has said that it has no bursts: it is asked no more.
    plain: AtomicBool,
}

/// What was taken from the provider, in order: first the datagrams of the burst, then the events.
#[derive(Default)]
pub(crate) struct Taken {
    pub burst: Option<Burst>,
    pub events: Vec<Event>,
    /// There may be more, and it is worth asking for it before waiting.
    pub more: bool,
}

impl Exchange {
    pub fn new(raw: &Socket) -> Self {
        Self {
            family: raw.family(),
            plain: AtomicBool::new(false),
        }
    }

    /// Takes at most `max` datagrams, and an event of another kind if that is what comes then; never waits.
    pub fn receive(&self, raw: &Socket, max: usize) -> Taken {
        let max = u32::try_from(max).unwrap_or(u32::MAX);
        if !self.is_plain() {
            match bursts::receive(raw, max, MAX_BYTES) {
                Ok(burst) => {
                    let mut events = if burst.more_events { raw.next_events(1) } else { vec![] };
                    let Some(burst) = Burst::from_contract(burst, self.family) else {
                        events.insert(0, Event::Error(ErrorCode::Unknown));
                        return Taken::from(events, true);
                    };
                    return Taken {
                        more: !events.is_empty() || burst.len() == max as usize,
                        burst: Some(burst).filter(|burst| !burst.is_empty()),
                        events,
                    };
                }
                Err(ErrorCode::NotSupported) => self.plain.store(true, Ordering::Relaxed),
                // Closed, by whomever: its last events are there.
                Err(ErrorCode::InvalidState) => {}
                Err(code) => return Taken::from(vec![Event::Error(code)], true),
            }
        }
        let events = raw.next_events(max);
        let full = events.len() == max as usize;
        Taken::from(events, full)
    }

    /// Sends what is left of a burst, as far as there is room.
    pub fn send(&self, raw: &Socket, rest: &Rest<'_>) -> SendReport {
        if !self.is_plain() {
            let report = bursts::send(raw, rest.stride as u32, &rest.headers, rest.payload);
            if (report.sent, report.partial, report.stopped) != (0, 0, Some(ErrorCode::NotSupported)) {
                return report;
            }
            // It has no bursts, or else it cannot do what the first header asks for: a malformed burst, which does
            // nothing, tells which.
            if bursts::send(raw, 0, &[], &[]).stopped != Some(ErrorCode::NotSupported) {
                return report;
            }
            self.plain.store(true, Ordering::Relaxed);
        }
        self.send_one_by_one(raw, rest)
    }

    fn send_one_by_one(&self, raw: &Socket, rest: &Rest<'_>) -> SendReport {
        let mut report = SendReport {
            sent: 0,
            partial: 0,
            stopped: None,
        };
        let mut payload = rest.payload;
        for header in rest.headers.chunks_exact(rest.stride) {
            let Some(header) = Header::decode(header, self.family) else {
                break;
            };
            let (data, after) = payload.split_at(payload.len().min(header.length as usize));
            payload = after;
            if let Err((bytes, code)) = one_header(raw, &header, data) {
                (report.partial, report.stopped) = (bytes as u32, Some(code));
                return report;
            }
            report.sent += 1;
        }
        report
    }

    pub fn configure(&self, raw: &Socket, options: BurstOptions) -> Result<BurstOptions, ErrorCode> {
        if self.is_plain() {
            return Ok(BurstOptions::empty());
        }
        match bursts::configure(raw, options) {
            Err(ErrorCode::NotSupported) => {
                self.plain.store(true, Ordering::Relaxed);
                Ok(BurstOptions::empty())
            }
            result => result,
        }
    }

    fn is_plain(&self) -> bool {
        self.plain.load(Ordering::Relaxed)
    }
}

impl Taken {
    fn from(events: Vec<Event>, more: bool) -> Self {
        let burst = None;
        Self { burst, events, more }
    }
}

/// Sends the datagrams of one header; an error says how many bytes went before.
fn one_header(raw: &Socket, header: &Header, data: &[u8]) -> Result<(), (usize, ErrorCode)> {
    if header.ecn != 0 || header.info.is_some_and(|info| info != PacketInfo::default()) {
        return Err((0, ErrorCode::NotSupported));
    }
    let remote = header.remote.map(address::to_contract);
    if header.segment_size == 0 || data.is_empty() {
        return raw.send(data, remote).map_err(|code| (0, code));
    }
    let size = usize::from(header.segment_size);
    for (n, segment) in data.chunks(size).enumerate() {
        raw.send(segment, remote).map_err(|code| (n * size, code))?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "tests/exchange.rs"]
mod tests;
