//! Sockets that are handed in by name: `first` on 127.0.0.1 and `second` on ::1, where the provider hands in any.

use datagrant_conformance::bindings::granted;
use datagrant_conformance::bindings::types::ErrorCode;
use datagrant_conformance::*;

checks!(
    the_names_are_told_in_order,
    an_unknown_name_is_none,
    a_socket_is_taken_bound_and_once,
    a_socket_that_was_dropped_is_gone,
);

fn names() -> Vec<String> {
    if differs(Difference::NothingHandedIn) {
        vec![]
    } else {
        vec!["first".to_owned(), "second".to_owned()]
    }
}

fn the_names_are_told_in_order() {
    assert_eq!(granted::names(), names());
}

fn an_unknown_name_is_none() {
    for name in ["", "third", "First", "first "] {
        assert_eq!(
            granted::take(name).map(drop),
            Err(ErrorCode::InvalidArgument),
            "{name:?}"
        );
    }
}

fn a_socket_is_taken_bound_and_once() {
    if names().is_empty() {
        return;
    }
    let socket = granted::take("first").expect("take");
    assert_eq!(socket.family(), IpFamily::Ipv4);
    let local = std_address(socket.local_address().expect("it is bound"));
    assert_eq!(drain(&socket), [Told::Listening(local)]);
    assert!(local.ip().is_loopback() && local.port() != 0, "{local}");
    assert_eq!(
        socket.bind(None, false).map(drop),
        Err(ErrorCode::InvalidState),
        "it is bound"
    );

    assert!(!wait_receive(&socket, 0), "nothing is there yet");
    let (peer, at) = bound(IpFamily::Ipv4);
    peer.send(b"question", Some(socket.local_address().expect("local")))
        .expect("send");
    assert_eq!(
        told(&socket),
        Told::Message(b"question".to_vec(), std_address(at)),
        "it receives"
    );
    socket.send(b"answer", Some(at)).expect("it replies");
    assert_eq!(receive(&peer), b"answer");

    assert_eq!(granted::take("first").map(drop), Err(ErrorCode::InvalidState));
    socket.close();
    assert_eq!(drain(&socket), [Told::Close]);
    assert_eq!(granted::take("first").map(drop), Err(ErrorCode::InvalidState));
    assert_eq!(granted::names(), names(), "names stay");
}

fn a_socket_that_was_dropped_is_gone() {
    if names().is_empty() {
        return;
    }
    let other = create(IpFamily::Ipv4);
    let socket = granted::take("second").expect("take");
    assert_eq!(socket.family(), IpFamily::Ipv6);
    assert!(socket.id() != 0 && socket.id() != other.id());
    drop(socket);
    assert_eq!(granted::take("second").map(drop), Err(ErrorCode::InvalidState));
}
