use super::*;
use crate::bindings::types::ErrorCode;
use crate::provider::fake;

fn from(port: u16) -> SocketAddr {
    ([192, 0, 2, 1], port).into()
}

fn burst(datagrams: &[(&str, u16)]) -> Burst {
    let mut burst = Burst::new(Family::Ipv4, Header::SIZE);
    for (data, port) in datagrams {
        burst.push(data.as_bytes(), from(*port));
    }
    burst
}

/// Two datagrams in a burst, an event, two as events, one in a burst.
fn sample() -> Inbox {
    let mut inbox = Inbox::default();
    inbox.push_burst(burst(&[("a", 1), ("b", 2)]));
    inbox.push_event(Event::Error(ErrorCode::ConnectionRefused));
    inbox.push_event(fake::message("192.0.2.1:1", b"c"));
    inbox.push_event(fake::message("192.0.2.1:2", b"d"));
    inbox.push_burst(burst(&[]));
    inbox.push_burst(burst(&[("e", 1)]));
    inbox
}

fn all(mut inbox: Inbox) -> String {
    std::iter::from_fn(|| inbox.pop())
        .map(|first| match first {
            First::Datagram(lent) => String::from_utf8_lossy(lent.data()).into_owned(),
            First::Event(Event::Message(d)) => String::from_utf8(d.data).unwrap(),
            First::Event(_) => "!".into(),
        })
        .collect()
}

#[test]
fn everything_comes_out_in_the_order_in_which_it_came() {
    let inbox = sample();
    assert_eq!(inbox.len(), 6);
    assert_eq!(all(inbox), "ab!cde");
}

#[test]
fn a_lent_datagram_outlives_what_happens_to_the_inbox() {
    let mut inbox = sample();
    let Some(First::Datagram(lent)) = inbox.pop() else {
        panic!()
    };
    inbox.keep_only(from(2));
    assert_eq!((lent.data(), lent.remote), (&b"a"[..], from(1)));
    assert_eq!(all(inbox), "b!d");
    let mut inbox = sample();
    let Some(First::Datagram(lent)) = inbox.pop() else {
        panic!()
    };
    inbox.clear();
    assert_eq!((lent.data(), inbox.is_empty()), (&b"a"[..], true));
}

#[test]
fn reading_leaves_or_removes() {
    let mut inbox = Inbox::default();
    inbox.push_burst(burst(&[("a", 1), ("b", 2)]));
    inbox.push_event(fake::message("192.0.2.1:3", b"c"));
    let mut read = |remove| inbox.read(remove, |data, from| (data[0] as char, from.port()));
    let seen = [false, true, true, false, true, true].map(&mut read);
    assert_eq!(
        seen,
        [
            Some(('a', 1)),
            Some(('a', 1)),
            Some(('b', 2)),
            Some(('c', 3)),
            Some(('c', 3)),
            None
        ]
    );
    assert!(inbox.is_empty());
}

#[test]
fn a_burst_is_handed_out_without_what_was_read_of_it() {
    let mut inbox = Inbox::default();
    inbox.push_burst(burst(&[("a", 1), ("b", 2), ("c", 3), ("d", 4)]));
    inbox.push_event(fake::message("192.0.2.1:5", b"e"));
    inbox.push_event(fake::message("192.0.2.1:6", b"f"));
    inbox.push_event(fake::message("192.0.2.1:7", b"g"));
    inbox.read(true, |_, _| ());
    let mut take = |max| {
        inbox
            .take_burst(max, Family::Ipv4)
            .map(|b| String::from_utf8_lossy(b.payload()).into_owned())
    };
    let taken = [2, 2, 2, 2, 2].map(&mut take);
    let taken: Vec<_> = taken.iter().map(|text| text.as_deref()).collect();
    assert_eq!(taken, [Some("bc"), Some("d"), Some("ef"), Some("g"), None]);
}
