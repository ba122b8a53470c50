//! The blocking socket over the network of the unit tests.

use std::io::ErrorKind;
use std::time::Duration;

use super::*;
use crate::bindings::types::Event;
use crate::provider::{BATCH, fake};
use crate::{ErrorCode, error_code};

const SECOND: Duration = Duration::from_secs(1);

fn pair() -> (UdpSocket, UdpSocket) {
    (
        UdpSocket::bind("127.0.0.1:1000").unwrap(),
        UdpSocket::bind("127.0.0.1:2000").unwrap(),
    )
}

fn receive(socket: &UdpSocket) -> String {
    let mut buffer = [0; 100];
    let (length, from) = socket.recv_from(&mut buffer).unwrap();
    format!("{} from {from}", String::from_utf8_lossy(&buffer[..length]))
}

#[test]
fn a_datagram_goes_there_and_back() {
    let (one, two) = pair();
    assert_eq!(one.send_to(b"ping", "127.0.0.1:2000").unwrap(), 4);
    assert_eq!(receive(&two), "ping from 127.0.0.1:1000");
    // 0.0.0.0 is loopback, as in Node.
    assert_eq!(two.send_to(b"", "0.0.0.0:1000").unwrap(), 0);
    assert_eq!(receive(&one), " from 127.0.0.1:2000");
}

#[test]
fn bind_tries_each_address_and_names_the_one_that_failed() {
    fake::deny("127.0.0.1:53");
    let socket = UdpSocket::bind("localhost:53").unwrap();
    assert_eq!(socket.local_addr().unwrap(), "[::1]:53".parse().unwrap());
    let error = UdpSocket::bind("127.0.0.1:53").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert_eq!(error_code(&error), Some(ErrorCode::AccessDenied));
    assert_eq!(error.to_string(), "bind EACCES 127.0.0.1:53: access denied");
    assert_eq!(UdpSocket::bind("[::1]:53").unwrap_err().kind(), ErrorKind::AddrInUse);
    assert_eq!(fake::open(), 1);
}

#[test]
fn a_receive_waits_for_what_comes_later() {
    let (one, _) = pair();
    let id = one.id();
    fake::later(SECOND, move || fake::inject(id, fake::message("192.0.2.1:9", b"late")));
    assert_eq!(receive(&one), "late from 192.0.2.1:9");
    assert_eq!((fake::elapsed(), fake::waits()), (SECOND, 1));
}

