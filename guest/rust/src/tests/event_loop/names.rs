//! Names: looked up by the loop, raced by close.

use std::cell::Cell;
use std::io;

use super::*;
use crate::event_loop::{Reply, SocketOptions};
use crate::provider::fake;
use crate::{BlockList, Error, ErrorCode};

/// Longer than any lookup takes.
fn run_for_a_while(events: &EventLoop, sockets: &[&Socket]) {
    for socket in sockets {
        socket.unref();
    }
    events.set_timeout(2 * SECOND, || ());
    events.run().unwrap();
}

#[test]
fn a_datagram_to_a_name_goes_when_the_answer_is_there() {
    fake::name("one.test", &["2001:db8::1", "127.0.0.1"]);
    let (events, one, log) = bound();
    let sender = events.socket(Family::Ipv4).unwrap();
    log.all("two", &sender);
    let sent = log.clone();
    let done = move |result: io::Result<usize>| sent.add(format!("sent {}", result.unwrap()));
    sender.send_with("hello", "one.test:1000", done).unwrap();
    log.is(&[]);
    one.on_message({
        let log = log.clone();
        move |one, data, from| {
            log.add(format!("got {} bytes from {from}", data.len()));
            one.unref();
        }
    });
    sender.unref();
    events.run().unwrap();
    log.is(&[
        "one listening 127.0.0.1:1000",
        "two listening 127.0.0.1:50002",
        "got 5 bytes from 127.0.0.1:50002",
        "sent 5",
    ]);
    assert_eq!(fake::lookups(), (1, 0));
}

#[test]
fn numeric_addresses_and_localhost_are_not_looked_up() {
    let (events, one, _) = bound();
    for to in ["127.0.0.1:9", "localhost:9", "a.localhost:9", "0.0.0.0:9"] {
        one.send("x", to).unwrap();
    }
    one.send("x", 9).unwrap();
    one.send("x", ("", 9)).unwrap();
    one.unref();
    events.run().unwrap();
    assert_eq!(fake::lookups(), (0, 0));
}

#[test]
fn no_address_and_the_unspecified_one_are_loopback() {
    let (events, one, _) = bound();
    let two = events.socket(Family::Ipv4).unwrap();
    let count = Rc::new(Cell::new(0));
    one.on_message({
        let count = count.clone();
        move |_, _, _| count.set(count.get() + 1)
    });
    two.send("x", 1000).unwrap();
    two.send("x", ("", 1000)).unwrap();
    two.send("x", "0.0.0.0:1000").unwrap();
    two.connect(1000).unwrap();
    two.send_connected("x").unwrap();
    one.unref();
    two.unref();
    events.run().unwrap();
    assert_eq!(count.get(), 4);
}

#[test]
fn later_sends_overtake_a_lookup_and_those_of_one_name_keep_their_order() {
    fake::name("one.test", &["127.0.0.1"]);
    let (events, one, log) = bound();
    let two = events.socket(Family::Ipv4).unwrap();
    two.send("first by name", "one.test:1000").unwrap();
    two.send("second by name", "one.test:1000").unwrap();
    two.send("numeric", "127.0.0.1:1000").unwrap();
    run_for_a_while(&events, &[&one, &two]);
    log.is(&[
        "one listening 127.0.0.1:1000",
        "one got numeric from 127.0.0.1:50002",
        "one got first by name from 127.0.0.1:50002",
        "one got second by name from 127.0.0.1:50002",
    ]);
    assert_eq!(fake::lookups().0, 1, "one lookup serves both");
}

#[test]
fn a_lookup_that_fails_is_told_to_the_callback_or_else_is_an_event() {
    fake::fail_name("denied.test", ErrorCode::AccessDenied);
    let (events, one, log) = bound();
    let told = |log: &Log| {
        let log = log.clone();
        move |result: io::Result<usize>| log.add(format!("told {}", result.unwrap_err()))
    };
    one.send_with("x", "nowhere.test:9", told(&log)).unwrap();
    one.send("x", "nowhere.test:9").unwrap();
    one.send_with("x", "denied.test:9", told(&log)).unwrap();
    let connected = log.clone();
    one.connect_with("nowhere.test:9", move |result| {
        connected.add(format!("connect {}", result.unwrap_err()));
    })
    .unwrap();
    one.unref();
    events.run().unwrap();
    log.is(&[
        "one listening 127.0.0.1:1000",
        "told getaddrinfo EACCES denied.test: access denied",
        "told getaddrinfo ENOTFOUND nowhere.test: no such name",
        "one error getaddrinfo ENOTFOUND nowhere.test: no such name",
        "connect getaddrinfo ENOTFOUND nowhere.test: no such name",
    ]);
    one.connect("127.0.0.1:9").unwrap();
}

#[test]
fn a_close_during_a_lookup_is_silent() {
    fake::name("a.test", &["127.0.0.1"]);
    let (events, log) = (EventLoop::new(), Log::default());
    for step in 0..4 {
        let socket = events.socket(Family::Ipv4).unwrap();
        log.all("it", &socket);
        let unseen = log.clone();
        match step {
            0 => socket.bind("a.test:1000").unwrap(),
            1 => socket.connect("a.test:1000").unwrap(),
            2 => socket.send_with("x", "a.test:9", move |_| unseen.add("told")).unwrap(),
            _ => socket.send("x", "nowhere.test:9").unwrap(),
        }
        assert_eq!(fake::lookups().1, 1);
        socket.close().unwrap();
        assert_eq!(fake::lookups().1, 0, "and ends the lookup");
    }
    events.run().unwrap();
    log.is(&["it closed"; 4]);
    assert_eq!(fake::open(), 0);
}

