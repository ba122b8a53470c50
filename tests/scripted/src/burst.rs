//! Datagrams by the interface `bursts`.

use datagrant_guest::bindings::bursts;
use datagrant_guest::bindings::sockets::Socket;
use datagrant_guest::bindings::types::{
    BurstOptions, Datagram, ErrorCode, Event, Interest, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress,
    Ipv6SocketAddress, SendReport,
};
use datagrant_guest::bindings::wait::wait;
use std::net::{Ipv4Addr, Ipv6Addr};

const STRIDE: usize = 32;

/// A burst of one header. Its port 0 would mean the connected peer, so that it is not for addresses with that port.
pub fn send(socket: &Socket, data: &[u8], remote: Option<IpSocketAddress>) -> Result<(), ErrorCode> {
    let report = bursts::send(socket, STRIDE as u32, &header(data.len(), remote), data);
    match (report.sent, report.stopped) {
        (1, None) => Ok(()),
        (0, Some(error)) => Err(error),
        _ => panic!("one header, and {report:?}"),
    }
}

/// One burst of several datagrams.
pub fn send_all(socket: &Socket, list: &[(IpSocketAddress, &str)]) -> SendReport {
    let headers: Vec<u8> = list
        .iter()
        .flat_map(|(to, text)| header(text.len(), Some(*to)))
        .collect();
    let payload: String = list.iter().map(|(_, text)| *text).collect();
    bursts::send(socket, STRIDE as u32, &headers, payload.as_bytes())
}

pub fn header(length: usize, remote: Option<IpSocketAddress>) -> [u8; STRIDE] {
    let mut header = [0; STRIDE];
    header[..4].copy_from_slice(&(length as u32).to_le_bytes());
    let (port, scope, ip) = match remote {
        None => (0, 0, Ipv6Addr::UNSPECIFIED),
        Some(IpSocketAddress::Ipv4(a)) => {
            let [b0, b1, b2, b3] = a.address.into();
            (a.port, 0, Ipv4Addr::new(b0, b1, b2, b3).to_ipv6_mapped())
        }
        Some(IpSocketAddress::Ipv6(a)) => (a.port, a.scope_id, <[u16; 8]>::from(a.address).into()),
    };
    header[6..8].copy_from_slice(&port.to_le_bytes());
    header[12..16].copy_from_slice(&scope.to_le_bytes());
    header[16..].copy_from_slice(&ip.octets());
    header
}

/// Waits for a burst, and sends it back as it came: with packet info, from the address that it was sent to.
pub fn echo(socket: &Socket) -> Result<SendReport, ErrorCode> {
    let on = Interest {
        receive: vec![socket.id()],
        send: vec![],
    };
    loop {
        let burst = bursts::receive(socket, 64, 65_535)?;
        if !burst.headers.is_empty() {
            return Ok(bursts::send(socket, burst.stride, &burst.headers, &burst.payload));
        }
        if burst.more_events {
            socket.next_events(1);
        }
        wait(&on, None)?;
    }
}

/// What headers tell.
pub fn configure(socket: &Socket, option: BurstOptions, on: bool) -> Result<(), ErrorCode> {
    let options = if on { option } else { BurstOptions::empty() };
    bursts::configure(socket, options).map(drop)
}

/// As `next-events`: the datagrams of a burst, and the event behind it.
pub fn next_events(socket: &Socket) -> Vec<Event> {
    let burst = match bursts::receive(socket, 64, 65_535) {
        Ok(burst) => burst,
        // Closed: what is left to tell is no datagram.
        Err(ErrorCode::InvalidState) => return socket.next_events(64),
        Err(error) => return vec![Event::Error(error)],
    };
    let mut payload = burst.payload.as_slice();
    let mut events = Vec::new();
    for header in burst.headers.chunks(burst.stride as usize) {
        let length = u32::from_le_bytes(header[..4].try_into().expect("4 bytes")) as usize;
        let (data, rest) = payload.split_at(length);
        payload = rest;
        events.push(Event::Message(Datagram {
            data: data.to_vec(),
            remote: source(socket.family(), header),
        }));
    }
    if burst.more_events {
        events.extend(socket.next_events(1));
    }
    events
}

fn source(family: IpAddressFamily, header: &[u8]) -> IpSocketAddress {
    let port = u16::from_le_bytes([header[6], header[7]]);
    let scope_id = u32::from_le_bytes(header[12..16].try_into().expect("4 bytes"));
    let ip = Ipv6Addr::from(<[u8; 16]>::try_from(&header[16..32]).expect("16 bytes"));
    match (family, ip.to_ipv4_mapped()) {
        (IpAddressFamily::Ipv4, Some(ip)) => IpSocketAddress::Ipv4(Ipv4SocketAddress {
            port,
            address: ip.octets().into(),
        }),
        _ => IpSocketAddress::Ipv6(Ipv6SocketAddress {
            port,
            flow_info: 0,
            address: ip.segments().into(),
            scope_id,
        }),
    }
}
