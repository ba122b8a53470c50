//! `bursts.configure`: packet info, ECN and coalescing, and the source address of what is sent.

use datagrant_conformance::bindings::bursts;
use datagrant_conformance::bindings::sockets::Socket;
use datagrant_conformance::bindings::types::{BurstOptions, ErrorCode, Event, SendReport};
use datagrant_conformance::headers::{Header, header, header_from, read};
use datagrant_conformance::*;
use std::net::IpAddr;

checks!(
    all_options_are_there_or_none_is,
    packet_info_tells_where_a_datagram_arrived,
    packet_info_goes_off_again,
    ecn_arrives_as_it_was_sent,
    segments_arrive_coalesced_or_one_by_one,
    more_than_one_message_of_segments_goes,
    segments_too_large_for_the_route_go_as_datagrams,
    next_events_tells_segments_one_by_one,
    coalescing_needs_room,
    a_wildcard_socket_may_send_from_an_address_it_may_bind,
    a_source_address_that_is_not_granted_is_refused,
    a_socket_bound_to_an_address_has_no_other,
    a_burst_is_sent_back_as_it_came,
);

const ALL: BurstOptions = BurstOptions::all();

/// Where there are none, there is nothing more to check.
fn absent() -> bool {
    differs(Difference::NoBurstOptions)
}

/// A socket with these options on, and where.
fn with(options: BurstOptions, family: IpFamily) -> (Socket, bindings::types::IpSocketAddress) {
    let (socket, at) = bound(family);
    assert_eq!(bursts::configure(&socket, options), Ok(options));
    (socket, at)
}

fn burst(socket: &Socket) -> Vec<(Header, Vec<u8>)> {
    assert!(wait_receive(socket, PATIENCE_NS), "nothing came");
    read(&bursts::receive(socket, 64, 65_535).expect("receive"))
}

fn went(sent: u32) -> SendReport {
    SendReport {
        sent,
        partial: 0,
        stopped: None,
    }
}

fn all_options_are_there_or_none_is() {
    let (socket, _) = bound(IpFamily::Ipv4);
    let expected = if absent() { BurstOptions::empty() } else { ALL };
    assert_eq!(bursts::configure(&socket, ALL), Ok(expected));
}

fn packet_info_tells_where_a_datagram_arrived() {
    for family in FAMILIES {
        if absent() {
            return;
        }
        let (a, at) = with(BurstOptions::PACKET_INFO, family);
        create(family).send(b"hello", Some(at)).expect("send");
        let list = burst(&a);
        let (interface, address) = list[0].0.local.expect("a header of 64 bytes");
        assert_ne!(interface, 0);
        assert_eq!(address, std_address(at).ip());
        assert_eq!(list[0].1, b"hello");
    }
}

fn packet_info_goes_off_again() {
    if absent() {
        return;
    }
    let (a, at) = with(BurstOptions::PACKET_INFO, IpFamily::Ipv4);
    assert_eq!(bursts::configure(&a, BurstOptions::empty()), Ok(BurstOptions::empty()));
    create(IpFamily::Ipv4).send(b"hello", Some(at)).expect("send");
    assert_eq!(burst(&a)[0].0.local, None);
}

fn ecn_arrives_as_it_was_sent() {
    for family in FAMILIES {
        let (b, at) = bound(family);
        let headers: Vec<u8> = (0..4)
            .flat_map(|ecn| {
                let mut one = header(1, 0, Some(at));
                one[8] = ecn;
                one
            })
            .collect();
        if absent() {
            let report = bursts::send(&b, 32, &headers, b"abcd");
            assert_eq!(
                report,
                SendReport {
                    stopped: Some(ErrorCode::NotSupported),
                    ..went(1)
                }
            );
            return;
        }
        assert_eq!(bursts::configure(&b, BurstOptions::ECN), Ok(BurstOptions::ECN));
        assert_eq!(bursts::send(&b, 32, &headers, b"abcd"), went(4));
        let told: Vec<u8> = burst(&b).into_iter().map(|(header, _)| header.ecn).collect();
        assert_eq!(told, [0, 1, 2, 3]);
    }
}

/// Sends 25,050 bytes in segments of 500, the last one of 50, and gives them back.
fn send_segments(from: &Socket, at: bindings::types::IpSocketAddress) -> Vec<u8> {
    let payload: Vec<u8> = (0..25_050_u32).map(|i| (i % 251) as u8).collect();
    assert_eq!(
        bursts::send(from, 32, &header(payload.len(), 500, Some(at)), &payload),
        went(1)
    );
    payload
}

/// Cuts what came as its headers say: datagrams.
fn cut(list: Vec<(Header, Vec<u8>)>) -> Vec<Vec<u8>> {
    list.into_iter()
        .flat_map(|(header, data)| {
            let size = if header.segment == 0 {
                data.len().max(1)
            } else {
                header.segment.into()
            };
            data.chunks(size).map(<[u8]>::to_vec).collect::<Vec<_>>()
        })
        .collect()
}

