//! The loop takes bursts from the provider, and sends what is queued as bursts.

use super::*;
use crate::bindings::types::Event;
use crate::provider::fake;
use crate::{ErrorCode, burst::Options};

fn inject(socket: &Socket, texts: &[&str]) {
    for text in texts {
        fake::inject(socket.id(), fake::message("192.0.2.1:9", text.as_bytes()));
    }
}

const GOT: &str = "from 192.0.2.1:9";

#[test]
fn datagrams_and_other_events_come_in_order_with_and_without_bursts() {
    for absent in [false, true] {
        if absent {
            fake::bursts::absent();
        }
        let (events, one, log) = bound();
        inject(&one, &["a", "b"]);
        fake::inject(one.id(), Event::Error(ErrorCode::ConnectionRefused));
        inject(&one, &["c"]);
        one.unref();
        events.run().unwrap();
        log.is(&[
            "one listening 127.0.0.1:1000",
            &format!("one got a {GOT}"),
            &format!("one got b {GOT}"),
            "one error recvmsg ECONNREFUSED: connection refused",
            &format!("one got c {GOT}"),
        ]);
        one.close().unwrap();
        events.run().unwrap();
    }
}

#[test]
fn a_callback_may_close_or_connect_while_a_datagram_is_lent_to_it() {
    let (events, one, log) = bound();
    let seen = log.clone();
    one.on_message(move |one, data, from| {
        seen.add(String::from_utf8_lossy(data));
        if data == b"a" { one.connect(from) } else { one.close() }
    });
    fake::inject(one.id(), fake::message("192.0.2.7:9", b"a"));
    inject(&one, &["b"]);
    fake::inject(one.id(), fake::message("192.0.2.7:9", b"c"));
    inject(&one, &["d"]);
    fake::inject(one.id(), fake::message("192.0.2.7:9", b"e"));
    events.run().unwrap();
    log.is(&["one listening 127.0.0.1:1000", "a", "c", "one closed"]);
}

#[test]
fn datagrams_that_came_together_are_messages_of_their_own() {
    let (events, one, log) = bound();
    one.with_raw("", None, |raw| fake::bursts::configure(raw, Options::COALESCE))
        .unwrap();
    inject(&one, &["aa", "bb", "c"]);
    one.unref();
    events.run().unwrap();
    let got = |text| format!("one got {text} {GOT}");
    log.is(&["one listening 127.0.0.1:1000", &got("aa"), &got("bb"), &got("c")]);
}

#[test]
fn two_own_events_are_both_told_although_nothing_keeps_the_loop() {
    let (events, log) = (EventLoop::new(), Log::default());
    let one = events.socket(Family::Ipv4).unwrap();
    log.all("one", &one);
    one.connect("127.0.0.1:2000").unwrap();
    one.unref();
    events.run().unwrap();
    log.is(&["one listening 127.0.0.1:50001", "one connected 127.0.0.1:2000"]);
}

#[test]
fn what_is_queued_goes_as_a_burst_and_each_is_told_its_own() {
    fake::deny("127.0.0.1:53");
    for absent in [false, true] {
        if absent {
            fake::bursts::absent();
        }
        let (events, one, log) = bound();
        fake::set_room(one.id(), 0);
        for (data, to) in [
            ("a", 9),
            ("bb", 9),
            ("ccc", 53),
            ("dddd", 10),
            ("eeeee", 9),
            ("ffffff", 9),
        ] {
            let done = log.clone();
            one.send_with(data, ("127.0.0.1", to), move |result| {
                done.add(result.map_or_else(|e| e.to_string(), |n| n.to_string()));
            })
            .unwrap();
        }
        let (id, calls) = (one.id(), fake::bursts::calls());
        fake::later(SECOND, move || fake::set_room(id, 5));
        one.unref();
        events.run().unwrap();
        let denied = "send EACCES 127.0.0.1:53: access denied";
        log.is(&["one listening 127.0.0.1:1000", "1", "2", denied, "4", "5", "6"]);
        assert!(fake::bursts::calls() - calls <= 8);
        one.close().unwrap();
        events.run().unwrap();
    }
}

#[test]
fn a_burst_of_the_queue_stops_where_the_room_ends() {
    let (events, one, log) = bound();
    fake::set_room(one.id(), 0);
    for _ in 0..5 {
        let done = log.clone();
        one.send_with("x", "127.0.0.1:9", move |result| {
            done.add(format!("sent {}", result.unwrap()))
        })
        .unwrap();
    }
    let id = one.id();
    fake::later(SECOND, move || fake::set_room(id, 3));
    let (other, seen) = (one.clone(), log.clone());
    events.set_timeout(2 * SECOND, move || {
        seen.add(format!("{} wait", other.send_queue_count()))
    });
    fake::later(3 * SECOND, move || fake::set_room(id, 3));
    one.unref();
    events.run().unwrap();
    let listening = "one listening 127.0.0.1:1000";
    log.is(&[listening, "sent 1", "sent 1", "sent 1", "2 wait", "sent 1", "sent 1"]);
    assert_eq!((one.send_queue_count(), one.send_queue_bytes()), (0, 0));
}
