use super::*;
use crate::ErrorCode;

fn to(port: u16) -> SocketAddr {
    ([192, 0, 2, 1], port).into()
}

fn headers(rest: &Rest<'_>) -> Vec<(u32, u16, Option<u16>)> {
    let header = |bytes| Header::decode(bytes, Family::Ipv4).unwrap();
    let brief = |h: Header| (h.length, h.segment_size, h.remote.map(|r| r.port()));
    rest.headers.chunks_exact(rest.stride).map(header).map(brief).collect()
}

fn sample() -> SendBurst {
    let mut burst = SendBurst::new();
    burst
        .push(b"one", to(1))
        .push_segmented(b"aabbc", 2, to(2))
        .push(b"", None);
    burst
}

#[test]
fn what_is_pushed_is_what_goes() {
    let burst = sample();
    assert_eq!((burst.len(), burst.payload_bytes(), burst.is_empty()), (3, 8, false));
    let rest = burst.rest(Sent::default()).unwrap();
    assert_eq!(headers(&rest), [(3, 0, Some(1)), (5, 2, Some(2)), (0, 0, None)]);
    assert_eq!((rest.stride, rest.payload), (32, &b"oneaabbc"[..]));
}

#[test]
fn the_rest_begins_where_it_says() {
    let burst = sample();
    let rest = |headers, partial| burst.rest(Sent { headers, partial });
    let amid = rest(1, 4).unwrap();
    assert_eq!(headers(&amid), [(1, 2, Some(2)), (0, 0, None)]);
    assert_eq!(amid.payload, b"c");
    let behind = rest(2, 0).unwrap();
    assert_eq!((headers(&behind), behind.payload), (vec![(0, 0, None)], &b""[..]));
    assert!(rest(3, 0).unwrap().headers.is_empty());
    for (headers, partial) in [(4, 0), (usize::MAX, 0), (1, 6), (3, 1)] {
        let error = rest(headers, partial).map(drop).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }
}

#[test]
fn reports_add_up() {
    let report = |sent, partial| SendReport {
        sent,
        partial,
        stopped: None,
    };
    let all = [report(2, 0), report(0, 4), report(0, 2), report(1, 6), report(1, 0)];
    let steps: Vec<_> = all
        .iter()
        .scan(Sent::default(), |sent, report| {
            *sent = sent.and(report);
            Some((sent.headers, sent.partial))
        })
        .collect();
    assert_eq!(steps, [(2, 0), (2, 4), (2, 6), (3, 6), (4, 0)]);
}

#[test]
fn a_cleared_burst_is_as_new_and_keeps_its_memory() {
    let mut burst = sample();
    burst.push(b"x", to(0));
    assert_eq!(
        burst.rest(Sent::default()).map(drop).unwrap_err().to_string(),
        "send: port 0 is no destination"
    );
    let capacity = (burst.headers.capacity(), burst.payload.capacity());
    burst.clear();
    assert!(burst.is_empty() && burst.rest(Sent::default()).unwrap().headers.is_empty());
    assert_eq!((burst.headers.capacity(), burst.payload.capacity()), capacity);
}

#[test]
fn packet_info_makes_all_headers_wide() {
    let mut burst = sample();
    let info = PacketInfo {
        local: Some("192.0.2.9".parse().unwrap()),
        interface: 0,
    };
    let header = Header {
        length: 77, // not what counts
        remote: Some("0.0.0.0:5".parse().unwrap()),
        info: Some(info),
        ..Header::default()
    };
    burst.push_with(b"x", &header).push_with(b"y", &header);
    let rest = burst.rest(Sent::default()).unwrap();
    let expected = [
        (3, 0, Some(1)),
        (5, 2, Some(2)),
        (0, 0, None),
        (1, 0, Some(5)),
        (1, 0, Some(5)),
    ];
    assert_eq!((headers(&rest), rest.stride), (expected.to_vec(), 64));
    let last = Header::decode(&rest.headers[4 * 64..], Family::Ipv4).unwrap();
    assert_eq!(
        (last.info, last.remote),
        (Some(info), Some("127.0.0.1:5".parse().unwrap()))
    );
    let first = Header::decode(&rest.headers[..64], Family::Ipv4).unwrap();
    assert_eq!(first.info, Some(PacketInfo::default()));
}

#[test]
fn a_received_burst_goes_back_as_it_is() {
    let mut burst = Burst::new(Family::Ipv4, 64);
    burst.push(b"a", to(1));
    burst.push(b"bb", to(2));
    let payload = burst.payload().as_ptr();
    let back = SendBurst::from(burst);
    let rest = back.rest(Sent::default()).unwrap();
    assert_eq!(headers(&rest), [(1, 0, Some(1)), (2, 0, Some(2))]);
    assert_eq!((rest.payload, rest.payload.as_ptr()), (&b"abb"[..], payload));
    let mut from_nowhere = Burst::new(Family::Ipv4, 32);
    from_nowhere.push(b"a", to(0));
    assert!(SendBurst::from(from_nowhere).rest(Sent::default()).is_err());
}

#[test]
fn an_error_tells_how_much_went() {
    let went = Sent { headers: 3, partial: 8 };
    for code in [ErrorCode::WouldBlock, ErrorCode::AccessDenied] {
        let error = io::Error::from(Error::new("send", None, code).after(went));
        assert_eq!((sent(&error), crate::error_code(&error)), (Some(went), Some(code)));
    }
    assert_eq!(sent(&io::ErrorKind::WouldBlock.into()), None);
}
