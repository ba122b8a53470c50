//! Datagrams arrive as they were sent, whatever their size.

use datagrant_conformance::bindings::types::ErrorCode;
use datagrant_conformance::*;

checks!(
    every_size_arrives_byte_for_byte,
    the_largest_over_ipv6_is_larger,
    a_larger_one_is_too_large,
    the_sender_is_told,
    an_empty_datagram_is_a_datagram,
);

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n * 31 + n / 251) as u8).collect()
}

#[track_caller]
fn arrives(family: IpFamily, length: usize) {
    let (a, at) = bound(family);
    let (b, _) = bound(family);
    let sent = pattern(length);
    b.send(&sent, Some(at))
        .unwrap_or_else(|e| panic!("{length} bytes over {family:?}: {e:?}"));
    let got = receive(&a);
    assert_eq!(got.len(), length, "over {family:?}");
    assert!(got == sent, "{length} bytes over {family:?} came changed");
}

fn every_size_arrives_byte_for_byte() {
    for family in FAMILIES {
        for length in [0, 1, 1472, 1473, 9000, 65_507] {
            arrives(family, length);
        }
    }
}

fn the_largest_over_ipv6_is_larger() {
    arrives(IpFamily::Ipv6, 65_527);
}

fn a_larger_one_is_too_large() {
    for (family, length) in [
        (IpFamily::Ipv4, 65_508),
        (IpFamily::Ipv6, 65_528),
        (IpFamily::Ipv4, 65_536),
        (IpFamily::Ipv4, 200_000),
    ] {
        let (a, at) = bound(family);
        let (b, _) = bound(family);
        assert_eq!(
            b.send(&pattern(length), Some(at)),
            Err(ErrorCode::DatagramTooLarge),
            "{length} over {family:?}"
        );
        b.send(b"still works", Some(at)).expect("send");
        assert_eq!(receive(&a), b"still works");
    }
}

fn the_sender_is_told() {
    for family in FAMILIES {
        let (a, at) = bound(family);
        let (b, from) = bound(family);
        b.send(b"hello", Some(at)).expect("send");
        let got = next_message(&a);
        assert_eq!(std_address(got.remote), std_address(from));
        a.send(b"back", Some(got.remote)).expect("send back");
        assert_eq!(receive(&b), b"back");
    }
}

fn an_empty_datagram_is_a_datagram() {
    let (a, at) = bound(IpFamily::Ipv4);
    let (b, from) = bound(IpFamily::Ipv4);
    b.send(b"", Some(at)).expect("send");
    b.send(b"", Some(at)).expect("send");
    for _ in 0..2 {
        assert_eq!(told(&a), Told::Message(vec![], std_address(from)));
    }
    assert_eq!(drain(&a), []);
}
