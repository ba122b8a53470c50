//! Sockets that are dropped leave nothing behind: more of them than a process may have descriptors.

use datagrant_conformance::*;

checks!(
    ten_thousand_sockets_are_created_and_dropped,
    bound_sockets_are_dropped_too,
    sockets_that_were_waited_for_are_dropped_too,
    closed_sockets_are_dropped_too,
);

fn ten_thousand_sockets_are_created_and_dropped() {
    for _ in 0..10_000 {
        drop(create(IpFamily::Ipv4));
    }
}

fn bound_sockets_are_dropped_too() {
    for _ in 0..2_000 {
        drop(bound(IpFamily::Ipv4));
    }
}

fn sockets_that_were_waited_for_are_dropped_too() {
    for _ in 0..2_000 {
        let (socket, _) = bound(IpFamily::Ipv4);
        assert_eq!(drain(&socket), []);
        assert!(!wait_receive(&socket, 0));
    }
}

fn closed_sockets_are_dropped_too() {
    for _ in 0..2_000 {
        let (socket, _) = bound(IpFamily::Ipv4);
        socket.close();
    }
}
