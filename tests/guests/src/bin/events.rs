//! What is told, in which order, and how often.

use datagrant_conformance::bindings::types::ErrorCode;
use datagrant_conformance::*;

checks!(
    an_unbound_socket_has_nothing_to_tell,
    listening_is_there_when_bind_returns,
    listening_comes_before_what_has_arrived,
    the_first_send_tells_listening,
    connect_tells_listening_and_connect,
    datagrams_come_in_their_order,
    a_call_gives_at_most_64_events_and_no_more_than_asked,
    close_is_the_last_and_told_once,
    untaken_events_are_bounded,
);

fn an_unbound_socket_has_nothing_to_tell() {
    for family in FAMILIES {
        assert_eq!(drain(&create(family)), []);
    }
}

fn listening_is_there_when_bind_returns() {
    for family in FAMILIES {
        let socket = create(family);
        let at = socket.bind(Some(any_port(family)), false).expect("bind");
        assert_eq!(drain(&socket), [Told::Listening(std_address(at))]);
    }
}

fn listening_comes_before_what_has_arrived() {
    let socket = create(IpFamily::Ipv4);
    let at = socket.bind(Some(any_port(IpFamily::Ipv4)), false).expect("bind");
    let (peer, from) = bound(IpFamily::Ipv4);
    peer.send(b"early", Some(at)).expect("send");
    assert_eq!(told(&socket), Told::Listening(std_address(at)));
    assert_eq!(told(&socket), Told::Message(b"early".to_vec(), std_address(from)));
}

fn the_first_send_tells_listening() {
    for family in FAMILIES {
        let (peer, at) = bound(family);
        let socket = create(family);
        socket.send(b"first", Some(at)).expect("send");
        let local = std_address(socket.local_address().expect("it is bound now"));
        assert!(local.ip().is_unspecified());
        assert_eq!(drain(&socket), [Told::Listening(local)]);
        let got = next_message(&peer);
        assert_eq!(std_address(got.remote).port(), local.port());
        socket.send(b"second", Some(at)).expect("send");
        assert_eq!(drain(&socket), [], "bound once");
    }
}

fn connect_tells_listening_and_connect() {
    for family in FAMILIES {
        let (_peer, at) = bound(family);
        let socket = create(family);
        let local = std_address(socket.connect(at).expect("connect"));
        let events = drain(&socket);
        let [Told::Listening(listening), Told::Connect(to)] = events.as_slice() else {
            panic!("{events:?}");
        };
        assert_eq!(listening.port(), local.port());
        assert_eq!(*to, std_address(at));
    }
}

fn datagrams_come_in_their_order() {
    let (a, at) = bound(IpFamily::Ipv4);
    let (b, _) = bound(IpFamily::Ipv4);
    for n in 0..40_u8 {
        send(&b, &[n], Some(at));
    }
    for n in 0..40_u8 {
        assert_eq!(receive(&a), [n]);
    }
}

fn a_call_gives_at_most_64_events_and_no_more_than_asked() {
    let (a, at) = bound(IpFamily::Ipv4);
    let (b, _) = bound(IpFamily::Ipv4);
    for n in 0..100_u8 {
        send(&b, &[n], Some(at));
    }
    assert!(a.next_events(0).is_empty());
    assert!(wait_receive(&a, PATIENCE_NS));
    assert_eq!(a.next_events(1).len(), 1);
    let mut left = 99;
    while left > 0 {
        assert!(wait_receive(&a, PATIENCE_NS));
        let got = a.next_events(if left > 64 { u32::MAX } else { 5 }).len();
        assert!(got <= 64, "{got}");
        assert!(left > 64 || got <= 5, "{got}");
        left -= got;
    }
    assert_eq!(drain(&a), []);
}

fn close_is_the_last_and_told_once() {
    let socket = create(IpFamily::Ipv4);
    let at = socket.bind(Some(any_port(IpFamily::Ipv4)), false).expect("bind");
    let (peer, _) = bound(IpFamily::Ipv4);
    peer.send(b"unread", Some(at)).expect("send");
    socket.close();
    assert_eq!(
        drain(&socket),
        [Told::Listening(std_address(at)), Told::Close],
        "own events stay, datagrams go"
    );
    socket.close();
    assert_eq!(drain(&socket), []);
}

fn untaken_events_are_bounded() {
    let (_peer, at) = bound(IpFamily::Ipv4);
    let socket = create(IpFamily::Ipv4);
    let mut refused = None;
    for _ in 0..1000 {
        if let Err(e) = socket.connect(at) {
            refused = Some(e);
            break;
        }
        socket.disconnect().expect("disconnect");
    }
    assert_eq!(refused, Some(ErrorCode::NoBufferSpace));
    assert!(drain(&socket).len() <= 64);
    socket.connect(at).expect("there is room again");
}
