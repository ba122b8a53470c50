//! Sockets on loopback, and what they tell.

use crate::bindings::sockets::Socket;
use crate::bindings::types::{CreateFlags, Datagram, ErrorCode, Event, Interest, IpSocketAddress};
use crate::bindings::wait::wait;
use crate::{IpFamily, PATIENCE_NS, any_port, std_address};
use std::net::SocketAddr;

/// An event, comparable: a message is its bytes and where they are from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "as in the contract")]
pub enum Told {
    Listening(SocketAddr),
    Connect(SocketAddr),
    Message(Vec<u8>, SocketAddr),
    Error(ErrorCode),
    Close,
}

impl From<Event> for Told {
    fn from(event: Event) -> Self {
        match event {
            Event::Listening(at) => Self::Listening(std_address(at)),
            Event::Connect(to) => Self::Connect(std_address(to)),
            Event::Message(d) => Self::Message(d.data, std_address(d.remote)),
            Event::Error(e) => Self::Error(e),
            Event::Close => Self::Close,
        }
    }
}

/// A new socket.
#[track_caller]
#[must_use]
pub fn create(family: IpFamily) -> Socket {
    Socket::create(family, CreateFlags::empty()).expect("create")
}

/// A socket bound to loopback, and where. Its `listening` has been taken; nothing was read from the network.
#[track_caller]
#[must_use]
pub fn bound(family: IpFamily) -> (Socket, IpSocketAddress) {
    bound_to(any_port(family), family)
}

/// A socket bound to `local`, and where.
#[track_caller]
#[must_use]
pub fn bound_to(local: IpSocketAddress, family: IpFamily) -> (Socket, IpSocketAddress) {
    let socket = create(family);
    let at = socket.bind(Some(local), false).expect("bind");
    assert_eq!(take(&socket, 1), [Told::Listening(std_address(at))]);
    (socket, at)
}

fn take(socket: &Socket, max: u32) -> Vec<Told> {
    socket.next_events(max).into_iter().map(Told::from).collect()
}

/// Everything there is now.
#[must_use]
pub fn drain(socket: &Socket) -> Vec<Told> {
    let mut all = Vec::new();
    loop {
        let some = take(socket, 64);
        if some.is_empty() {
            return all;
        }
        all.extend(some);
    }
}

/// The next event, waited for.
#[track_caller]
#[must_use]
pub fn told(socket: &Socket) -> Told {
    loop {
        if let Some(one) = take(socket, 1).pop() {
            return one;
        }
        assert!(wait_receive(socket, PATIENCE_NS), "nothing was told");
    }
}

/// The next event, which is a datagram.
#[track_caller]
#[must_use]
pub fn next_message(socket: &Socket) -> Datagram {
    loop {
        match socket.next_events(1).pop() {
            Some(Event::Message(datagram)) => return datagram,
            Some(other) => panic!("not a message but {other:?}"),
            None => assert!(wait_receive(socket, PATIENCE_NS), "nothing came"),
        }
    }
}

/// The bytes of the next event, which is a datagram.
#[track_caller]
#[must_use]
pub fn receive(socket: &Socket) -> Vec<u8> {
    next_message(socket).data
}

/// Whether a socket became ready to receive in time.
#[track_caller]
#[must_use]
pub fn wait_receive(socket: &Socket, timeout_ns: u64) -> bool {
    let on = Interest {
        receive: vec![socket.id()],
        send: vec![],
    };
    !wait(&on, Some(timeout_ns)).expect("wait").receive.is_empty()
}

/// Whether a socket became ready to send in time.
#[track_caller]
#[must_use]
pub fn wait_send(socket: &Socket, timeout_ns: u64) -> bool {
    let on = Interest {
        receive: vec![],
        send: vec![socket.id()],
    };
    !wait(&on, Some(timeout_ns)).expect("wait").send.is_empty()
}

/// An address on loopback where nobody listens: what is sent there is refused.
#[track_caller]
#[must_use]
pub fn closed_port(family: IpFamily) -> IpSocketAddress {
    let (socket, at) = bound(family);
    socket.close();
    at
}

/// Sends, and waits for room where there is none: a host may say so at any time.
#[track_caller]
pub fn send(socket: &Socket, data: &[u8], to: Option<IpSocketAddress>) {
    while let Err(e) = socket.send(data, to) {
        assert_eq!(e, ErrorCode::WouldBlock);
        assert!(wait_send(socket, PATIENCE_NS), "no room to send");
    }
}
