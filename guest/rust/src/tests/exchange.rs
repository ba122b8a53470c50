use super::*;
use crate::CreateFlags;
use crate::burst::{SendBurst, Sent};
use crate::provider::{create, fake};

fn bound(address: &str) -> (Socket, Exchange) {
    let socket = create(Family::Ipv4, CreateFlags::empty()).unwrap();
    socket
        .bind(Some(address::to_contract(address.parse().unwrap())), false)
        .unwrap();
    let exchange = Exchange::new(&socket);
    (socket, exchange)
}

fn inject(socket: &Socket, data: &str) {
    fake::inject(socket.id(), fake::message("192.0.2.1:9", data.as_bytes()));
}

/// What is taken: texts of datagrams, `.` between calls, `!` for another event.
fn drain(socket: &Socket, exchange: &Exchange, max: usize) -> String {
    let mut told = String::new();
    loop {
        let taken = exchange.receive(socket, max);
        for datagram in taken.burst.iter().flatten() {
            told.push_str(&String::from_utf8_lossy(datagram.data));
        }
        for event in taken.events {
            match event {
                Event::Message(d) => told.push_str(&String::from_utf8_lossy(&d.data)),
                _ => told.push('!'),
            }
        }
        if !taken.more {
            return told;
        }
        told.push('.');
    }
}

fn mixed(socket: &Socket) {
    ["a", "b"].iter().for_each(|data| inject(socket, data));
    fake::inject(socket.id(), Event::Error(ErrorCode::ConnectionRefused));
    ["c", "d", "e"].iter().for_each(|data| inject(socket, data));
}

#[test]
fn bursts_and_other_events_keep_their_order() {
    let (socket, exchange) = bound("127.0.0.1:1000");
    mixed(&socket);
    assert_eq!(drain(&socket, &exchange, 2), "!.ab!.cd.e");
    fake::inject(socket.id(), Event::Error(ErrorCode::ConnectionRefused));
    inject(&socket, "f");
    assert_eq!(
        drain(&socket, &exchange, 2),
        "!.f",
        "an error that is first is the answer, and told once"
    );
}

#[test]
fn without_bursts_the_provider_is_asked_once() {
    bursts::absent();
    let (socket, exchange) = bound("127.0.0.1:1000");
    mixed(&socket);
    assert_eq!(drain(&socket, &exchange, 2), "!a.b!.cd.e");
    assert_eq!(bursts::calls(), 1);
    assert_eq!(
        exchange.configure(&socket, BurstOptions::all()),
        Ok(BurstOptions::empty())
    );
    assert_eq!(bursts::calls(), 1);
}

#[test]
fn a_closed_socket_tells_its_last_event() {
    let (socket, exchange) = bound("127.0.0.1:1000");
    socket.close();
    assert_eq!(drain(&socket, &exchange, 2), "!");
    assert_eq!(drain(&socket, &exchange, 2), "");
    assert_eq!(
        exchange.configure(&socket, BurstOptions::all()),
        Err(ErrorCode::InvalidState)
    );
}

#[test]
fn a_burst_is_sent_alike_with_and_without_bursts() {
    for absent in [false, true] {
        if absent {
            bursts::absent();
        }
        let at = "127.0.0.1:2000";
        let to: std::net::SocketAddr = at.parse().unwrap();
        let (one, exchange) = bound("127.0.0.1:1000");
        let (two, inbox) = bound(at);
        let mut burst = SendBurst::new();
        burst
            .push(b"a", to)
            .push_segmented(b"bbccd", 2, to)
            .push_segmented(b"", 9, to);
        fake::set_room(one.id(), 3);
        let report = |sent| exchange.send(&one, &burst.rest(sent).unwrap());
        let first = report(Sent::default());
        assert_eq!(
            (first.sent, first.partial, first.stopped),
            (1, 4, Some(ErrorCode::WouldBlock))
        );
        fake::set_room(one.id(), 9);
        let second = report(Sent::default().and(&first));
        assert_eq!((second.sent, second.partial, second.stopped), (2, 0, None));
        assert_eq!(fake::events(two.id()), 1 + 5);
        drain(&two, &inbox, 9);
    }
}

#[test]
fn what_a_provider_cannot_do_for_one_header_is_not_taken_for_having_no_bursts() {
    let (one, exchange) = bound("127.0.0.1:1000");
    let header = Header {
        remote: Some("127.0.0.1:1000".parse().unwrap()),
        ecn: 1,
        ..Header::default()
    };
    let mut burst = SendBurst::new();
    burst.push_with(b"x", &header);
    let report = exchange.send(&one, &burst.rest(Sent::default()).unwrap());
    assert_eq!(
        (report.stopped, exchange.is_plain()),
        (Some(ErrorCode::NotSupported), false)
    );
    bursts::absent();
    let report = exchange.send(&one, &burst.rest(Sent::default()).unwrap());
    assert_eq!(
        (report.stopped, exchange.is_plain()),
        (Some(ErrorCode::NotSupported), true)
    );
}
