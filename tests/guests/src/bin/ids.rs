//! Ids: never 0, never used again, and the same for a socket's whole life.

use datagrant_conformance::*;
use std::collections::BTreeSet;

checks!(ids_differ_and_are_never_0, ids_are_never_used_again, an_id_stays);

fn ids_differ_and_are_never_0() {
    let sockets: Vec<_> = (0..50).map(|_| create(IpFamily::Ipv4)).collect();
    let ids: BTreeSet<u32> = sockets.iter().map(|s| s.id()).collect();
    assert_eq!(ids.len(), sockets.len());
    assert!(!ids.contains(&0));
}

fn ids_are_never_used_again() {
    let mut seen = BTreeSet::new();
    for n in 0..200 {
        let socket = create(if n % 2 == 0 { IpFamily::Ipv4 } else { IpFamily::Ipv6 });
        assert!(seen.insert(socket.id()));
    }
}

fn an_id_stays() {
    let socket = create(IpFamily::Ipv4);
    let id = socket.id();
    socket.bind(Some(any_port(IpFamily::Ipv4)), false).expect("bind");
    assert_eq!(socket.id(), id);
    socket.close();
    assert_eq!(socket.id(), id);
}
