//! A host.

use super::interface::{Interface, Switch};
use super::{LOOK_AGAIN, Namespace, PATIENCE};
use socket2::{Domain, Protocol, Socket, Type};
use std::io::ErrorKind;
use std::net::{SocketAddr, SocketAddrV4, UdpSocket};
use std::process::Command;
use std::thread;
use std::time::Instant;

/// Addresses are there at once and stay, no host talks by itself, and nothing is left out for being too much or odd.
const QUIET: [(&str, &str); 11] = [
    ("net.ipv4.conf.all.rp_filter", "0"),
    ("net.ipv4.conf.default.rp_filter", "0"),
    ("net.ipv4.icmp_ratelimit", "0"),
    ("net.ipv6.conf.all.accept_dad", "0"),
    ("net.ipv6.conf.default.accept_dad", "0"),
    ("net.ipv6.conf.default.accept_ra", "0"),
    ("net.ipv6.conf.default.addr_gen_mode", "1"),
    ("net.ipv6.conf.default.router_solicitations", "0"),
    ("net.ipv6.conf.all.keep_addr_on_down", "1"),
    ("net.ipv6.conf.default.keep_addr_on_down", "1"),
    ("net.ipv6.icmp.ratelimit", "0"),
];

/// A host of a test's network.
#[derive(Clone, Debug)]
pub struct Host(pub(super) Namespace);

impl Host {
    pub(super) fn new(namespace: Namespace, settings: &[(&str, &str)]) -> Host {
        let host = Host(namespace);
        host.0.sysctl(&QUIET);
        host.0.sysctl(settings);
        host.ip("link set lo up");
        host
    }

    /// Gives it an interface with these addresses, `10.0.0.1/24` or `fe80::1/64` (and a link-local one if none is named),
    /// joined to a switch. It carries datagrams when this returns.
    #[track_caller]
    pub fn plug(&self, switch: &Switch, interface: &str, addresses: &[&str]) -> Interface {
        switch.joins(self, interface, addresses)
    }

    /// What ip(8) does by these lines, each without the `ip`: `route add default via 10.0.0.254`.
    #[track_caller]
    pub fn ip(&self, lines: &str) {
        self.0.ip(lines);
    }

    /// Sets what sysctl(8) sets, `net.ipv4.ip_default_ttl`.
    #[track_caller]
    pub fn sysctl(&self, name: &str, value: &str) {
        self.0.sysctl(&[(name, value)]);
    }

    /// A program on it. It sees this network, and of all else what the test sees.
    pub fn command(&self, program: &str) -> Command {
        self.0.command(program)
    }

    /// Does something on a thread that is on this host. Sockets that are made there stay there.
    #[track_caller]
    pub fn within<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.0.within(work)
    }

    /// A socket of the test's on this host, bound to this address. Receiving gives up after a while.
    #[track_caller]
    pub fn socket(&self, address: &str) -> UdpSocket {
        let until = Instant::now() + PATIENCE;
        let bind = || loop {
            match UdpSocket::bind(address) {
                // A process that another thread is about to start holds all that was open, until it executes its program.
                Err(e) if e.kind() == ErrorKind::AddrInUse && Instant::now() < until => thread::sleep(LOOK_AGAIN),
                result => return result,
            }
        };
        let socket = self.within(bind).unwrap_or_else(|e| panic!("{address}: {e}"));
        socket.set_read_timeout(Some(PATIENCE)).expect("not zero");
        socket
    }

    /// Sends a datagram that says it comes from `source`.
    #[track_caller]
    pub fn spoofs(&self, source: SocketAddrV4, destination: SocketAddrV4, payload: &str) {
        let length = (8 + payload.len() as u16).to_be_bytes();
        // The kernel fills in length, identification and checksum (raw(7)); a UDP checksum of 0 is none.
        let mut packet = vec![0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0];
        packet.extend(source.ip().octets());
        packet.extend(destination.ip().octets());
        packet.extend(source.port().to_be_bytes());
        packet.extend(destination.port().to_be_bytes());
        packet.extend(length);
        packet.extend([0, 0]);
        packet.extend(payload.as_bytes());
        let raw = self.within(|| Socket::new(Domain::IPV4, Type::RAW, Some(Protocol::UDP)));
        let raw = raw.expect("root may");
        raw.set_header_included_v4(true).expect("a raw socket");
        let sent = raw.send_to(&packet, &destination.into()).expect("a route");
        assert_eq!(sent, packet.len());
    }
}

/// The next datagram of a socket of the test's: its text, and who sent it.
#[track_caller]
pub fn receives(socket: &UdpSocket) -> (String, SocketAddr) {
    let mut buffer = vec![0; 65_536];
    loop {
        match socket.recv_from(&mut buffer) {
            Ok((length, from)) => return (String::from_utf8_lossy(&buffer[..length]).into_owned(), from),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => panic!("no datagram: {e}"),
        }
    }
}
