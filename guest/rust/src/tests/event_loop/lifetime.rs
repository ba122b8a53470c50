//! When the loop ends, and what is left then.

use super::*;
use crate::provider::fake;

#[test]
fn an_empty_loop_ends_at_once() {
    let events = EventLoop::new();
    events.run().unwrap();
    let _unbound = events.socket(Family::Ipv4).unwrap();
    events.run().unwrap();
    assert_eq!(fake::waits(), 0);
}

#[test]
#[should_panic(expected = "waits for ever")]
fn a_bound_socket_keeps_the_loop_although_its_handle_is_gone() {
    let (events, socket, _) = bound();
    drop(socket);
    events.run().unwrap();
}

#[test]
fn an_unbound_socket_goes_with_its_last_handle() {
    let events = EventLoop::new();
    let socket = events.socket(Family::Ipv4).unwrap();
    let clone = socket.clone();
    drop(socket);
    assert_eq!(fake::open(), 1);
    drop(clone);
    assert_eq!(fake::open(), 0);
}

#[test]
fn unref_lets_the_loop_end_and_re_ref_takes_it_back() {
    let (events, socket, log) = bound();
    assert!(!socket.unref().unref().has_ref());
    events.run().unwrap();
    log.is(&["one listening 127.0.0.1:1000"]);
    assert!(socket.re_ref().has_ref());
    let other = socket.clone();
    events.set_timeout(SECOND, move || other.close()).unref();
    events.run().unwrap();
    log.is(&["one listening 127.0.0.1:1000", "one closed"]);
}

#[test]
fn an_unrefed_timer_does_not_keep_the_loop() {
    let (events, log) = (EventLoop::new(), Log::default());
    let seen = log.clone();
    let timer = events.set_interval(SECOND, move || seen.add("tick"));
    timer.unref();
    events.run().unwrap();
    let other = events.set_timeout(2 * SECOND, || ());
    assert!(other.has_ref() && !timer.has_ref());
    events.run().unwrap();
    log.is(&["tick", "tick"]);
}

#[test]
fn dropping_the_loop_closes_its_sockets() {
    let (events, socket, _) = bound();
    drop(socket);
    assert_eq!(fake::open(), 1);
    drop(events);
    assert_eq!(fake::open(), 0);
}

#[test]
fn a_socket_survives_its_loop() {
    let (events, socket, _) = bound();
    drop(events);
    assert!(socket.event_loop().is_none());
    socket.send("x", "127.0.0.1:9").unwrap();
    socket.close().unwrap();
    assert!(socket.close().is_err());
}

#[test]
fn many_sockets_leave_nothing_behind() {
    let events = EventLoop::new();
    for _ in 0..1_000 {
        let socket = events.socket(Family::Ipv4).unwrap();
        let own = socket.clone(); // a cycle, which closing ends
        socket.on_message(move |_, _, _| drop(own.clone()));
        socket.bind("127.0.0.1:1000").unwrap();
        socket.close().unwrap();
    }
    events.run().unwrap();
    assert_eq!(fake::open(), 0);
}
