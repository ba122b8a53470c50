//! `bursts`, in a plain way: nothing is offloaded, but a batch still crosses into the guest as two lists of bytes.

use crate::Adapter;
use crate::addresses::from_contract;
use crate::bindings::datagrant::dgram::types::{Burst, BurstOptions, Datagram, ErrorCode, SendReport};
use crate::bindings::outer::bursts::{Guest, SocketBorrow};
use crate::bindings::wasi::sockets::udp::OutgoingDatagram;
use crate::events::Next;
use crate::headers::{self, Header, STRIDE};
use crate::io::MAX_EVENTS;
use crate::socket::Sock;
use crate::state::State;

/// How many datagrams are copied before they are sent.
const CHUNK: usize = 16;

impl Guest for Adapter {
    /// None of the options: `wasi:sockets` has neither packet info nor offload nor ECN.
    fn configure(socket: SocketBorrow<'_>, _: BurstOptions) -> Result<BurstOptions, ErrorCode> {
        socket.get::<Sock>().with(|s| s.udp().map(|_| BurstOptions::empty()))
    }

    fn receive(socket: SocketBorrow<'_>, max_headers: u32, max_bytes_each: u32) -> Result<Burst, ErrorCode> {
        let max = usize::try_from(max_headers).unwrap_or(MAX_EVENTS).min(MAX_EVENTS);
        socket.get::<Sock>().with(|s| receive(s, max, max_bytes_each))
    }

    fn send(socket: SocketBorrow<'_>, stride: u32, headers: Vec<u8>, payload: Vec<u8>) -> SendReport {
        socket.get::<Sock>().with(|s| {
            plan(s, stride, &headers, &payload)
                .and_then(|plan| s.ensure_bound().map(|()| plan))
                .map_or_else(
                    |error| SendReport {
                        sent: 0,
                        partial: 0,
                        stopped: Some(error),
                    },
                    |plan| send(s, &plan),
                )
        })
    }
}

/// An error that is next is told by this call, once, unless datagrams come before it.
fn receive(s: &mut State, max: usize, max_bytes_each: u32) -> Result<Burst, ErrorCode> {
    s.udp()?;
    if s.events.is_empty() {
        s.fill(max);
    }
    let mut burst = Burst {
        stride: STRIDE as u32,
        headers: Vec::new(),
        payload: Vec::new(),
        more_events: false,
    };
    for n in 0..max {
        if n > 0 && !s.events.message_is_next() {
            break; // an error behind datagrams stays for the next call
        }
        match s.events.pop_from_network() {
            Next::Message(datagram) => put(&mut burst, &datagram, max_bytes_each),
            Next::Error(error) => return Err(error),
            Next::Nothing | Next::Other => break,
        }
    }
    burst.more_events = !s.events.is_empty() && !s.events.message_is_next();
    Ok(burst)
}

fn put(burst: &mut Burst, datagram: &Datagram, max: u32) {
    let whole = u32::try_from(datagram.data.len()).unwrap_or(u32::MAX);
    let length = whole.min(max);
    headers::write(
        &mut burst.headers,
        length,
        length < whole,
        from_contract(datagram.remote),
    );
    burst.payload.extend(datagram.data.iter().take(length as usize));
}

/// Every header with its bytes, all of them checked: malformed headers send nothing.
fn plan<'a>(
    s: &State,
    stride: u32,
    headers: &[u8],
    mut payload: &'a [u8],
) -> Result<Vec<(Header, &'a [u8])>, ErrorCode> {
    s.udp()?;
    let mut plan = Vec::new();
    for header in headers::split(stride, headers)? {
        let header = headers::read(header, s.family)?;
        if header.named == s.remote().is_some() {
            return Err(ErrorCode::InvalidState); // in any header: nothing goes
        }
        let (mine, rest) = payload
            .split_at_checked(header.length)
            .ok_or(ErrorCode::InvalidArgument)?;
        payload = rest;
        plan.push((header, mine));
    }
    if payload.is_empty() {
        Ok(plan)
    } else {
        Err(ErrorCode::InvalidArgument)
    }
}

/// Each datagram of a plan: the number of its header, and its bytes. No bytes at all are one datagram too.
fn datagrams<'a>(plan: &'a [(Header, &'a [u8])]) -> impl Iterator<Item = (usize, &'a [u8])> {
    plan.iter().enumerate().flat_map(|(n, (header, data))| {
        let size = if header.segment == 0 {
            data.len()
        } else {
            header.segment
        };
        let empty = data.is_empty().then_some((n, *data));
        data.chunks(size.max(1)).map(move |d| (n, d)).chain(empty)
    })
}

fn send(s: &mut State, plan: &[(Header, &[u8])]) -> SendReport {
    let mut all = datagrams(plan).peekable();
    while all.peek().is_some() {
        let chunk: Vec<(usize, &[u8])> = all.by_ref().take(CHUNK).collect();
        let (list, wrong) = copy(s, plan, &chunk);
        let (went, stopped) = s.send(&list);
        if let Some((header, first)) = chunk.get(went) {
            return report(plan, *header, first, stopped.or(wrong));
        }
    }
    SendReport {
        sent: u32::try_from(plan.len()).unwrap_or(u32::MAX),
        partial: 0,
        stopped: None,
    }
}

/// The datagrams of a chunk up to the first that cannot go where it says, and why it cannot.
fn copy(s: &State, plan: &[(Header, &[u8])], chunk: &[(usize, &[u8])]) -> (Vec<OutgoingDatagram>, Option<ErrorCode>) {
    let mut list = Vec::with_capacity(chunk.len());
    for (n, data) in chunk {
        let to = plan.get(*n).map_or(Ok(None), |(header, _)| header.to);
        match to.and_then(|to| s.route(to)) {
            Ok(remote_address) => list.push(OutgoingDatagram {
                data: data.to_vec(),
                remote_address,
            }),
            Err(e) => return (list, Some(e)),
        }
    }
    (list, None)
}

/// What went before the datagram that did not: `first` lies in the bytes of its header, so its place tells how many.
fn report(plan: &[(Header, &[u8])], header: usize, first: &[u8], stopped: Option<ErrorCode>) -> SendReport {
    let start = plan.get(header).map_or(first, |(_, data)| data).as_ptr() as usize;
    SendReport {
        sent: u32::try_from(header).unwrap_or(u32::MAX),
        partial: u32::try_from(first.as_ptr() as usize - start).unwrap_or(u32::MAX),
        stopped: stopped.or(Some(ErrorCode::WouldBlock)),
    }
}
