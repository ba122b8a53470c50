//! What a recorder is told of datagrams.

use crate::sys::{self, Outgoing, Received};
use crate::tape::{Datagram, Tape};
use std::net::{IpAddr, SocketAddr};

/// Tells of the messages that went out of a socket, segments one by one. How many datagrams they were.
pub(super) fn sent(tape: &Tape, socket: u32, system: &sys::Socket, messages: &[Outgoing<'_>]) -> usize {
    let Some(recorder) = tape.recorder() else { return 0 };
    let (local, peer) = (system.local_address().ok(), system.peer_address().ok());
    let mut count = 0;
    for message in messages {
        let Some(remote) = message.to.or(peer).map(canonical) else {
            continue;
        };
        let local = local.map_or_else(|| any(remote), canonical);
        let known = Some(local.ip()).filter(|ip| !ip.is_unspecified());
        let source = message.source.or(known);
        let source = source.or_else(|| tape.source_of(remote.ip(), || sys::source_of(remote)));
        let local = SocketAddr::new(source.unwrap_or(any(remote).ip()).to_canonical(), local.port());
        for data in segments(message.data, message.segment_size) {
            recorder.datagram(&Datagram {
                socket,
                sent: true,
                local,
                remote,
                data,
                ecn: message.ecn,
                truncated: false,
            });
            count += 1;
        }
    }
    count
}

/// Tells of one that was received into `data`, by a socket bound to `bound`. How many datagrams it was.
pub(super) fn received(tape: &Tape, socket: u32, bound: Option<SocketAddr>, received: &Received, data: &[u8]) -> usize {
    let Some(recorder) = tape.recorder() else { return 0 };
    let remote = canonical(received.source);
    let bound = bound.map_or_else(|| any(remote), canonical);
    let local = received.arrival.local.map_or(bound.ip(), |(_, ip)| ip);
    let local = SocketAddr::new(of_family(local, remote), bound.port());
    let mut count = 0;
    for data in segments(data, received.arrival.segment_size) {
        recorder.datagram(&Datagram {
            socket,
            sent: false,
            local,
            remote,
            data,
            ecn: received.arrival.ecn,
            truncated: received.truncated,
        });
        count += 1;
    }
    count
}

/// A message without data is a datagram too.
fn segments(data: &[u8], size: u16) -> impl Iterator<Item = &[u8]> {
    let size = if size == 0 { data.len() } else { size.into() };
    let empty = data.is_empty().then_some(data);
    empty.into_iter().chain(data.chunks(size.max(1)))
}

/// As it is on the wire: IPv4 on a dual-stack socket is IPv4.
fn canonical(address: SocketAddr) -> SocketAddr {
    match address.ip().to_canonical() {
        IpAddr::V4(ip) => SocketAddr::new(ip.into(), address.port()),
        IpAddr::V6(_) => address,
    }
}

/// Nothing is known of it, but its family.
fn any(remote: SocketAddr) -> SocketAddr {
    let ip = if remote.is_ipv4() {
        IpAddr::from([0; 4])
    } else {
        IpAddr::from([0; 16])
    };
    SocketAddr::new(ip, 0)
}

fn of_family(ip: IpAddr, remote: SocketAddr) -> IpAddr {
    let ip = ip.to_canonical();
    if ip.is_ipv4() == remote.is_ipv4() {
        ip
    } else {
        any(remote).ip()
    }
}
