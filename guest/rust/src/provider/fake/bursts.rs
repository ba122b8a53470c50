//! The interface `bursts` of the provider for unit tests, unless it is told to have none.

use std::net::SocketAddr;

use super::{Socket, world};
use crate::ErrorCode;
use crate::address::from_contract;
use crate::bindings::types::{Burst, BurstOptions, Datagram, Event, SendReport};
use crate::burst::{Header, PacketInfo};

/// From now on the answer is `not-supported`.
pub(crate) fn absent() {
    world(|w| w.without_bursts = true);
}

/// How often this interface was called.
pub(crate) fn calls() -> usize {
    world(|w| w.burst_calls)
}

/// `send` goes no further than that many bytes into a header, once.
pub(crate) fn stop_within(id: u32, bytes: u32) {
    world(|w| w.sockets.get_mut(&id).unwrap().stop_within = Some(bytes));
}

fn called() -> Result<(), ErrorCode> {
    world(|w| {
        w.burst_calls += 1;
        if w.without_bursts {
            Err(ErrorCode::NotSupported)
        } else {
            Ok(())
        }
    })
}

pub(crate) fn configure(socket: &Socket, options: BurstOptions) -> Result<BurstOptions, ErrorCode> {
    called()?;
    socket.with(|s| {
        s.options = options;
        Ok(options)
    })
}

pub(crate) fn receive(socket: &Socket, max_headers: u32, max_bytes: u32) -> Result<Burst, ErrorCode> {
    called()?;
    assert_eq!(max_bytes, 65_535);
    socket.with(|s| {
        let info = s.options.contains(BurstOptions::PACKET_INFO).then(|| PacketInfo {
            local: s.local.map(|local| local.ip()),
            interface: 1,
        });
        let stride = if info.is_some() {
            Header::SIZE_WITH_INFO
        } else {
            Header::SIZE
        };
        let mut list: Vec<(Header, Vec<u8>)> = vec![];
        let coalesce = s.options.contains(BurstOptions::COALESCE);
        while let Some(Event::Message(next)) = s.events.front() {
            let joined = coalesce && list.last_mut().is_some_and(|last| join(last, next));
            if !joined && list.len() == max_headers as usize {
                break;
            }
            if !joined {
                let header = Header {
                    length: next.data.len() as u32,
                    remote: Some(from_contract(next.remote)),
                    ecn: if s.options.contains(BurstOptions::ECN) { 2 } else { 0 },
                    info,
                    ..Header::default()
                };
                list.push((header, next.data.clone()));
            }
            s.events.pop_front();
        }
        if let (true, Some(Event::Error(code))) = (list.is_empty(), s.events.front()) {
            let code = *code;
            s.events.pop_front();
            return Err(code);
        }
        let mut headers = vec![];
        list.iter().for_each(|(header, _)| header.encode(stride, &mut headers));
        Ok(Burst {
            stride: stride as u32,
            headers,
            payload: list.into_iter().flat_map(|(_, data)| data).collect(),
            more_events: s.events.front().is_some_and(|e| !matches!(e, Event::Message(_))),
        })
    })
}

/// As the kernel joins datagrams: of one sender and one size, only the last may be shorter.
fn join((header, data): &mut (Header, Vec<u8>), next: &Datagram) -> bool {
    let size = if header.segment_size == 0 {
        data.len()
    } else {
        header.segment_size.into()
    };
    let fits = header.remote == Some(from_contract(next.remote))
        && size > 0
        && data.len().is_multiple_of(size)
        && (1..=size).contains(&next.data.len());
    if fits {
        header.segment_size = size as u16;
        data.extend_from_slice(&next.data);
        header.length = data.len() as u32;
    }
    fits
}

pub(crate) fn send(socket: &Socket, stride: u32, headers: &[u8], payload: &[u8]) -> SendReport {
    let mut report = SendReport {
        sent: 0,
        partial: 0,
        stopped: None,
    };
    let result = called().and_then(|()| plan(socket, stride as usize, headers, payload));
    let plan = match result {
        Ok(plan) => plan,
        Err(code) => {
            report.stopped = Some(code);
            return report;
        }
    };
    for (header, data) in plan {
        if let Err((partial, code)) = send_header(socket, &header, data) {
            (report.partial, report.stopped) = (partial, Some(code));
            return report;
        }
        report.sent += 1;
    }
    report
}

fn send_header(socket: &Socket, header: &Header, data: &[u8]) -> Result<(), (u32, ErrorCode)> {
    if header.ecn != 0 {
        return Err((0, ErrorCode::NotSupported));
    }
    let remote = header.remote.map(crate::address::to_contract);
    let size = if header.segment_size == 0 {
        data.len()
    } else {
        header.segment_size.into()
    };
    let mut at = 0;
    loop {
        let stop = socket.with(|s| Ok(s.stop_within.take_if(|stop| *stop as usize == at)));
        if stop.map_err(|code| (at as u32, code))?.is_some() {
            return Err((at as u32, ErrorCode::WouldBlock));
        }
        let end = data.len().min(at + size);
        socket.send(&data[at..end], remote).map_err(|code| (at as u32, code))?;
        at = end;
        if at == data.len() {
            return Ok(());
        }
    }
}

fn plan<'a>(
    socket: &Socket,
    stride: usize,
    headers: &[u8],
    mut payload: &'a [u8],
) -> Result<Vec<(Header, &'a [u8])>, ErrorCode> {
    let peer: Option<SocketAddr> = socket.with(|s| Ok(s.peer))?;
    let family = socket.family();
    if !matches!(stride, 32 | 64) || !headers.len().is_multiple_of(stride) {
        return Err(ErrorCode::InvalidArgument);
    }
    let mut plan = vec![];
    for header in headers.chunks_exact(stride) {
        let header = Header::decode(header, family).ok_or(ErrorCode::InvalidArgument)?;
        if header.remote.is_some() == peer.is_some() {
            return Err(ErrorCode::InvalidState);
        }
        let (data, rest) = payload
            .split_at_checked(header.length as usize)
            .ok_or(ErrorCode::InvalidArgument)?;
        payload = rest;
        plan.push((header, data));
    }
    if payload.is_empty() {
        Ok(plan)
    } else {
        Err(ErrorCode::InvalidArgument)
    }
}
