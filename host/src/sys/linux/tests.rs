//! The contract of a backend, on real sockets on loopback.

use super::*;
use std::net::{Ipv4Addr, Ipv6Addr, UdpSocket};

fn bound(address: &str) -> (Socket, SocketAddr) {
    let address: SocketAddr = address.parse().unwrap();
    let socket = Socket::open(address.is_ipv6()).unwrap();
    socket.bind(address, Default::default()).unwrap();
    let local = socket.local_address().unwrap();
    (socket, local)
}

fn received(socket: &Socket, max: usize) -> Vec<(Vec<u8>, SocketAddr)> {
    let mut list = Vec::new();
    let options = ReceiveOptions {
        max,
        max_bytes: usize::MAX,
        arrival: false,
    };
    let mut buffer = vec![0; 64 * MAX_DATAGRAM_BYTES];
    let take = |buffer: &mut [u8], received: Received| list.push((buffer[received.at].to_vec(), received.source));
    match socket.receive(options, &mut buffer, take) {
        Ok(count) => assert_eq!(count, list.len()),
        Err(e) => assert_eq!(e.kind(), io::ErrorKind::WouldBlock),
    }
    list
}

#[test]
fn a_batch_tells_each_datagram_with_its_source_in_both_families() {
    for any in ["127.0.0.1:0", "[::1]:0"] {
        let (socket, local) = bound(any);
        let peers: Vec<UdpSocket> = (0..3).map(|_| UdpSocket::bind(any).unwrap()).collect();
        for (i, peer) in peers.iter().enumerate() {
            peer.send_to(&vec![i as u8; i * 1000], local).unwrap();
        }
        let list = received(&socket, 64);
        assert_eq!(list.len(), 3);
        for (i, (data, source)) in list.iter().enumerate() {
            assert_eq!(*data, vec![i as u8; i * 1000]);
            assert_eq!(*source, peers[i].local_addr().unwrap());
        }
    }
}

#[test]
fn the_largest_datagrams_arrive_whole() {
    for (any, bytes) in [("127.0.0.1:0", 65_507), ("[::1]:0", 65_527)] {
        let (socket, local) = bound(any);
        let data: Vec<u8> = (0..bytes).map(|i| (i % 251) as u8).collect();
        socket.send(&data, Some(local)).unwrap();
        assert!(received(&socket, 1)[0].0 == data);
        let error = socket.send(&vec![0; bytes + 1], Some(local)).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::EMSGSIZE));
    }
}

#[test]
fn no_more_is_received_than_was_asked_for() {
    let (socket, local) = bound("127.0.0.1:0");
    for i in 0..5 {
        socket.send(&[i], Some(local)).unwrap();
    }
    assert_eq!(received(&socket, 0).len(), 0);
    assert_eq!(received(&socket, 2).len(), 2);
    assert_eq!(received(&socket, 64).len(), 3);
    assert_eq!(received(&socket, 64).len(), 0);
}

#[test]
fn what_is_there_is_told_without_waiting() {
    let (a, _) = bound("127.0.0.1:0");
    let (b, to_b) = bound("127.0.0.1:0");
    a.send(b"x", Some(to_b)).unwrap();
    assert!(!a.has_input().unwrap());
    assert!(b.has_input().unwrap());
    assert!(a.has_room().unwrap());
    assert!(refused().has_input().unwrap(), "an error is input");
}

#[test]
fn loopback_is_an_own_address_and_documentation_addresses_are_not() {
    for (ip, own) in [
        (Ipv4Addr::LOCALHOST.into(), true),
        (Ipv4Addr::new(127, 1, 2, 3).into(), true),
        (Ipv6Addr::LOCALHOST.into(), true),
        (Ipv4Addr::new(192, 0, 2, 1).into(), false),
        ("2001:db8::1".parse().unwrap(), false),
    ] {
        assert_eq!(is_own_address(SocketAddr::new(ip, 7)), own, "{ip}");
    }
}