#[test]
fn a_timeout_ends_a_receive_with_would_block() {
    let (one, _) = pair();
    one.set_read_timeout(Some(2 * SECOND)).unwrap();
    assert_eq!(one.recv(&mut [0; 9]).unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(fake::elapsed(), 2 * SECOND);
    assert_eq!(
        one.set_read_timeout(Some(Duration::ZERO)).unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    assert_eq!(one.read_timeout().unwrap(), Some(2 * SECOND));
    one.set_nonblocking(true).unwrap();
    assert_eq!(one.recv(&mut [0; 9]).unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(fake::elapsed(), 2 * SECOND);
}

#[test]
fn a_long_datagram_is_cut_and_the_rest_is_lost() {
    let (one, two) = pair();
    one.send_to(b"long", "127.0.0.1:2000").unwrap();
    one.send_to(b"next", "127.0.0.1:2000").unwrap();
    let mut buffer = [0; 2];
    assert_eq!(two.peek(&mut buffer).unwrap(), 2);
    assert_eq!(two.recv(&mut buffer).unwrap(), 2);
    assert_eq!(&buffer, b"lo");
    assert_eq!(receive(&two), "next from 127.0.0.1:1000");
}

#[test]
fn clones_share_the_queue() {
    let (one, two) = pair();
    let clone = two.try_clone().unwrap();
    for data in ["a", "b"] {
        one.send_to(data.as_bytes(), "127.0.0.1:2000").unwrap();
    }
    assert_eq!(receive(&two), "a from 127.0.0.1:1000");
    assert_eq!(receive(&clone), "b from 127.0.0.1:1000");
    drop(two);
    let clone = clone.into_raw().unwrap();
    assert_eq!(fake::open(), 2);
    drop(clone);
    assert_eq!(fake::open(), 1);
}

#[test]
fn connecting_drops_what_others_sent() {
    let (one, two) = pair();
    let other = UdpSocket::bind("127.0.0.1:3000").unwrap();
    for socket in [&other, &one, &other] {
        socket.send_to(b"x", "127.0.0.1:2000").unwrap();
    }
    two.peek(&mut [0; 9]).unwrap(); // now all three are in the guest's queue
    two.connect("127.0.0.1:1000").unwrap();
    two.set_nonblocking(true).unwrap();
    assert_eq!(receive(&two), "x from 127.0.0.1:1000");
    assert_eq!(two.recv(&mut [0; 9]).unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn a_connected_socket_sends_to_its_peer_only() {
    let (one, two) = pair();
    assert_eq!(
        one.send(b"x").unwrap_err().to_string(),
        "send: the socket is not connected"
    );
    assert_eq!(one.peer_addr().unwrap_err().kind(), ErrorKind::NotConnected);
    one.connect("0.0.0.0:2000").unwrap();
    assert_eq!(one.peer_addr().unwrap(), "127.0.0.1:2000".parse().unwrap());
    one.send(b"x").unwrap();
    one.send_to(b"y", "127.0.0.1:2000").unwrap();
    let error = one.send_to(b"z", "127.0.0.1:3000").unwrap_err();
    assert_eq!(
        error.to_string(),
        "send 127.0.0.1:3000: the socket is connected to another address"
    );
    assert_eq!((receive(&two), receive(&two)).1, "y from 127.0.0.1:1000");
    // Again, without a disconnect between, as in std.
    one.connect("127.0.0.1:3000").unwrap();
    one.disconnect().unwrap();
    one.send_to(b"z", "127.0.0.1:2000").unwrap();
}

#[test]
fn a_client_needs_no_bind() {
    fake::deny("127.0.0.1:2000");
    let socket = UdpSocket::connected("localhost:2000").unwrap();
    assert_eq!(socket.peer_addr().unwrap(), "[::1]:2000".parse().unwrap());
    let error = UdpSocket::connected("0.0.0.0:2000").unwrap_err();
    assert_eq!(error.to_string(), "connect EACCES 127.0.0.1:2000: access denied");
    assert_eq!(fake::open(), 1);
}

#[test]
fn an_asynchronous_error_is_told_once_by_the_next_call() {
    let (one, two) = pair();
    one.connect("127.0.0.1:2000").unwrap();
    two.send_to(b"x", "127.0.0.1:1000").unwrap();
    fake::inject(one.id(), Event::Error(ErrorCode::ConnectionRefused));
    let error = one.send(b"x").unwrap_err();
    assert_eq!(
        error.to_string(),
        "send ECONNREFUSED 127.0.0.1:2000: connection refused"
    );
    one.send(b"x").unwrap();
    assert_eq!(receive(&one), "x from 127.0.0.1:2000");
    fake::inject(one.id(), Event::Error(ErrorCode::ConnectionRefused));
    assert_eq!(one.recv(&mut [0; 9]).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    fake::inject(one.id(), Event::Error(ErrorCode::ConnectionRefused));
    assert_eq!(one.take_error().unwrap().unwrap().kind(), ErrorKind::ConnectionRefused);
    assert!(one.take_error().unwrap().is_none());
}

#[test]
fn a_send_waits_for_room_and_not_for_data() {
    let (one, _two) = pair();
    let id = one.id();
    fake::inject(id, fake::message("192.0.2.1:9", b"unread"));
    fake::set_room(id, 0);
    fake::later(SECOND, move || fake::set_room(id, 1));
    one.send_to(b"x", "127.0.0.1:2000").unwrap();
    assert_eq!((fake::elapsed(), fake::waits()), (SECOND, 1));
    one.set_write_timeout(Some(SECOND)).unwrap();
    assert_eq!(
        one.send_to(b"x", "127.0.0.1:2000").unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
    assert_eq!(fake::elapsed(), 2 * SECOND);
}

#[test]
fn a_socket_that_only_sends_does_not_fill_memory() {
    let (one, _two) = pair();
    one.connect("127.0.0.1:2000").unwrap();
    for _ in 0..1000 {
        fake::inject(one.id(), fake::message("127.0.0.1:2000", b"unread"));
        one.send(b"x").unwrap();
    }
    assert!(fake::events(one.id()) >= 1000 - 2 * BATCH);
}

#[test]
fn a_socket_closed_by_the_provider_says_so() {
    let (one, _) = pair();
    fake::inject(one.id(), Event::Error(ErrorCode::AccessDenied));
    fake::inject(one.id(), Event::Close);
    assert_eq!(one.recv(&mut [0; 9]).unwrap_err().kind(), ErrorKind::PermissionDenied);
    for _ in 0..2 {
        let error = one.recv(&mut [0; 9]).unwrap_err();
        assert_eq!(error.to_string(), "recvmsg: the provider has closed the socket");
    }
}

#[test]
fn a_ttl_is_1_to_255() {
    let (one, _) = pair();
    one.set_ttl(255).unwrap();
    for ttl in [0, 256] {
        assert_eq!(one.set_ttl(ttl).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}
