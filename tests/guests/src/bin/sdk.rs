//! The Rust SDK over a provider: bursts underneath and in its API, single calls and the event loop beside them.

use datagrant_conformance::*;
use datagrant_guest::burst::{Options, SendBurst, Sent, sent};
use datagrant_guest::{EventLoop, Family, UdpSocket};
use std::cell::Cell;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

checks!(
    a_burst_goes_there_and_back,
    single_calls_and_bursts_may_be_mixed,
    segments_arrive_one_by_one,
    options_tell_what_they_promise,
    a_burst_stops_at_what_cannot_go,
    a_refusal_is_told_once,
    a_long_burst_goes_as_a_whole,
    the_loop_echoes_many,
    a_socket_closed_in_the_loop_tells_no_more,
);

const LOOPBACK: [&str; 2] = ["127.0.0.1:0", "[::1]:0"];

/// Two sockets that give up after a while, and where the second is.
fn pair(at: &str) -> (UdpSocket, UdpSocket, SocketAddr) {
    let bind = || {
        let socket = UdpSocket::bind(at).expect("bind");
        let patience = Some(Duration::from_nanos(PATIENCE_NS));
        socket.set_read_timeout(patience).expect("a timeout");
        socket.set_write_timeout(patience).expect("a timeout");
        socket
    };
    let (one, two) = (bind(), bind());
    let to = two.local_addr().expect("bound");
    (one, two, to)
}

/// Bursts until `count` datagrams are there.
fn receive(socket: &UdpSocket, count: usize) -> Vec<(Vec<u8>, SocketAddr)> {
    let mut all = Vec::new();
    while all.len() < count {
        let burst = socket.recv_burst(64).expect("receive");
        all.extend(burst.datagrams().map(|d| (d.data.to_vec(), d.remote)));
    }
    assert_eq!(all.len(), count);
    all
}

fn data(socket: &UdpSocket, count: usize) -> Vec<Vec<u8>> {
    receive(socket, count).into_iter().map(|(data, _)| data).collect()
}

fn a_burst_goes_there_and_back() {
    for at in LOOPBACK {
        let (one, two, to) = pair(at);
        let mut burst = SendBurst::new();
        burst.push(b"one", to).push(b"", to).push(b"three", to);
        assert_eq!(one.send_burst(&burst).expect("send").headers, 3);
        let from = one.local_addr().expect("bound");
        let mut got = 0;
        while got < 3 {
            let burst = two.recv_burst(2).expect("receive");
            assert!(burst.datagrams().all(|d| d.remote == from && !d.truncated));
            got += burst.len();
            two.send_burst(&burst.into()).expect("echo");
        }
        let back = [&b"one"[..], b"", b"three"].map(|data| (data.to_vec(), to));
        assert_eq!(receive(&one, 3), back);
    }
}

fn single_calls_and_bursts_may_be_mixed() {
    let (one, two, to) = pair(LOOPBACK[0]);
    for text in ["a", "b", "c", "d"] {
        one.send_to(text.as_bytes(), to).expect("send");
    }
    let mut buffer = [0; 9];
    assert_eq!(two.recv(&mut buffer).expect("a"), 1);
    assert_eq!(two.peek(&mut buffer).expect("b"), 1);
    assert_eq!(buffer[0], b'b');
    assert_eq!(data(&two, 3), [b"b", b"c", b"d"]);
    two.set_nonblocking(true).expect("nonblocking");
    assert_eq!(two.recv_burst(9).expect_err("nothing").kind(), ErrorKind::WouldBlock);
}

fn segments_arrive_one_by_one() {
    for options in [Options::empty(), Options::COALESCE] {
        let (one, two, to) = pair(LOOPBACK[0]);
        let on = two.configure_bursts(options).expect("a missing option is no error");
        assert!(options.contains(on));
        let payload: Vec<u8> = (0..105).collect();
        let mut burst = SendBurst::new();
        burst.push_segmented(&payload, 10, to).push(b"last", to);
        one.send_burst(&burst).expect("send");
        let mut buffer = [0; 99];
        assert_eq!(two.recv_from(&mut buffer).expect("the first").0, 10);
        let expected: Vec<&[u8]> = payload.chunks(10).skip(1).chain([&b"last"[..]]).collect();
        assert_eq!(data(&two, 11), expected);
    }
}

fn options_tell_what_they_promise() {
    for at in LOOPBACK {
        let (one, two, to) = pair(at);
        let on = two
            .configure_bursts(Options::PACKET_INFO)
            .expect("a missing option is no error");
        one.send_to(b"x", to).expect("send");
        let burst = two.recv_burst(9).expect("receive");
        let told = burst.datagrams().next().expect("one");
        let has = on.contains(Options::PACKET_INFO);
        assert_eq!((told.local, told.interface.is_some()), (has.then(|| to.ip()), has));
        assert_eq!(two.configure_bursts(Options::empty()).expect("off"), Options::empty());
        one.send_to(b"x", to).expect("send");
        assert_eq!(two.recv_burst(9).expect("receive").stride(), 32);
    }
}

