//! `bursts`: many datagrams a call.

use datagrant_conformance::bindings::bursts;
use datagrant_conformance::bindings::sockets::Socket;
use datagrant_conformance::bindings::types::{Burst, BurstOptions, ErrorCode, IpSocketAddress, SendReport};
use datagrant_conformance::*;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

checks!(
    bursts_are_there_or_say_so,
    a_burst_arrives_as_datagrams,
    datagrams_arrive_as_a_burst,
    a_segmented_header_is_many_datagrams,
    a_connected_socket_needs_no_address,
    what_is_longer_is_cut_and_flagged,
    more_events_tells_of_another_kind,
    a_refusal_is_told_by_a_burst_once,
    malformed_headers_send_nothing,
    a_wrong_state_sends_nothing,
    a_report_says_what_went,
    a_burst_tells_no_more_than_asked,
    no_option_is_on_that_was_not_asked_for,
    a_closed_socket_has_no_bursts,
);

/// Where they are not there, there is nothing more to check.
fn absent() -> bool {
    differs(Difference::NoBursts)
}

/// What a header of 32 bytes says.
#[derive(Debug, PartialEq, Eq)]
struct Header {
    length: u32,
    segment: u16,
    truncated: bool,
    remote: SocketAddr,
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four"))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(bytes[at..at + 2].try_into().expect("two"))
}

fn read(burst: &Burst) -> Vec<(Header, Vec<u8>)> {
    assert_eq!(burst.stride, 32);
    let mut rest = burst.payload.as_slice();
    let list = burst.headers.chunks_exact(32).map(|h| {
        let ip = Ipv6Addr::from(<[u8; 16]>::try_from(&h[16..32]).expect("sixteen"));
        let header = Header {
            length: u32_at(h, 0),
            segment: u16_at(h, 4),
            truncated: h[9] & 1 == 1,
            remote: (IpAddr::from(ip).to_canonical(), u16_at(h, 6)).into(),
        };
        let (mine, after) = rest.split_at(header.length as usize);
        rest = after;
        (header, mine.to_vec())
    });
    let list = list.collect();
    assert!(rest.is_empty(), "the lengths add up");
    list
}

fn header(length: usize, segment: u16, to: Option<IpSocketAddress>) -> Vec<u8> {
    let mut h = vec![0; 32];
    h[0..4].copy_from_slice(&(length as u32).to_le_bytes());
    h[4..6].copy_from_slice(&segment.to_le_bytes());
    if let Some(to) = to.map(std_address) {
        h[6..8].copy_from_slice(&to.port().to_le_bytes());
        let ip = match to.ip() {
            IpAddr::V4(ip) => ip.to_ipv6_mapped(),
            IpAddr::V6(ip) => ip,
        };
        h[16..32].copy_from_slice(&ip.octets());
    }
    h
}

fn all(sent: u32) -> SendReport {
    SendReport {
        sent,
        partial: 0,
        stopped: None,
    }
}

fn stopped(sent: u32, why: ErrorCode) -> SendReport {
    SendReport {
        sent,
        partial: 0,
        stopped: Some(why),
    }
}

/// Bursts until `count` headers are there.
fn receive_burst(socket: &Socket, count: usize) -> Vec<(Header, Vec<u8>)> {
    let mut all = Vec::new();
    while all.len() < count {
        let burst = bursts::receive(socket, 64, 65_535).expect("receive");
        if burst.headers.is_empty() {
            assert!(wait_receive(socket, PATIENCE_NS), "{} of {count} came", all.len());
        }
        all.extend(read(&burst));
    }
    all
}

fn bursts_are_there_or_say_so() {
    if !absent() {
        return;
    }
    let (socket, at) = bound(IpFamily::Ipv4);
    let options = bursts::configure(&socket, BurstOptions::empty()).map(drop);
    assert_eq!(options, Err(ErrorCode::NotSupported));
    assert_eq!(bursts::receive(&socket, 1, 1).map(drop), Err(ErrorCode::NotSupported));
    let report = bursts::send(&socket, 32, &header(1, 0, Some(at)), b"x");
    assert_eq!(report, stopped(0, ErrorCode::NotSupported));
}

fn a_burst_arrives_as_datagrams() {
    for family in FAMILIES {
        if absent() {
            return;
        }
        let (a, at) = bound(family);
        let b = create(family);
        let headers: Vec<u8> = [3, 0, 5].into_iter().flat_map(|n| header(n, 0, Some(at))).collect();
        assert_eq!(bursts::send(&b, 32, &headers, b"onethree"), all(3));
        assert_eq!(receive(&a), b"one");
        assert_eq!(receive(&a), b"");
        assert_eq!(receive(&a), b"three");
        assert!(matches!(told(&b), Told::Listening(_)));
    }
}

