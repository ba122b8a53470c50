//! What can be handed in, and how it comes back.

use super::*;
use crate::socket::{Authority, Event, Socket};
use crate::sys::BurstOptions;
use socket2::{Domain, Protocol, Type};
use std::net;
use std::os::fd::OwnedFd;
use std::sync::Arc;

fn bound() -> net::UdpSocket {
    net::UdpSocket::bind("127.0.0.1:0").unwrap()
}

fn add(name: &str, socket: impl Into<OwnedFd>) -> Result<Granted, String> {
    let mut granted = Granted::default();
    let added = granted.add(name.to_owned(), UdpSocket::from(socket.into()), false);
    added.map(|()| granted).map_err(|error| error.to_string())
}

#[track_caller]
fn refused(name: &str, socket: impl Into<OwnedFd>, line: &str) {
    assert_eq!(add(name, socket).map(drop).unwrap_err(), line);
}

#[test]
fn a_name_is_at_least_one_character_that_can_be_written_before_an_equals_sign() {
    let rule = "is no name for a socket: write at least one character, none of them \"=\" or a control character";
    for name in ["", "a=b", "a\n", "\0"] {
        refused(name, bound(), &format!("{name:?} {rule}"));
    }
    for name in ["a", "of six", "ß", "a:b"] {
        let granted = add(name, bound()).unwrap();
        assert_eq!(granted.names().collect::<Vec<_>>(), [name]);
    }
}

#[test]
fn each_name_is_given_once() {
    let mut granted = add("dns", bound()).unwrap();
    let again = granted.add("dns".to_owned(), UdpSocket::from_std(bound()), false);
    assert_eq!(
        again.unwrap_err().to_string(),
        "two sockets are named \"dns\": give each a name of its own"
    );
}

#[test]
fn what_is_no_bound_udp_socket_without_a_peer_is_refused() {
    let tcp = net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (unix, _) = std::os::unix::net::UnixDatagram::pair().unwrap();
    let other = "the socket \"dns\" cannot be handed in: it is not a UDP socket over IPv4 or IPv6";
    refused("dns", tcp, other);
    refused("dns", unix, other);
    let unbound = socket2::Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP)).unwrap();
    refused(
        "dns",
        unbound,
        "the socket \"dns\" cannot be handed in: it is not bound",
    );
    let connected = bound();
    connected.connect("127.0.0.1:9").unwrap();
    let line = "the socket \"dns\" cannot be handed in: it is connected; hand it in without a peer";
    refused("dns", connected, line);
}

fn take(socket: &net::UdpSocket) -> Arc<Socket> {
    let mut granted = add("dns", socket.try_clone().unwrap()).unwrap();
    let authority = Arc::new(Authority::new(Default::default(), None));
    Socket::handed_in(1, granted.take("dns").unwrap(), authority)
}

#[test]
fn a_socket_is_switched_as_those_that_the_guest_makes() {
    let kept = bound();
    kept.set_broadcast(true).unwrap();
    kept.set_nonblocking(false).unwrap();
    let _taken = take(&kept);
    assert!(!kept.broadcast().unwrap());
    let look = socket2::SockRef::from(&kept);
    assert!(look.nonblocking().unwrap());
    assert!(!look.multicast_all_v4().unwrap(), "no groups of others");
}

/// By the descriptor itself: whatever a guest may come to change one day.
#[test]
fn settings_of_both_families_are_put_back() {
    for at in ["127.0.0.1:0", "[::1]:0"] {
        let kept = net::UdpSocket::bind(at).unwrap();
        let look = socket2::SockRef::from(&kept);
        let ipv6 = at.starts_with('[');
        let all = || {
            let ipv4 = (look.ttl_v4().unwrap(), look.multicast_ttl_v4().unwrap());
            let more = (look.multicast_loop_v4().unwrap(), look.multicast_if_v4().unwrap());
            let ipv6 = ipv6.then(|| {
                let hops = (look.unicast_hops_v6().unwrap(), look.multicast_hops_v6().unwrap());
                (hops, look.multicast_loop_v6().unwrap(), look.multicast_if_v6().unwrap())
            });
            (ipv4, more, ipv6)
        };
        let before = all();
        let taken = take(&kept);
        look.set_ttl_v4(3).unwrap();
        look.set_multicast_ttl_v4(4).unwrap();
        look.set_multicast_loop_v4(false).unwrap();
        look.set_multicast_if_v4(&net::Ipv4Addr::LOCALHOST).unwrap();
        if ipv6 {
            look.set_unicast_hops_v6(3).unwrap();
            look.set_multicast_hops_v6(4).unwrap();
            look.set_multicast_loop_v6(false).unwrap();
            look.set_multicast_if_v6(1).unwrap();
        }
        assert_ne!(all(), before);
        taken.close();
        assert_eq!(all(), before, "{at}");
    }
}

#[test]
fn what_a_guest_changed_is_put_back_and_what_it_did_not_take_stays() {
    let kept = bound();
    let local = kept.local_addr().unwrap();
    let look = socket2::SockRef::from(&kept);
    let before = (look.ttl_v4().unwrap(), look.recv_buffer_size().unwrap());

    let peer = bound();
    let mut grants = crate::grants::Grants::new();
    grants.allow(crate::grants::Right::Send, "@loopback:*").unwrap();
    let authority = Arc::new(Authority::new(grants, None));
    let mut granted = add("dns", kept.try_clone().unwrap()).unwrap();
    let taken = Socket::handed_in(1, granted.take("dns").unwrap(), authority);
    taken.set_ttl(3).unwrap();
    taken.set_receive_buffer_bytes(8192).unwrap();
    let all = BurstOptions {
        packet_info: true,
        coalesce: true,
        ecn: true,
    };
    taken.configure(all).unwrap();
    taken.connect(peer.local_addr().unwrap()).unwrap();
    peer.send_to(b"not taken", local).unwrap();
    drop(taken);

    assert_eq!((look.ttl_v4().unwrap(), look.recv_buffer_size().unwrap()), before);
    assert_eq!(kept.local_addr().unwrap(), local);
    assert!(kept.peer_addr().is_err(), "it has no peer");
    let next = take(&kept);
    let told = next.next_events(64);
    let remote = peer.local_addr().unwrap();
    let message = Event::Message {
        data: b"not taken".to_vec(),
        remote,
    };
    assert_eq!(told, [Event::Listening(local), message]);
}
