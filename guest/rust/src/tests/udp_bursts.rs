//! Bursts of the blocking socket, over the network of the unit tests.

use std::io::ErrorKind;
use std::time::Duration;

use crate::bindings::types::Event;
use crate::burst::{Burst, Options, SendBurst, Sent, sent};
use crate::provider::{BATCH, fake};
use crate::{ErrorCode, UdpSocket};

const SECOND: Duration = Duration::from_secs(1);

fn pair() -> (UdpSocket, UdpSocket) {
    let bind = |at| UdpSocket::bind(at).unwrap();
    (bind("127.0.0.1:1000"), bind("127.0.0.1:2000"))
}

fn texts(burst: &Burst) -> Vec<&str> {
    burst
        .datagrams()
        .map(|d| std::str::from_utf8(d.data).unwrap())
        .collect()
}

/// To the second of the pair.
fn letters(letters: &[&str]) -> SendBurst {
    let mut burst = SendBurst::new();
    for text in letters {
        burst.push(
            text.as_bytes(),
            "127.0.0.1:2000".parse::<std::net::SocketAddr>().unwrap(),
        );
    }
    burst
}

fn both(test: impl Fn()) {
    test();
    fake::bursts::absent();
    test();
}

#[test]
fn a_burst_goes_there_and_back() {
    both(|| {
        let (one, two) = pair();
        let sent = one.send_burst(&letters(&["a", "", "bcd"])).unwrap();
        assert_eq!((sent.headers, sent.partial), (3, 0));
        let burst = two.recv_burst(64).unwrap();
        assert_eq!(texts(&burst), ["a", "", "bcd"]);
        two.send_burst(&burst.into()).unwrap();
        assert_eq!(one.recv_burst(2).unwrap().len(), 2);
        let mut buffer = [0; 9];
        let (length, from) = one.recv_from(&mut buffer).unwrap();
        assert_eq!((&buffer[..length], from), (&b"bcd"[..], two.local_addr().unwrap()));
    });
}

#[test]
fn bursts_and_single_receives_may_be_mixed() {
    both(|| {
        let (one, two) = pair();
        one.send_burst(&letters(&["a", "b", "c", "d"])).unwrap();
        two.recv(&mut [0; 9]).unwrap();
        one.send_burst(&letters(&["e"])).unwrap();
        assert_eq!(texts(&two.recv_burst(2).unwrap()), ["b", "c"]);
        two.peek(&mut [0; 9]).unwrap();
        assert_eq!(texts(&two.recv_burst(2).unwrap()), ["d"]);
        assert_eq!(texts(&two.recv_burst(2).unwrap()), ["e"]);
        assert!(two.recv_burst(0).unwrap().is_empty());
    });
}

