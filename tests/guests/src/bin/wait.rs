//! `wait`: several sockets and a timeout in one call.

use datagrant_conformance::bindings::sockets::Socket;
use datagrant_conformance::bindings::types::{ErrorCode, Interest};
use datagrant_conformance::bindings::wait::wait;
use datagrant_conformance::*;
use std::time::{Duration, Instant};

checks!(
    a_wait_without_a_timeout_has_no_end,
    one_wait_is_woken_by_each_of_two_sockets_and_by_its_timeout,
    a_timeout_of_0_only_looks,
    a_timeout_is_waited_for,
    nothing_to_wait_for_is_no_argument,
    an_unknown_id_is_refused,
    a_dropped_id_is_refused,
    a_closed_socket_is_ready_at_once,
    an_unbound_socket_is_ready_to_send_and_never_to_receive,
    events_of_own_calls_make_every_way_of_waiting_ready,
    a_ready_socket_does_not_hide_another,
    an_id_may_be_listed_twice,
    an_error_wakes,
    the_longest_timeout_is_no_mistake,
);

const MOMENT_NS: u64 = 30_000_000;

fn on(receive: &[&Socket], send: &[&Socket]) -> Interest {
    Interest {
        receive: receive.iter().map(|s| s.id()).collect(),
        send: send.iter().map(|s| s.id()).collect(),
    }
}

#[track_caller]
fn ready(on: &Interest, timeout: Option<u64>) -> (Vec<u32>, Vec<u32>) {
    let mut ready = wait(on, timeout).expect("wait");
    for list in [&mut ready.receive, &mut ready.send] {
        list.sort_unstable();
        list.dedup();
    }
    (ready.receive, ready.send)
}

/// Only when it is asked to: the test that does so looks at its time limit, and at the processor's time.
fn a_wait_without_a_timeout_has_no_end() {
    if std::env::var_os("WAIT_FOREVER").is_none() {
        return;
    }
    let unbound = create(IpFamily::Ipv4);
    let (a, _) = bound(IpFamily::Ipv4);
    let (b, _) = bound(IpFamily::Ipv6);
    println!("waiting");
    let woken = if std::env::var_os("WAIT_UNBOUND").is_some() {
        ready(&on(&[&unbound], &[]), None)
    } else {
        ready(&on(&[&unbound, &a, &b], &[]), None)
    };
    panic!("woken by nothing: {woken:?}");
}

fn one_wait_is_woken_by_each_of_two_sockets_and_by_its_timeout() {
    let (a, at_a) = bound(IpFamily::Ipv4);
    let (b, at_b) = bound(IpFamily::Ipv6);
    let both = on(&[&a, &b], &[]);
    assert_eq!(ready(&both, Some(MOMENT_NS)), (vec![], vec![]));
    create(IpFamily::Ipv4).send(b"a", Some(at_a)).expect("send");
    assert_eq!(ready(&both, Some(PATIENCE_NS)), (vec![a.id()], vec![]));
    assert_eq!(receive(&a), b"a");
    create(IpFamily::Ipv6).send(b"b", Some(at_b)).expect("send");
    assert_eq!(ready(&both, None), (vec![b.id()], vec![]));
    assert_eq!(receive(&b), b"b");
    // "Readiness is a hint": once it may tell of what was taken already.
    if ready(&both, Some(MOMENT_NS)) == (vec![b.id()], vec![]) {
        assert!(b.next_events(1).is_empty());
    }
    assert_eq!(ready(&both, Some(MOMENT_NS)), (vec![], vec![]));
}

fn a_timeout_of_0_only_looks() {
    let (a, at) = bound(IpFamily::Ipv4);
    assert_eq!(ready(&on(&[&a], &[]), Some(0)), (vec![], vec![]));
    create(IpFamily::Ipv4).send(b"a", Some(at)).expect("send");
    assert!(wait_receive(&a, PATIENCE_NS));
    assert_eq!(ready(&on(&[&a], &[]), Some(0)), (vec![a.id()], vec![]));
}

fn a_timeout_is_waited_for() {
    let (a, _) = bound(IpFamily::Ipv4);
    for interest in [on(&[&a], &[]), on(&[], &[])] {
        let start = Instant::now();
        assert_eq!(ready(&interest, Some(MOMENT_NS)), (vec![], vec![]));
        assert!(start.elapsed() >= Duration::from_nanos(MOMENT_NS));
    }
}

