//! Binding. `start-bind` and `finish-bind` are one call here: a host that has not decided yet is waited for.

use crate::addresses::{from_wasi, to_wasi, wasi_family};
use crate::bindings::datagrant::dgram::types::{ErrorCode, IpAddressFamily};
use crate::bindings::net;
use crate::bindings::wasi::clocks::monotonic_clock::subscribe_duration;
use crate::bindings::wasi::sockets::instance_network::instance_network;
use crate::bindings::wasi::sockets::udp::UdpSocket;
use crate::bindings::wasi::sockets::udp_create_socket::create_udp_socket;
use crate::errors::{code, code_of_create};
use std::net::SocketAddr;

thread_local! {
    static NETWORK: net::Network = instance_network();
}

/// Does something with the network that the host gives to this instance.
pub(crate) fn with_network<T>(f: impl FnOnce(&net::Network) -> T) -> T {
    NETWORK.with(f)
}

/// How often another port is tried when the one just found free was taken in between.
const TRIES: usize = 8;
/// How long a port may stay taken by a host task that is about to end: 50 times 1 ms.
const PROBES: usize = 50;
const PROBE_EVERY_NS: u64 = 1_000_000;

pub(crate) fn create(family: IpAddressFamily) -> Result<UdpSocket, ErrorCode> {
    create_udp_socket(wasi_family(family)).map_err(code_of_create)
}

fn bind_once(udp: &UdpSocket, local: SocketAddr) -> Result<(), net::ErrorCode> {
    with_network(|network| udp.start_bind(network, to_wasi(local)))?;
    loop {
        match udp.finish_bind() {
            Err(net::ErrorCode::WouldBlock) => udp.subscribe().block(),
            result => break result,
        }
    }
}

/// Binds, and tells where to.
///
/// Trap avoided: Linux gives a port that it chose back on disconnect, and `wasi:sockets` cannot bind a socket a second
/// time. A port that was bound by its number is kept, so the number is found first, with a socket of its own.
pub(crate) fn bind(udp: &UdpSocket, local: SocketAddr, family: IpAddressFamily) -> Result<SocketAddr, ErrorCode> {
    if local.port() == 0 {
        for _ in 0..TRIES {
            match bind_once(udp, free_port(local, family)?) {
                Ok(()) => return at(udp),
                Err(net::ErrorCode::AddressInUse) => {}
                // A host that allows port 0 only. The port is lost on disconnect there, but it works.
                Err(net::ErrorCode::AccessDenied) => break,
                Err(e) => return Err(code(e)),
            }
        }
    }
    bind_once(udp, local).map_err(code)?;
    at(udp)
}

fn free_port(local: SocketAddr, family: IpAddressFamily) -> Result<SocketAddr, ErrorCode> {
    let scratch = create(family)?;
    bind_once(&scratch, local).map_err(code)?;
    at(&scratch)
}

pub(crate) fn at(udp: &UdpSocket) -> Result<SocketAddr, ErrorCode> {
    udp.local_address().map(from_wasi).map_err(code)
}

/// Binds a port that an ended receive of the host may hold for a moment longer.
pub(crate) fn bind_again(udp: &UdpSocket, local: SocketAddr) -> Result<(), ErrorCode> {
    for _ in 0..PROBES {
        match bind_once(udp, local) {
            Err(net::ErrorCode::AddressInUse) => subscribe_duration(PROBE_EVERY_NS).block(),
            result => return result.map_err(code),
        }
    }
    Err(ErrorCode::AddressInUse)
}

/// Waits until a port is free. A port that stays taken is another program's by now, which is no concern of ours.
pub(crate) fn wait_until_free(local: SocketAddr, family: IpAddressFamily) {
    if let Ok(probe) = create(family) {
        let _ = bind_again(&probe, local);
    }
}
