//! `bursts`: many datagrams a call.

use datagrant_conformance::bindings::bursts;
use datagrant_conformance::bindings::sockets::Socket;
use datagrant_conformance::bindings::types::{BurstOptions, ErrorCode, SendReport};
use datagrant_conformance::headers::{Header, header, read};
use datagrant_conformance::*;

checks!(
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

fn a_burst_arrives_as_datagrams() {
    for family in FAMILIES {
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
                ecn: 0,
                truncated: false,
                remote: std_address(from),
                local: None,
            };
            (header, data.to_vec())
        });
        assert_eq!(got, expected);
    }
}

fn a_segmented_header_is_many_datagrams() {
    let (a, at) = bound(IpFamily::Ipv4);
    let b = create(IpFamily::Ipv4);
    let payload: Vec<u8> = (0..105).collect();
    assert_eq!(bursts::send(&b, 32, &header(105, 10, Some(at)), &payload), all(1));
    for part in payload.chunks(10) {
        assert_eq!(receive(&a), part);
    }
}

fn a_connected_socket_needs_no_address() {
    let (a, at) = bound(IpFamily::Ipv4);
    let b = create(IpFamily::Ipv4);
    b.connect(at).expect("connect");
    assert_eq!(bursts::send(&b, 32, &header(4, 0, None), b"peer"), all(1));
    assert_eq!(receive(&a), b"peer");
}

fn what_is_longer_is_cut_and_flagged() {
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
    let (a, _) = bound(IpFamily::Ipv4);
    assert_eq!(bursts::configure(&a, BurstOptions::empty()), Ok(BurstOptions::empty()));
    let got = bursts::configure(&a, BurstOptions::ECN).expect("a missing option is no error");
    assert!(BurstOptions::ECN.contains(got));
}

fn a_closed_socket_has_no_bursts() {
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