fn segments_arrive_coalesced_or_one_by_one() {
    for family in FAMILIES {
        if absent() {
            return;
        }
        let (a, at) = with(BurstOptions::COALESCE, family);
        let payload = send_segments(&create(family), at);
        let mut datagrams = Vec::new();
        while datagrams.len() < 51 {
            datagrams.extend(cut(burst(&a)));
        }
        assert!(datagrams[..50].iter().all(|d| d.len() == 500));
        assert_eq!(datagrams.concat(), payload);
    }
}

fn more_than_one_message_of_segments_goes() {
    let (a, at) = bound(IpFamily::Ipv4);
    // Room for all of it where it is not coalesced, with what the kernel adds to each datagram.
    a.set_receive_buffer_bytes(200_000).expect("set");
    // More than 64 segments, and more than 65,507 bytes.
    let payload = vec![7; 100 * 900];
    let report = bursts::send(
        &create(IpFamily::Ipv4),
        32,
        &header(payload.len(), 900, Some(at)),
        &payload,
    );
    assert_eq!(report, went(1));
    let mut count = 0;
    while count < 100 {
        for (header, data) in burst(&a) {
            assert_eq!((header.segment, data.len()), (0, 900));
            count += 1;
        }
    }
}

/// On loopback they fit; `host/cli/tests` runs this where they do not.
fn segments_too_large_for_the_route_go_as_datagrams() {
    let (a, at) = bound(IpFamily::Ipv4);
    let payload: Vec<u8> = (0..7_000_u32).map(|i| (i % 251) as u8).collect();
    let headers = [header(7_000, 3_000, Some(at)), header(0, 0, Some(at))].concat();
    assert_eq!(bursts::send(&create(IpFamily::Ipv4), 32, &headers, &payload), went(2));
    for part in payload.chunks(3_000) {
        assert_eq!(receive(&a), part);
    }
    assert_eq!(receive(&a), b"");
}

fn next_events_tells_segments_one_by_one() {
    if absent() {
        return;
    }
    let (a, at) = with(BurstOptions::COALESCE, IpFamily::Ipv4);
    let payload = send_segments(&create(IpFamily::Ipv4), at);
    let mut got = Vec::new();
    while got.len() < payload.len() {
        assert!(wait_receive(&a, PATIENCE_NS), "{} bytes came", got.len());
        let events = a.next_events(3);
        assert!(events.len() <= 3);
        for event in events {
            let Event::Message(datagram) = event else {
                panic!("not a message")
            };
            assert!(datagram.data.len() <= 500);
            got.extend(datagram.data);
        }
    }
    assert_eq!(got, payload);
}

fn coalescing_needs_room() {
    if absent() {
        return;
    }
    let (a, _) = with(BurstOptions::COALESCE, IpFamily::Ipv4);
    let short = bursts::receive(&a, 64, 65_534).map(drop);
    assert_eq!(short, Err(ErrorCode::InvalidArgument));
}

/// A socket bound to the wildcard sends one datagram from `source`.
fn from_wildcard(source: [u8; 4], at: bindings::types::IpSocketAddress) -> SendReport {
    let (b, _) = bound_to(any(IpFamily::Ipv4), IpFamily::Ipv4);
    bursts::send(&b, 64, &header_from(1, at, IpAddr::from(source)), b"x")
}

fn a_wildcard_socket_may_send_from_an_address_it_may_bind() {
    if absent() {
        return;
    }
    let (a, at) = bound(IpFamily::Ipv4);
    assert_eq!(from_wildcard([127, 0, 0, 1], at), went(1));
    assert_eq!(burst(&a)[0].0.remote.ip(), IpAddr::from([127, 0, 0, 1]));
}

fn a_source_address_that_is_not_granted_is_refused() {
    if absent() {
        return;
    }
    let (a, at) = bound(IpFamily::Ipv4);
    let report = from_wildcard([127, 0, 0, 2], at);
    assert_eq!(
        report,
        SendReport {
            stopped: Some(ErrorCode::AccessDenied),
            ..went(0)
        }
    );
    assert!(!wait_receive(&a, 0));
}

fn a_socket_bound_to_an_address_has_no_other() {
    if absent() {
        return;
    }
    let (a, at) = bound(IpFamily::Ipv4);
    let other = header_from(1, at, IpAddr::from([127, 0, 0, 2]));
    let report = bursts::send(&a, 64, &other, b"x");
    assert_eq!(
        report,
        SendReport {
            stopped: Some(ErrorCode::InvalidArgument),
            ..went(0)
        }
    );
    let own = header_from(1, at, IpAddr::from([127, 0, 0, 1]));
    assert_eq!(bursts::send(&a, 64, &own, b"x"), went(1));
}

fn a_burst_is_sent_back_as_it_came() {
    for family in FAMILIES {
        if absent() {
            return;
        }
        let (a, at) = with(ALL, family);
        let (b, _) = bound(family);
        let payload = send_segments(&b, at);
        let mut back = 0;
        while back < payload.len() {
            assert!(wait_receive(&a, PATIENCE_NS), "{back} bytes came");
            let burst = bursts::receive(&a, 64, 65_535).expect("receive");
            back += burst.payload.len();
            let count = burst.headers.len() / 64;
            assert_eq!(bursts::send(&a, 64, &burst.headers, &burst.payload), went(count as u32));
        }
        let mut got = Vec::new();
        while got.len() < payload.len() {
            got.extend(receive(&b));
        }
        assert_eq!(got, payload);
    }
}
