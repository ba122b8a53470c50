//! What each method answers in each state: the table of `wit/README.md`, run.

use datagrant_conformance::bindings::sockets::Socket;
use datagrant_conformance::bindings::types::ErrorCode;
use datagrant_conformance::*;

checks!(
    every_method_answers_by_its_state,
    every_method_without_a_result_works_in_every_state,
    what_failed_changed_nothing,
);

#[derive(Clone, Copy, Debug)]
enum State {
    Unbound,
    Bound,
    Connected,
    Closed,
}

const STATES: [State; 4] = [State::Unbound, State::Bound, State::Connected, State::Closed];

fn in_state(state: State, peer: &Socket) -> Socket {
    let socket = create(IpFamily::Ipv4);
    let to = peer.local_address().expect("the peer is bound");
    match state {
        State::Unbound => {}
        State::Bound => drop(socket.bind(Some(any_port(IpFamily::Ipv4)), false).expect("bind")),
        State::Connected => drop(socket.connect(to).expect("connect")),
        State::Closed => socket.close(),
    }
    socket
}

type Answer = Result<(), ErrorCode>;
type Method = fn(&Socket, &Socket) -> Answer;

/// Method, and the answers in the order of `STATES`: whether it works, or else `invalid-state`.
const TABLE: &[(&str, Method, [bool; 4])] = &[
    (
        "bind",
        |s, _| s.bind(None, false).map(drop),
        [true, false, false, false],
    ),
    (
        "connect",
        |s, p| s.connect(p.local_address()?).map(drop),
        [true, true, false, false],
    ),
    ("disconnect", |s, _| s.disconnect(), [false, false, true, false]),
    (
        "send to",
        |s, p| s.send(b"x", Some(p.local_address()?)),
        [true, true, false, false],
    ),
    ("send", |s, _| s.send(b"x", None), [false, false, true, false]),
    (
        "local-address",
        |s, _| s.local_address().map(drop),
        [false, true, true, false],
    ),
    (
        "remote-address",
        |s, _| s.remote_address().map(drop),
        [false, false, true, false],
    ),
    ("set-ttl", |s, _| s.set_ttl(64), [true, true, true, false]),
    (
        "receive-buffer-bytes",
        |s, _| s.receive_buffer_bytes().map(drop),
        [true, true, true, false],
    ),
    (
        "set-receive-buffer-bytes",
        |s, _| s.set_receive_buffer_bytes(65_536),
        [true, true, true, false],
    ),
    (
        "send-buffer-bytes",
        |s, _| s.send_buffer_bytes().map(drop),
        [true, true, true, false],
    ),
    (
        "set-send-buffer-bytes",
        |s, _| s.set_send_buffer_bytes(65_536),
        [true, true, true, false],
    ),
];

fn every_method_answers_by_its_state() {
    let (peer, _) = bound(IpFamily::Ipv4);
    for (name, method, works) in TABLE {
        for (state, works) in STATES.into_iter().zip(works) {
            let expected = if *works { Ok(()) } else { Err(ErrorCode::InvalidState) };
            assert_eq!(
                method(&in_state(state, &peer), &peer),
                expected,
                "{name} when {state:?}"
            );
        }
    }
}

fn every_method_without_a_result_works_in_every_state() {
    let (peer, _) = bound(IpFamily::Ipv4);
    for state in STATES {
        let socket = in_state(state, &peer);
        assert_ne!(socket.id(), 0, "{state:?}");
        assert_eq!(socket.family(), IpFamily::Ipv4, "{state:?}");
        let _ = drain(&socket);
        socket.close();
        let last = if matches!(state, State::Closed) {
            vec![]
        } else {
            vec![Told::Close]
        };
        assert_eq!(drain(&socket), last, "{state:?}");
    }
}

fn what_failed_changed_nothing() {
    let (peer, at) = bound(IpFamily::Ipv4);
    let socket = in_state(State::Unbound, &peer);
    let _ = socket.send(b"x", None).expect_err("not connected");
    assert_eq!(socket.local_address().map(std_address), Err(ErrorCode::InvalidState));
    assert_eq!(drain(&socket), []);

    let socket = in_state(State::Connected, &peer);
    let (_, elsewhere) = bound(IpFamily::Ipv4);
    let _ = socket.connect(elsewhere).expect_err("connected");
    let _ = socket
        .send(b"x", Some(at))
        .expect_err("connected, even to the same peer");
    assert_eq!(socket.remote_address().map(std_address), Ok(std_address(at)));
    socket.send(b"through", None).expect("send");
    assert_eq!(receive(&peer), b"through");
}
