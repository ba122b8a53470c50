//! `poll`: pollables for one wait.

use datagrant_conformance::bindings::sockets::Socket;
use datagrant_conformance::*;
use generated::datagrant::dgram::poll::subscribe;
use generated::wasi::io::poll::{Pollable, poll};

mod generated {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "poll-imports",
        with: {
            "datagrant:dgram/types@0.1.0": datagrant_conformance::bindings::types,
            "datagrant:dgram/sockets@0.1.0": datagrant_conformance::bindings::sockets,
            "datagrant:dgram/name-lookup@0.1.0": datagrant_conformance::bindings::name_lookup,
            "datagrant:dgram/bursts@0.1.0": datagrant_conformance::bindings::bursts,
            "datagrant:dgram/zones@0.1.0": datagrant_conformance::bindings::zones,
            "datagrant:dgram/granted@0.1.0": datagrant_conformance::bindings::granted,
            "datagrant:dgram/wait@0.1.0": datagrant_conformance::bindings::wait,
        },
        generate_all,
    });
}

use datagrant_conformance::bindings::types::Direction;

checks!(
    a_datagram_makes_it_ready,
    one_poll_is_woken_by_each_of_two_sockets,
    a_bound_socket_is_ready_to_send,
    an_unbound_socket_is_ready_to_send_and_never_to_receive,
    pending_events_make_the_list_empty,
    a_closed_socket_makes_the_list_empty,
    without_a_direction_the_list_is_empty,
    dropped_pollables_leave_the_socket_free,
);

/// Whether a socket is ready in a direction, without waiting.
fn is_ready(socket: &Socket, direction: Direction) -> bool {
    let list = subscribe(socket, direction);
    list.is_empty() || list.iter().any(Pollable::ready)
}

/// Waits for a socket, until it is ready.
fn wait_for(sockets: &[&Socket]) {
    let list: Vec<Pollable> = sockets.iter().flat_map(|s| subscribe(s, Direction::RECEIVE)).collect();
    assert!(!list.is_empty(), "ready at once");
    assert!(!poll(&list.iter().collect::<Vec<_>>()).is_empty());
}

fn a_datagram_makes_it_ready() {
    for family in FAMILIES {
        let (a, at) = bound(family);
        assert!(!is_ready(&a, Direction::RECEIVE));
        create(family).send(b"a", Some(at)).expect("send");
        wait_for(&[&a]);
        assert!(is_ready(&a, Direction::RECEIVE));
        assert_eq!(receive(&a), b"a");
        assert!(!is_ready(&a, Direction::RECEIVE));
    }
}

fn one_poll_is_woken_by_each_of_two_sockets() {
    let (a, at_a) = bound(IpFamily::Ipv4);
    let (b, at_b) = bound(IpFamily::Ipv4);
    for (socket, at) in [(&a, at_a), (&b, at_b), (&a, at_a)] {
        create(IpFamily::Ipv4).send(b"x", Some(at)).expect("send");
        wait_for(&[&a, &b]);
        assert_eq!(receive(socket), b"x");
    }
}

fn a_bound_socket_is_ready_to_send() {
    let (a, _) = bound(IpFamily::Ipv4);
    assert!(is_ready(&a, Direction::SEND));
    assert!(is_ready(&a, Direction::SEND | Direction::RECEIVE));
}

fn an_unbound_socket_is_ready_to_send_and_never_to_receive() {
    let a = create(IpFamily::Ipv4);
    assert!(is_ready(&a, Direction::SEND));
    assert!(is_ready(&a, Direction::SEND | Direction::RECEIVE));
    let list = subscribe(&a, Direction::RECEIVE);
    assert!(!list.is_empty());
    assert!(!list.iter().any(Pollable::ready));
}

fn pending_events_make_the_list_empty() {
    let a = create(IpFamily::Ipv4);
    a.bind(Some(any_port(IpFamily::Ipv4)), false).expect("bind");
    assert!(is_ready(&a, Direction::RECEIVE));
    assert!(is_ready(&a, Direction::SEND));
    let _ = drain(&a);
    assert!(!is_ready(&a, Direction::RECEIVE));
}

fn a_closed_socket_makes_the_list_empty() {
    let (a, _) = bound(IpFamily::Ipv4);
    a.close();
    let _ = drain(&a);
    assert!(is_ready(&a, Direction::RECEIVE));
    assert!(is_ready(&a, Direction::SEND));
}

fn without_a_direction_the_list_is_empty() {
    let (a, _) = bound(IpFamily::Ipv4);
    assert!(subscribe(&a, Direction::empty()).is_empty());
}

fn dropped_pollables_leave_the_socket_free() {
    let (a, at_a) = bound(IpFamily::Ipv4);
    let (b, at_b) = bound(IpFamily::Ipv4);
    assert!(!is_ready(&a, Direction::RECEIVE));
    a.connect(at_b).expect("connect");
    b.send(b"x", Some(at_a)).expect("send");
    assert_eq!(told(&a), Told::Connect(std_address(at_b)));
    assert_eq!(receive(&a), b"x");
    assert!(!is_ready(&a, Direction::RECEIVE));
    a.disconnect().expect("disconnect");
    assert!(!is_ready(&a, Direction::RECEIVE));
    a.close();
    assert_eq!(drain(&a), [Told::Close]);
}