#[test]
fn what_is_sent_to_loopback_comes_from_there_and_to_nowhere_from_nothing() {
    for ip in [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()] {
        assert_eq!(source_of(SocketAddr::new(ip, 9)), Some(ip));
    }
    assert_eq!(
        source_of("[fe80::1]:9".parse().unwrap()),
        None,
        "link-local without an interface"
    );
}

/// A socket that is connected to a closed port and has been told so, and is about to hear of it.
fn refused() -> Socket {
    let (socket, _) = bound("127.0.0.1:0");
    let (closed, nobody) = bound("127.0.0.1:0");
    drop(closed);
    socket.connect(nobody).unwrap();
    socket.send(b"x", None).unwrap();
    socket
}

#[test]
fn a_refusal_by_a_connected_peer_is_told_by_the_next_send() {
    let error = refused().send(b"x", None).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
}

#[test]
fn a_refusal_is_forgotten_on_disconnect() {
    let (_other, to_other) = bound("127.0.0.1:0");
    let socket = refused();
    socket.disconnect(socket.local_address().unwrap(), false).unwrap();
    socket.send(b"x", Some(to_other)).unwrap();
}

#[test]
fn a_refusal_is_forgotten_on_connect() {
    let (_other, to_other) = bound("127.0.0.1:0");
    let socket = refused();
    socket.connect(to_other).unwrap();
    socket.send(b"x", None).unwrap();
}

#[test]
fn datagrams_that_have_no_room_stay_where_they_are() {
    let (socket, local) = bound("127.0.0.1:0");
    for _ in 0..3 {
        socket.send(b"hello", Some(local)).unwrap();
    }
    let options = ReceiveOptions {
        max: 64,
        max_bytes: 4,
        arrival: false,
    };
    let mut told = Vec::new();
    let count = socket.receive(options, &mut [0; 11], |buffer, received| {
        told.push((buffer[received.at].to_vec(), received.truncated));
    });
    assert_eq!(count.unwrap(), 2);
    assert_eq!(told, [(b"hell".to_vec(), true), (b"hell".to_vec(), true)]);
    assert_eq!(received(&socket, 64).len(), 1);
}

#[test]
fn a_filter_lets_one_source_in_and_drops_the_others_in_both_families() {
    let dual_stack = || {
        let socket = Socket::open(true).unwrap();
        socket.bind("[::]:0".parse().unwrap(), BindOptions::default()).unwrap();
        let port = socket.local_address().unwrap().port();
        (socket, port)
    };
    let v4 = || {
        let (socket, local) = bound("127.0.0.1:0");
        (socket, local.port())
    };
    for (host, other, (socket, port)) in [
        ("127.0.0.1", "127.0.0.2", v4()),
        ("127.0.0.1", "127.0.0.2", dual_stack()),
        ("::1", "127.0.0.1", dual_stack()),
    ] {
        let peer = |host: &str| UdpSocket::bind((host, 0)).unwrap();
        let send = |from: &UdpSocket, data: &[u8]| {
            let to = SocketAddr::new(from.local_addr().unwrap().ip(), port);
            from.send_to(
                data,
                if to.ip().is_ipv4() {
                    ([127, 0, 0, 1], port).into()
                } else {
                    to
                },
            )
            .unwrap();
        };
        let (heard, same_address, elsewhere) = (peer(host), peer(host), peer(other));
        send(&elsewhere, b"before");
        let mut source = heard.local_addr().unwrap();
        if socket.ipv6 && source.is_ipv4() {
            source = format!("[::ffff:{}]:{}", source.ip(), source.port()).parse().unwrap();
        }
        socket.hear_only(source).unwrap();
        for other in [&same_address, &elsewhere] {
            send(other, b"dropped");
        }
        send(&heard, b"");
        send(&heard, &[7; 9000]);
        let list: Vec<Vec<u8>> = received(&socket, 64).into_iter().map(|(data, _)| data).collect();
        assert_eq!(list, [b"before".to_vec(), vec![], vec![7; 9000]], "{host}");
        socket.hear_all().unwrap();
        send(&elsewhere, b"after");
        assert_eq!(received(&socket, 64)[0].0, b"after");
    }
}