fn a_burst_stops_at_what_cannot_go() {
    let (one, two, to) = pair(LOOPBACK[0]);
    let mut burst = SendBurst::new();
    burst.push(b"a", to).push_segmented(b"bc", 1, to);
    burst.push(&vec![0; 65_508], to).push(b"d", to);
    let error = one.send_burst(&burst).expect_err("too long");
    assert_eq!(error.to_string(), format!("send EMSGSIZE {to}: datagram too large"));
    let (headers, partial) = (2, 0);
    assert_eq!(sent(&error), Some(Sent { headers, partial }));
    let (headers, partial) = (3, 0);
    one.send_burst_from(&burst, Sent { headers, partial })
        .expect("the rest");
    assert_eq!(data(&two, 4), [b"a", b"b", b"c", b"d"]);
}

fn a_refusal_is_told_once() {
    let nobody = pair(LOOPBACK[0]).2;
    let socket = UdpSocket::connected(nobody).expect("connect");
    socket
        .set_read_timeout(Some(Duration::from_nanos(PATIENCE_NS)))
        .expect("a timeout");
    let mut burst = SendBurst::new();
    burst.push(b"anybody there?", None);
    socket.send_burst(&burst).expect("send");
    let error = socket.recv_burst(9).expect_err("nobody");
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    socket.set_nonblocking(true).expect("nonblocking");
    assert_eq!(socket.recv_burst(9).expect_err("nothing").kind(), ErrorKind::WouldBlock);
}

/// More than any provider takes at once.
fn a_long_burst_goes_as_a_whole() {
    let (one, two, to) = pair(LOOPBACK[0]);
    two.set_receive_buffer_bytes(1 << 20).expect("a buffer");
    let (mut burst, mut seen) = (SendBurst::new(), 0_u32);
    for round in 0..10_u32 {
        burst.clear();
        for n in 0..100 {
            burst.push(&(round * 100 + n).to_le_bytes(), to);
        }
        assert_eq!(one.send_burst(&burst).expect("send").headers, 100);
        for (data, _) in receive(&two, 100) {
            assert_eq!(data, seen.to_le_bytes(), "each once, and in order");
            seen += 1;
        }
    }
}

fn the_loop_echoes_many() {
    const COUNT: usize = 1_000;
    const OUTSTANDING: usize = 16;
    let events = EventLoop::new();
    let server = events.socket(Family::Ipv4).expect("a socket");
    server.on_message(|server, data, from| server.send(data, from));
    server.bind(LOOPBACK[0]).expect("bind");
    let to = server.local_addr().expect("bound");
    let client = events.socket(Family::Ipv4).expect("a socket");
    let (next, back) = (Rc::new(Cell::new(OUTSTANDING)), Rc::new(Cell::new(0_usize)));
    let (sending, coming) = (next.clone(), back.clone());
    client.on_message(move |client, data, _| {
        let number = usize::from_le_bytes(data.try_into().expect("a number"));
        assert_eq!(number, coming.replace(number + 1), "in order");
        if coming.get() == COUNT {
            server.close()?;
            return client.close();
        }
        let number = sending.replace(sending.get() + 1);
        if number < COUNT {
            client.send(number.to_le_bytes(), to)
        } else {
            Ok(())
        }
    });
    for number in 0..OUTSTANDING {
        client.send(number.to_le_bytes(), to).expect("send");
    }
    events
        .set_timeout(Duration::from_secs(10), || panic!("a datagram was lost"))
        .unref();
    events.run().expect("a run");
    assert_eq!(back.get(), COUNT);
}

fn a_socket_closed_in_the_loop_tells_no_more() {
    let events = EventLoop::new();
    let socket = events.socket(Family::Ipv4).expect("a socket");
    let told = Rc::new(Cell::new((0, 0)));
    let (messages, closes) = (told.clone(), told.clone());
    socket.on_message(move |socket, _, _| {
        messages.set((messages.get().0 + 1, 0));
        socket.close()
    });
    socket.on_close(move |_| closes.set((closes.get().0, 1)));
    socket.bind(LOOPBACK[0]).expect("bind");
    let to = socket.local_addr().expect("bound");
    let mut burst = SendBurst::new();
    for _ in 0..5 {
        burst.push(b"x", to);
    }
    pair(LOOPBACK[0]).0.send_burst(&burst).expect("send");
    events.run().expect("a run");
    assert_eq!(told.get(), (1, 1));
}