fn nothing_to_wait_for_is_no_argument() {
    assert_eq!(wait(&on(&[], &[]), None).map(drop), Err(ErrorCode::InvalidArgument));
}

#[track_caller]
fn refused(id: u32) {
    let (a, _) = bound(IpFamily::Ipv4);
    for (receive, send) in [(vec![id], vec![]), (vec![], vec![id]), (vec![a.id(), id], vec![a.id()])] {
        for timeout in [None, Some(0), Some(PATIENCE_NS)] {
            let interest = Interest {
                receive: receive.clone(),
                send: send.clone(),
            };
            assert_eq!(
                wait(&interest, timeout).map(drop),
                Err(ErrorCode::InvalidState),
                "{interest:?}"
            );
        }
    }
}

fn an_unknown_id_is_refused() {
    refused(0);
    refused(u32::MAX);
}

fn a_dropped_id_is_refused() {
    let (a, _) = bound(IpFamily::Ipv4);
    let id = a.id();
    drop(a);
    refused(id);
}

fn a_closed_socket_is_ready_at_once() {
    for taken in [false, true] {
        let (a, _) = bound(IpFamily::Ipv4);
        a.close();
        if taken {
            assert_eq!(drain(&a), [Told::Close]);
        }
        assert_eq!(ready(&on(&[&a], &[]), None), (vec![a.id()], vec![]));
        assert_eq!(ready(&on(&[], &[&a]), None), (vec![], vec![a.id()]));
    }
}

fn an_unbound_socket_is_ready_to_send_and_never_to_receive() {
    let a = create(IpFamily::Ipv4);
    assert_eq!(ready(&on(&[&a], &[]), Some(MOMENT_NS)), (vec![], vec![]));
    assert_eq!(ready(&on(&[], &[&a]), None), (vec![], vec![a.id()]));
    assert_eq!(ready(&on(&[&a], &[&a]), None), (vec![], vec![a.id()]));
}

fn events_of_own_calls_make_every_way_of_waiting_ready() {
    let a = create(IpFamily::Ipv4);
    a.bind(Some(any_port(IpFamily::Ipv4)), false).expect("bind");
    assert_eq!(ready(&on(&[&a], &[]), None), (vec![a.id()], vec![]));
    assert_eq!(ready(&on(&[], &[&a]), None), (vec![], vec![a.id()]));
    let _ = drain(&a);
    assert_eq!(ready(&on(&[&a], &[]), Some(MOMENT_NS)), (vec![], vec![]));
}

fn a_ready_socket_does_not_hide_another() {
    let closed = create(IpFamily::Ipv4);
    closed.close();
    let (a, at) = bound(IpFamily::Ipv4);
    create(IpFamily::Ipv4).send(b"a", Some(at)).expect("send");
    let both = on(&[&closed, &a], &[]);
    let until = Instant::now() + Duration::from_nanos(PATIENCE_NS);
    while !ready(&both, None).0.contains(&a.id()) {
        assert!(Instant::now() < until);
    }
}

fn an_id_may_be_listed_twice() {
    let (a, at) = bound(IpFamily::Ipv4);
    let twice = on(&[&a, &a], &[]);
    assert_eq!(ready(&twice, Some(0)), (vec![], vec![]));
    create(IpFamily::Ipv4).send(b"a", Some(at)).expect("send");
    assert_eq!(ready(&twice, None), (vec![a.id()], vec![]));
    assert_eq!(receive(&a), b"a");
}

fn an_error_wakes() {
    let nobody = closed_port(IpFamily::Ipv4);
    let a = create(IpFamily::Ipv4);
    a.connect(nobody).expect("connect");
    assert!(matches!(told(&a), Told::Listening(_)));
    assert!(matches!(told(&a), Told::Connect(_)));
    a.send(b"anybody there?", None).expect("send");
    assert_eq!(ready(&on(&[&a], &[]), None), (vec![a.id()], vec![]));
    assert_eq!(told(&a), Told::Error(ErrorCode::ConnectionRefused));
    assert_eq!(ready(&on(&[&a], &[]), Some(MOMENT_NS)), (vec![], vec![]));
}

fn the_longest_timeout_is_no_mistake() {
    let (a, at) = bound(IpFamily::Ipv4);
    create(IpFamily::Ipv4).send(b"a", Some(at)).expect("send");
    assert_eq!(ready(&on(&[&a], &[]), Some(u64::MAX)), (vec![a.id()], vec![]));
}