#[test]
fn a_burst_is_waited_for_and_tells_errors_as_a_receive_does() {
    let (one, _two) = pair();
    let id = one.id();
    fake::later(SECOND, move || fake::inject(id, fake::message("192.0.2.1:9", b"late")));
    assert_eq!(texts(&one.recv_burst(9).unwrap()), ["late"]);
    assert_eq!(fake::elapsed(), SECOND);
    one.set_read_timeout(Some(SECOND)).unwrap();
    assert_eq!(one.recv_burst(9).unwrap_err().kind(), ErrorKind::WouldBlock);
    one.set_nonblocking(true).unwrap();
    assert_eq!(one.recv_burst(9).unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(fake::elapsed(), 2 * SECOND);
    fake::inject(id, Event::Error(ErrorCode::ConnectionRefused));
    assert_eq!(one.recv_burst(9).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    fake::inject(id, Event::Close);
    let error = one.recv_burst(9).unwrap_err();
    assert_eq!(error.to_string(), "recvmsg: the provider has closed the socket");
}

#[test]
fn datagrams_that_the_kernel_put_together_are_received_one_by_one() {
    let (one, two) = pair();
    assert_eq!(two.configure_bursts(Options::COALESCE).unwrap(), Options::COALESCE);
    one.send_burst(&letters(&["aa", "bb", "c", "dd"])).unwrap();
    let mut buffer = [0; 9];
    assert_eq!(two.recv(&mut buffer).unwrap(), 2);
    let burst = two.recv_burst(9).unwrap();
    assert_eq!((texts(&burst), burst.len()), (vec!["bb", "c", "dd"], 2));
}

#[test]
fn packet_info_tells_where_a_datagram_arrived() {
    let (one, two) = pair();
    two.configure_bursts(Options::PACKET_INFO | Options::ECN).unwrap();
    one.send_burst(&letters(&["a"])).unwrap();
    let burst = two.recv_burst(9).unwrap();
    let told = burst.datagrams().next().unwrap();
    assert_eq!(
        (told.local, told.interface, told.ecn),
        (Some([127, 0, 0, 1].into()), Some(1), 2)
    );
    fake::bursts::absent();
    assert_eq!(one.configure_bursts(Options::all()).unwrap(), Options::empty());
}

#[test]
fn a_burst_waits_for_room_and_nothing_goes_twice() {
    both(|| {
        let (one, two) = pair();
        let (id, start) = (one.id(), fake::elapsed());
        let mut burst = letters(&["a"]);
        burst.push_segmented(b"bbccddee", 2, two.local_addr().unwrap());
        burst.push(b"f", two.local_addr().unwrap());
        fake::set_room(id, 2);
        fake::later(SECOND, move || fake::set_room(id, 1));
        fake::later(2 * SECOND, move || fake::set_room(id, 9));
        assert_eq!(one.send_burst(&burst).unwrap().headers, 3);
        assert_eq!(texts(&two.recv_burst(9).unwrap()), ["a", "bb", "cc", "dd", "ee", "f"]);
        assert_eq!(fake::elapsed() - start, 2 * SECOND);
    });
}

#[test]
fn a_provider_that_stops_within_a_header_is_asked_for_the_rest() {
    let (one, two) = pair();
    let mut burst = SendBurst::new();
    burst.push_segmented(b"aabbc", 2, two.local_addr().unwrap());
    fake::bursts::stop_within(one.id(), 2);
    one.send_burst(&burst).unwrap();
    assert_eq!(texts(&two.recv_burst(9).unwrap()), ["aa", "bb", "c"]);
}

#[test]
fn an_error_tells_how_much_went_and_the_rest_can_be_sent() {
    both(|| {
        fake::deny("127.0.0.1:53");
        let (one, two) = pair();
        let to = two.local_addr().unwrap();
        let mut burst = letters(&["a", "b"]);
        burst.push(b"denied", "127.0.0.1:53".parse::<std::net::SocketAddr>().unwrap());
        burst.push_segmented(b"ccdd", 2, to);
        let error = one.send_burst(&burst).unwrap_err();
        assert_eq!(error.to_string(), "send EACCES 127.0.0.1:53: access denied");
        let went = sent(&error).unwrap();
        assert_eq!((went.headers, went.partial), (2, 0));
        fake::set_room(one.id(), 1);
        one.set_nonblocking(true).unwrap();
        let (headers, partial) = (3, 0);
        let error = one.send_burst_from(&burst, Sent { headers, partial }).unwrap_err();
        let went = sent(&error).unwrap();
        assert_eq!(
            (error.kind(), went.headers, went.partial),
            (ErrorKind::WouldBlock, 3, 2)
        );
        fake::set_room(one.id(), 9);
        assert_eq!(one.send_burst_from(&burst, went).unwrap().headers, 4);
        assert_eq!(texts(&two.recv_burst(9).unwrap()), ["a", "b", "cc", "dd"]);
    });
}

#[test]
fn a_wait_that_times_out_tells_how_much_went() {
    let (one, _two) = pair();
    one.set_write_timeout(Some(SECOND)).unwrap();
    fake::set_room(one.id(), 1);
    let error = one.send_burst(&letters(&["a", "b"])).unwrap_err();
    assert_eq!(
        (error.kind(), sent(&error).unwrap().headers),
        (ErrorKind::WouldBlock, 1)
    );
}

#[test]
fn a_connected_socket_sends_without_remotes() {
    both(|| {
        let (one, two) = pair();
        one.connect("127.0.0.1:2000").unwrap();
        let mut burst = SendBurst::new();
        burst.push(b"a", None).push_segmented(b"bc", 1, None);
        one.send_burst(&burst).unwrap();
        assert_eq!(texts(&two.recv_burst(9).unwrap()), ["a", "b", "c"]);
        let error = one.send_burst(&letters(&["x"])).unwrap_err();
        assert_eq!(sent(&error).unwrap(), Sent::default());
        fake::inject(one.id(), Event::Error(ErrorCode::ConnectionRefused));
        let error = one.send_burst(&burst).unwrap_err();
        assert_eq!(
            (error.kind(), sent(&error)),
            (ErrorKind::ConnectionRefused, Some(Sent::default()))
        );
        one.send_burst(&burst).unwrap();
    });
}

#[test]
fn single_receives_take_bursts_and_keep_no_more_than_one_batch() {
    let (one, two) = pair();
    let many = letters(&["x"; 100]);
    one.send_burst(&many).unwrap();
    let before = fake::bursts::calls();
    for _ in 0..100 {
        two.recv(&mut [0; 9]).unwrap();
    }
    assert_eq!(fake::bursts::calls() - before, 100usize.div_ceil(BATCH));
    two.connect("127.0.0.1:1000").unwrap();
    one.send_burst(&many).unwrap();
    for _ in 0..100 {
        two.send(b"x").unwrap();
        assert!(fake::events(two.id()) >= 100 - BATCH);
    }
}

#[test]
fn a_provider_without_bursts_is_served_as_before() {
    fake::bursts::absent();
    let (one, two) = pair();
    for text in ["a", "b"] {
        one.send_to(text.as_bytes(), "127.0.0.1:2000").unwrap();
    }
    fake::inject(two.id(), Event::Error(ErrorCode::ConnectionRefused));
    assert_eq!(two.recv(&mut [0; 9]).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    assert_eq!((two.recv(&mut [0; 9]).unwrap(), fake::bursts::calls()), (1, 1));
    two.set_nonblocking(true).unwrap();
    two.recv(&mut [0; 9]).unwrap();
    assert_eq!(two.recv(&mut [0; 9]).unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(fake::bursts::calls(), 1);
}
