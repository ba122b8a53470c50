//! A guest that wants more than it may have, and goes on whatever it is told.

use crate::bindings::exports::datagrant::bench::contestant::Want;
use datagrant_guest::bindings::bursts;
use datagrant_guest::bindings::name_lookup::Lookup;
use datagrant_guest::bindings::sockets::Socket;
use datagrant_guest::bindings::types::{
    CreateFlags, InterfaceRef, IpAddress, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress,
};
use std::hint::black_box;

/// Of each round: far more than the limits of the benchmark.
const MANY: usize = 100;
const DATAGRAM: usize = 64;
const SEGMENTS: usize = 64;
const STRIDE: usize = 32;

/// Never ends by itself.
pub fn grab(want: Want) -> ! {
    let at = bound();
    loop {
        match want {
            Want::Sockets => drop((0..MANY).map(|_| create()).collect::<Vec<_>>()),
            Want::Buffers => grow_buffers(),
            Want::Memberships => join(),
            Want::Lookups => drop(
                (0..MANY)
                    .map(|_| Lookup::start("nobody.test", None))
                    .collect::<Vec<_>>(),
            ),
            Want::Peers => be_written_to(&at),
            Want::Datagrams => flood(&at, DATAGRAM, 0),
            Want::Bytes => flood(&at, SEGMENTS * 1_000, 1_000),
            Want::Memory => grow_memory(),
            Want::Processor => drop(black_box((0..1_000_000u64).map(black_box).sum::<u64>())),
        }
    }
}

fn create() -> Option<Socket> {
    Socket::create(IpAddressFamily::Ipv4, CreateFlags::empty()).ok()
}

/// A socket on loopback, and where.
fn bound() -> Option<(Socket, IpSocketAddress)> {
    let socket = create()?;
    let at = socket.bind(Some(loopback(0)), false).ok()?;
    Some((socket, at))
}

fn loopback(port: u16) -> IpSocketAddress {
    let address = (127, 0, 0, 1);
    IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address })
}

fn grow_buffers() {
    let sockets: Vec<Socket> = (0..4).filter_map(|_| create()).collect();
    for _ in 0..MANY {
        for socket in &sockets {
            // The next one tells of it.
            let _ = socket.set_receive_buffer_bytes(1 << 30);
            let _ = socket.set_send_buffer_bytes(1 << 30);
        }
    }
}

fn join() {
    let sockets: Vec<Socket> = (0..4).filter_map(|_| create()).collect();
    for (i, socket) in sockets.iter().enumerate() {
        for last in 0..20 {
            let group = IpAddress::Ipv4((239, 1, i as u8, last));
            let _ = socket.join(group, &InterfaceRef::Name("lo".to_owned()), None);
        }
    }
}

/// By sockets of its own, each a peer of the next round.
fn be_written_to(at: &Option<(Socket, IpSocketAddress)>) {
    let Some((socket, to)) = at else { return };
    for _ in 0..MANY {
        if let Some(peer) = create() {
            let _ = peer.send(b"x", Some(*to));
        }
    }
    while !socket.next_events(64).is_empty() {}
}

/// Sends to itself what a burst holds, and takes what has come.
fn flood(at: &Option<(Socket, IpSocketAddress)>, length: usize, segment: u16) {
    let Some((socket, IpSocketAddress::Ipv4(to))) = at else {
        return;
    };
    let mut header = [0; STRIDE];
    header[0..4].copy_from_slice(&(length as u32).to_le_bytes());
    header[4..6].copy_from_slice(&segment.to_le_bytes());
    header[6..8].copy_from_slice(&to.port.to_le_bytes());
    header[26..32].copy_from_slice(&[0xff, 0xff, 127, 0, 0, 1]);
    let count = if segment == 0 { 64 } else { 1 };
    bursts::send(socket, STRIDE as u32, &header.repeat(count), &vec![0; count * length]);
    let _ = bursts::receive(socket, 64, 65_535);
}

#[cfg(target_arch = "wasm32")]
fn grow_memory() {
    core::arch::wasm32::memory_grow::<0>(16);
}

#[cfg(not(target_arch = "wasm32"))]
fn grow_memory() {}