fn datagrams_arrive_as_a_burst() {
    for family in FAMILIES {
        if absent() {
            return;
        }
        let (a, at) = bound(family);
        let (b, from) = bound(family);
        for data in [&b"one"[..], b"", b"three"] {
            b.send(data, Some(at)).expect("send");
        }
        let got = receive_burst(&a, 3);
        let expected = [&b"one"[..], b"", b"three"].map(|data| {
            let header = Header {
                length: data.len() as u32,
                segment: 0,
                truncated: false,
                remote: std_address(from),
            };
            (header, data.to_vec())
        });
        assert_eq!(got, expected);
    }
}

fn a_segmented_header_is_many_datagrams() {
    if absent() {
        return;
    }
    let (a, at) = bound(IpFamily::Ipv4);
    let b = create(IpFamily::Ipv4);
    let payload: Vec<u8> = (0..105).collect();
    assert_eq!(bursts::send(&b, 32, &header(105, 10, Some(at)), &payload), all(1));
    for part in payload.chunks(10) {
        assert_eq!(receive(&a), part);
    }
}

fn a_connected_socket_needs_no_address() {
    if absent() {
        return;
    }
    let (a, at) = bound(IpFamily::Ipv4);
    let b = create(IpFamily::Ipv4);
    b.connect(at).expect("connect");
    assert_eq!(bursts::send(&b, 32, &header(4, 0, None), b"peer"), all(1));
    assert_eq!(receive(&a), b"peer");
}

fn what_is_longer_is_cut_and_flagged() {
    if absent() {
        return;
    }
    let (a, at) = bound(IpFamily::Ipv4);
    let b = create(IpFamily::Ipv4);
    b.send(b"0123456789", Some(at)).expect("send");
    b.send(b"0123", Some(at)).expect("send");
    assert!(wait_receive(&a, PATIENCE_NS));
    let got = read(&bursts::receive(&a, 2, 4).expect("receive"));
    let cut: Vec<_> = got
        .iter()
        .map(|(h, data)| (h.length, h.truncated, data.as_slice()))
        .collect();
    assert_eq!(cut, [(4, true, &b"0123"[..]), (4, false, b"0123")]);
}

fn more_events_tells_of_another_kind() {
    if absent() {
        return;
    }
    let a = create(IpFamily::Ipv4);
    let empty = bursts::receive(&a, 8, 100).expect("receive");
    assert!(
        empty.headers.is_empty() && !empty.more_events,
        "unbound: nothing is there"
    );
    let at = a.bind(Some(any_port(IpFamily::Ipv4)), false).expect("bind");
    create(IpFamily::Ipv4).send(b"x", Some(at)).expect("send");
    for _ in 0..2 {
        let burst = bursts::receive(&a, 8, 100).expect("receive");
        assert!(burst.headers.is_empty() && burst.more_events, "`listening` is next");
    }
    assert_eq!(told(&a), Told::Listening(std_address(at)));
    assert_eq!(receive_burst(&a, 1).len(), 1);
    let empty = bursts::receive(&a, 8, 100).expect("receive");
    assert!(empty.headers.is_empty() && !empty.more_events);
}

fn a_refusal_is_told_by_a_burst_once() {
    if absent() {
        return;
    }
    let nobody = closed_port(IpFamily::Ipv4);
    let (a, _) = bound(IpFamily::Ipv4);
    a.connect(nobody).expect("connect");
    assert!(matches!(told(&a), Told::Connect(_)));
    a.send(b"anybody there?", None).expect("send");
    assert!(wait_receive(&a, PATIENCE_NS));
    assert_eq!(bursts::receive(&a, 8, 100).map(drop), Err(ErrorCode::ConnectionRefused));
    assert!(bursts::receive(&a, 8, 100).is_ok());
    assert_eq!(drain(&a), []);
}