#[test]
fn a_lookup_for_two_sockets_goes_on_for_the_one_that_is_open() {
    fake::name("a.test", &["127.0.0.1"]);
    let (events, one, log) = bound();
    let two = events.socket(Family::Ipv4).unwrap();
    two.send("from two", "a.test:1000").unwrap();
    one.send("from one", "a.test:1000").unwrap();
    two.close().unwrap();
    run_for_a_while(&events, &[&one]);
    log.is(&["one listening 127.0.0.1:1000", "one got from one from 127.0.0.1:1000"]);
}

#[test]
fn sends_and_connects_wait_while_the_name_to_bind_to_is_looked_up() {
    fake::name("here.test", &["127.0.0.1"]);
    let (events, one, log) = bound();
    let two = events.socket(Family::Ipv4).unwrap();
    log.all("two", &two);
    two.bind("here.test:2000").unwrap();
    let again = two.bind("127.0.0.1:2001").unwrap_err();
    assert_eq!(Error::of(&again).unwrap().name(), "ERR_SOCKET_ALREADY_BOUND");
    two.send("waited", "127.0.0.1:1000").unwrap();
    two.connect("127.0.0.1:1000").unwrap();
    let again = two.connect("127.0.0.1:1000").unwrap_err();
    assert_eq!(Error::of(&again).unwrap().name(), "ERR_SOCKET_DGRAM_IS_CONNECTED");
    one.unref();
    two.unref();
    events.run().unwrap();
    log.is(&[
        "one listening 127.0.0.1:1000",
        "one got waited from 127.0.0.1:2000",
        "two listening 127.0.0.1:2000",
        "two connected 127.0.0.1:1000",
    ]);
}

#[test]
fn what_waits_for_a_bind_that_fails_is_dropped() {
    let (events, log) = (EventLoop::new(), Log::default());
    let socket = events.socket(Family::Ipv4).unwrap();
    log.all("it", &socket);
    socket.bind("nowhere.test:1000").unwrap();
    let unseen = log.clone();
    socket
        .send_with("x", "127.0.0.1:9", move |_| unseen.add("told"))
        .unwrap();
    socket.connect("127.0.0.1:9").unwrap();
    events.run().unwrap();
    log.is(&["it error getaddrinfo ENOTFOUND nowhere.test: no such name"]);
    socket.connect("127.0.0.1:9").unwrap();
}

#[test]
fn an_own_lookup_answers_in_place_of_the_contracts() {
    let (events, one, log) = bound();
    let (asked, later) = (log.clone(), events.clone());
    let own = move |name: &str, family: Family, reply: Reply| {
        asked.add(format!("{family} {name}"));
        match name {
            "now.test" => reply.answer(Ok("127.0.0.1".parse().unwrap())),
            "later.test" => {
                let answer = move || reply.answer(Ok("127.0.0.1".parse().unwrap()));
                later.set_timeout(SECOND, answer);
            }
            "six.test" => reply.answer(Ok("::1".parse().unwrap())),
            _ => drop(reply),
        }
    };
    let two = events
        .socket_with(SocketOptions::new(Family::Ipv4).lookup(own))
        .unwrap();
    let errors = log.clone();
    two.on_error(move |_, error| errors.add(error.to_string()));
    for name in ["later", "now", "six", "dropped"] {
        two.send(name, (format!("{name}.test"), 1000)).unwrap();
    }
    two.send("literal", "127.0.0.1:1000").unwrap();
    log.is(&["IPv4 later.test", "IPv4 now.test", "IPv4 six.test", "IPv4 dropped.test"]);
    run_for_a_while(&events, &[&one, &two]);
    let seen = log.0.borrow()[4..].join("\n");
    let expected = [
        "one listening 127.0.0.1:1000",
        "one got literal from 127.0.0.1:50002",
        "one got now from 127.0.0.1:50002",
        "getaddrinfo [::1]:1000: not an address of the socket's family",
        "getaddrinfo EAI_AGAIN dropped.test: the resolver failed for now",
        "one got later from 127.0.0.1:50002",
    ];
    assert_eq!(seen, expected.join("\n"));
    assert_eq!(fake::lookups(), (0, 0));
}

#[test]
fn a_name_on_the_block_list_is_blocked_by_its_address() {
    fake::name("bad.test", &["192.0.2.1"]);
    let mut list = BlockList::new();
    list.add_address("192.0.2.1".parse().unwrap());
    let (events, log) = (EventLoop::new(), Log::default());
    let options = SocketOptions::new(Family::Ipv4).send_block_list(list);
    let socket = events.socket_with(options).unwrap();
    let told = log.clone();
    let done = move |result: io::Result<usize>| {
        let error = result.unwrap_err();
        told.add(format!("{} {error}", Error::of(&error).unwrap().name()));
    };
    socket.send_with("x", "bad.test:9", done).unwrap();
    socket.unref();
    events.run().unwrap();
    log.is(&["ERR_IP_BLOCKED send 192.0.2.1:9: on the socket's own block list"]);
}

#[test]
fn the_loop_looks_names_up_for_the_program() {
    fake::name("a.test", &["192.0.2.1", "2001:db8::1"]);
    let (events, log) = (EventLoop::new(), Log::default());
    for family in [None, Some(Family::Ipv6)] {
        let told = log.clone();
        events.lookup("a.test", family, move |all| told.add(format!("{:?}", all.unwrap())));
    }
    let told = log.clone();
    events.lookup("nowhere.test", None, move |all| all.map(|_| told.add("found")));
    assert_eq!(events.run().unwrap_err().kind(), io::ErrorKind::NotFound);
    log.is(&["[192.0.2.1, 2001:db8::1]", "[2001:db8::1]"]);
    assert_eq!(fake::lookups(), (3, 0));
}
