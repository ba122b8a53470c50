use std::cell::Cell;

use super::*;
use crate::provider::fake;

#[test]
fn a_completion_is_told_by_the_loop_and_never_inside_send() {
    let (events, one, log) = bound();
    let done = log.clone();
    one.send_with("hello", "127.0.0.1:9", move |result| {
        done.add(format!("sent {}", result.unwrap()))
    })
    .unwrap();
    log.is(&[]);
    one.unref();
    events.run().unwrap();
    log.is(&["one listening 127.0.0.1:1000", "sent 5"]);
}

#[test]
fn an_error_goes_to_the_callback_or_else_is_an_event() {
    fake::deny("192.0.2.1:53");
    let (events, one, log) = bound();
    let done = log.clone();
    one.send_with("x", "192.0.2.1:53", move |result| {
        done.add(result.unwrap_err().to_string())
    })
    .unwrap();
    one.send("x", "192.0.2.1:53").unwrap();
    one.send("x", "example.com:53").unwrap();
    one.send("x", "[::1]:53").unwrap();
    one.send(vec![0; 70_000], "127.0.0.1:9").unwrap();
    one.unref();
    events.run().unwrap();
    log.is(&[
        "one listening 127.0.0.1:1000",
        "send EACCES 192.0.2.1:53: access denied",
        "one error send EACCES 192.0.2.1:53: access denied",
        "one error send [::1]:53: not an address of the socket's family",
        "one error send EMSGSIZE 127.0.0.1:9: datagram too large",
        "one error getaddrinfo ENOTFOUND example.com: no such name",
    ]);
}

#[test]
fn what_finds_no_room_is_queued_and_goes_in_order() {
    let (events, one, log) = bound();
    let two = events.socket(Family::Ipv4).unwrap();
    two.bind("127.0.0.1:2000").unwrap();
    log.all("two", &two);
    fake::set_room(one.id(), 1);
    for data in ["a", "bb", "ccc"] {
        let done = log.clone();
        let told = move |result: std::io::Result<usize>| done.add(format!("sent {}", result.unwrap()));
        one.send_with(data, "127.0.0.1:2000", told).unwrap();
    }
    assert_eq!((one.send_queue_count(), one.send_queue_bytes()), (2, 5));
    let id = one.id();
    fake::later(SECOND, move || fake::set_room(id, 1));
    fake::later(2 * SECOND, move || fake::set_room(id, 1));
    one.unref();
    two.unref();
    events.run().unwrap();
    log.is(&[
        "one listening 127.0.0.1:1000",
        "two listening 127.0.0.1:2000",
        "two got a from 127.0.0.1:1000",
        "sent 1",
        "sent 2",
        "two got bb from 127.0.0.1:1000",
        "sent 3",
    ]);
    assert_eq!((one.send_queue_count(), one.send_queue_bytes()), (0, 0));
    assert_eq!((fake::elapsed(), fake::waits() <= 6), (2 * SECOND, true));
}

#[test]
fn closing_tells_callbacks_of_queued_datagrams_before_the_close() {
    let (events, one, log) = bound();
    fake::set_room(one.id(), 0);
    let done = log.clone();
    one.send_with("x", "127.0.0.1:9", move |result| {
        done.add(result.unwrap_err().to_string())
    })
    .unwrap();
    one.send("y", "127.0.0.1:9").unwrap();
    one.close().unwrap();
    assert_eq!(one.send_queue_count(), 0);
    events.run().unwrap();
    log.is(&["send: the socket was closed before the datagram went", "one closed"]);
}

#[test]
fn a_callback_may_send_and_completions_do_not_starve_messages() {
    let (events, one, log) = bound();
    fn again(socket: Socket, left: Rc<Cell<u32>>) {
        left.set(left.get() - 1);
        if left.get() > 0 {
            let next = socket.clone();
            socket
                .send_with("x", "127.0.0.1:9", move |_| again(next, left))
                .unwrap();
        }
    }
    let left = Rc::new(Cell::new(1000));
    again(one.clone(), left.clone());
    fake::inject(one.id(), fake::message("192.0.2.1:9", b"x"));
    let (seen, then) = (log.clone(), left.clone());
    one.on_message(move |_, _, _| seen.add(format!("message with {} left", then.get())));
    one.unref();
    events.run().unwrap();
    log.is(&["one listening 127.0.0.1:1000", "message with 999 left"]);
    assert_eq!(left.get(), 0);
}