fn malformed_headers_send_nothing() {
    if absent() {
        return;
    }
    let (a, at) = bound(IpFamily::Ipv4);
    let good = || header(1, 0, Some(at));
    let mut reserved = good();
    reserved[10] = 1;
    let mut ecn = good();
    ecn[8] = 4;
    let cases: [(&str, u32, Vec<u8>, &[u8]); 9] = [
        ("stride 0", 0, good(), b"x"),
        ("stride 31", 31, good(), b"x"),
        ("stride 33", 33, good(), b"x"),
        ("half a header", 32, good()[..16].to_vec(), b"x"),
        (
            "half a second header",
            32,
            [good(), good()[..16].to_vec()].concat(),
            b"x",
        ),
        ("too little payload", 32, [good(), good()].concat(), b"x"),
        ("too much payload", 32, good(), b"xy"),
        ("reserved bytes", 32, [good(), reserved].concat(), b"xy"),
        ("ECN over 3", 32, [good(), ecn].concat(), b"xy"),
    ];
    let b = create(IpFamily::Ipv4);
    for (what, stride, headers, payload) in cases {
        let report = bursts::send(&b, stride, &headers, payload);
        assert_eq!(report, stopped(0, ErrorCode::InvalidArgument), "{what}");
    }
    let huge = header(u32::MAX as usize, 1, Some(at));
    assert_eq!(bursts::send(&b, 32, &huge, b""), stopped(0, ErrorCode::InvalidArgument));
    assert_eq!(drain(&b), [], "not even bound");
    assert!(!wait_receive(&a, 0));
}

fn a_wrong_state_sends_nothing() {
    if absent() {
        return;
    }
    let (a, at) = bound(IpFamily::Ipv4);
    let b = create(IpFamily::Ipv4);
    let mixed = [header(1, 0, Some(at)), header(1, 0, None)].concat();
    assert_eq!(bursts::send(&b, 32, &mixed, b"xy"), stopped(0, ErrorCode::InvalidState));
    b.connect(at).expect("connect");
    let mixed = [header(1, 0, None), header(1, 0, Some(at))].concat();
    assert_eq!(bursts::send(&b, 32, &mixed, b"xy"), stopped(0, ErrorCode::InvalidState));
    assert!(!wait_receive(&a, 0));
}

fn a_report_says_what_went() {
    if absent() {
        return;
    }
    let (a, at) = bound(IpFamily::Ipv4);
    let b = create(IpFamily::Ipv4);
    let denied = unspecified(IpFamily::Ipv4, 9);
    let headers = [
        header(1, 0, Some(at)),
        header(2, 1, Some(at)),
        header(1, 0, Some(denied)),
        header(1, 0, Some(at)),
    ];
    let report = bursts::send(&b, 32, &headers.concat(), b"abbcd");
    assert_eq!(report, stopped(2, ErrorCode::AccessDenied));
    for expected in [b"a", b"b", b"b"] {
        assert_eq!(receive(&a), expected);
    }
    let long = [header(1, 0, Some(at)), header(65_508, 0, Some(at))].concat();
    let payload = vec![b'x'; 65_509];
    assert_eq!(
        bursts::send(&b, 32, &long, &payload),
        stopped(1, ErrorCode::DatagramTooLarge)
    );
    assert_eq!(receive(&a), b"x");
    assert_eq!(drain(&a), []);
    assert_eq!(bursts::send(&b, 32, &[], &[]), all(0));
}

fn a_burst_tells_no_more_than_asked() {
    if absent() {
        return;
    }
    let (a, at) = bound(IpFamily::Ipv4);
    let b = create(IpFamily::Ipv4);
    let headers: Vec<u8> = (0..40).flat_map(|_| header(1, 0, Some(at))).collect();
    assert_eq!(bursts::send(&b, 32, &headers, &[7; 40]), all(40));
    assert!(wait_receive(&a, PATIENCE_NS));
    assert!(read(&bursts::receive(&a, 0, 100).expect("receive")).is_empty());
    assert_eq!(read(&bursts::receive(&a, 3, 100).expect("receive")).len(), 3);
    assert_eq!(receive(&a), [7]);
    assert_eq!(receive_burst(&a, 36).len(), 36);
}

fn no_option_is_on_that_was_not_asked_for() {
    if absent() {
        return;
    }
    let (a, _) = bound(IpFamily::Ipv4);
    assert_eq!(bursts::configure(&a, BurstOptions::empty()), Ok(BurstOptions::empty()));
    let got = bursts::configure(&a, BurstOptions::ECN).expect("a missing option is no error");
    assert!(BurstOptions::ECN.contains(got));
}

fn a_closed_socket_has_no_bursts() {
    if absent() {
        return;
    }
    let (a, at) = bound(IpFamily::Ipv4);
    a.close();
    assert_eq!(
        bursts::configure(&a, BurstOptions::empty()),
        Err(ErrorCode::InvalidState)
    );
    assert_eq!(bursts::receive(&a, 1, 1).map(drop), Err(ErrorCode::InvalidState));
    let report = bursts::send(&a, 32, &header(1, 0, Some(at)), b"x");
    assert_eq!(report, stopped(0, ErrorCode::InvalidState));
}
