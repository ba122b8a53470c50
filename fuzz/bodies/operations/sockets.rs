//! What a guest does to sockets: bind, connect, join, and their options.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::socket::{Family, InterfaceRef};
use crate::sys::BurstOptions;

use super::super::bytes::Bytes;
use super::super::loopback::{canonical, embedded, mapped};
use super::super::rules::{BROADCAST, GROUP};
use super::Guest;

impl Guest<'_> {
    /// An address that a guest may think of, for a socket of this family.
    pub(super) fn address(&self, bytes: &mut Bytes<'_>, family: Family) -> SocketAddr {
        let port = |address: SocketAddr| address.port();
        let others = &self.others.at;
        let a = others[0];
        let address = match bytes.below(16) {
            0..=4 => bytes.one_of(others),
            5 | 6 => {
                let of = bytes.below(self.sockets.len());
                let local = self.sockets[of].socket.local_address();
                let local = local.map_or(a, canonical);
                match (local.ip().is_unspecified(), local.is_ipv6()) {
                    (true, false) => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port(local)),
                    (true, true) => SocketAddr::new([0, 0, 0, 0, 0, 0, 0, 1].into(), port(local)),
                    (false, _) => local,
                }
            }
            7 => GROUP.parse().expect("an address"),
            8 => BROADCAST.parse().expect("an address"),
            9 => SocketAddr::new(embedded(Ipv4Addr::LOCALHOST, bytes.below(3)), port(a)),
            10 => SocketAddr::new(
                bytes.one_of(&[Ipv4Addr::UNSPECIFIED, Ipv4Addr::BROADCAST]).into(),
                port(a),
            ),
            11 => SocketAddr::new(IpAddr::from([0u16; 8]), port(a)),
            12 => SocketAddr::new(bytes.one_of(others).ip(), 0),
            // Test networks: where a mistake would go to, nobody is.
            13 => SocketAddr::new(Ipv4Addr::new(192, 0, 2, bytes.byte()).into(), bytes.u16()),
            14 => SocketAddr::new([0x2001, 0xdb8, 0, 0, 0, 0, 0, bytes.u16()].into(), bytes.u16()),
            // Ports of old services, which nobody else's tests use meanwhile.
            _ => SocketAddr::new(Ipv4Addr::new(127, 0, 0, bytes.byte()).into(), bytes.u16() % 20),
        };
        // Now and then one of the other family.
        match family {
            Family::Ipv6 if bytes.byte() != 0xff => mapped(address),
            _ => address,
        }
    }

    pub(super) fn binds(&mut self, at: usize, bytes: &mut Bytes<'_>) {
        let family = self.sockets[at].socket.family();
        let (choice, exclusive) = (bytes.below(4), bytes.flag());
        let local = match choice {
            0 => None,
            1 => Some(SocketAddr::new(self.address(bytes, family).ip(), 0)),
            _ => Some(self.address(bytes, family)),
        };
        let Ok(bound) = self.sockets[at].socket.bind(local, exclusive) else {
            return;
        };
        let got = canonical(bound);
        let unspecified = got.ip().is_unspecified();
        assert_ne!(got.port(), 0);
        if let Some(asked) = local.map(canonical) {
            assert!(
                asked.ip() == got.ip() && (asked.port() == 0 || asked.port() == got.port()),
                "{asked}: {got}"
            );
        }
        match unspecified {
            true => assert!(
                self.rules.sends() && local.is_none_or(|local| local.port() == 0),
                "{local:?}"
            ),
            false => assert!((self.rules.bind)(got), "{got}"),
        }
        self.sockets[at].server = !unspecified;
    }

    pub(super) fn connects(&mut self, at: usize, bytes: &mut Bytes<'_>) {
        let remote = self.address(bytes, self.sockets[at].socket.family());
        if self.sockets[at].socket.connect(remote).is_ok() {
            let remote = canonical(remote);
            self.may_send(remote);
            assert!(self.sockets[at].peer.replace(remote).is_none());
        }
    }

    pub(super) fn joins(&mut self, at: usize, bytes: &mut Bytes<'_>) {
        let groups: [IpAddr; 5] = ["239.1.1.1", "ff02::fb", "232.1.1.1", "224.0.0.251", "127.0.0.1"]
            .map(|ip| ip.parse().expect("an address"));
        let group = bytes.one_of(&groups);
        let interface = match bytes.below(5) {
            0 => InterfaceRef::Name("lo".to_owned()),
            1 => InterfaceRef::Index(1),
            2 => InterfaceRef::Default,
            3 => InterfaceRef::Address(Ipv4Addr::LOCALHOST.into()),
            _ => InterfaceRef::Name("none such".to_owned()),
        };
        let source = bytes.flag().then(|| bytes.one_of(&self.others.at).ip());
        let socket = &self.sockets[at].socket;
        match bytes.below(4) {
            0 => _ = socket.leave(group, &interface, source),
            1 => _ = socket.set_multicast_interface(&interface),
            _ => {
                if socket.join(group, &interface, source).is_ok() {
                    let [any, v6, one, ..] = groups;
                    let of_one = group == one && source == Some(Ipv4Addr::new(127, 0, 0, 2).into());
                    assert!(group == any || group == v6 || of_one, "{group}");
                    assert!(self.rules.joins());
                }
            }
        }
    }

    pub(super) fn configures(&mut self, at: usize, bytes: &mut Bytes<'_>) {
        let (socket, bits) = (&self.sockets[at].socket, bytes.byte());
        let options = BurstOptions {
            packet_info: bits & 1 != 0,
            coalesce: bits & 2 != 0,
            ecn: bits & 4 != 0,
        };
        // None of these is about what may be reached; that they do not panic.
        let _ = socket.configure(options);
        let _ = socket.set_ttl(bits);
        let _ = socket.set_multicast_ttl(bits);
        let _ = socket.set_receive_buffer_bytes(u32::from(bits) << 12);
        let _ = socket.set_send_buffer_bytes(u32::from(bits) << 12);
        let _ = (socket.receive_buffer_bytes(), socket.send_buffer_bytes());
        let _ = (socket.local_address(), socket.remote_address());
    }
}
