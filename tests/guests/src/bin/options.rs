//! Time to live, buffer sizes, flags.

use datagrant_conformance::bindings::sockets::Socket;
use datagrant_conformance::bindings::types::{CreateFlags, ErrorCode};
use datagrant_conformance::*;

checks!(
    a_ttl_of_1_to_255_is_taken,
    a_ttl_of_0_is_refused,
    a_buffer_is_at_least_as_large_as_asked,
    a_buffer_of_0_is_refused,
    a_buffer_beyond_all_bounds_is_cut_without_an_error,
    ipv6_only_means_nothing_on_ipv4,
    broadcast_is_a_switch_of_the_guest,
    sharing_is_a_flag,
);

/// An unbound socket and a bound one, of each family.
fn sockets() -> impl Iterator<Item = Socket> {
    FAMILIES
        .into_iter()
        .flat_map(|family| [create(family), bound(family).0])
}

fn a_ttl_of_1_to_255_is_taken() {
    for socket in sockets() {
        for hops in [1, 64, 255] {
            assert_eq!(socket.set_ttl(hops), Ok(()));
        }
    }
}

fn a_ttl_of_0_is_refused() {
    for socket in sockets() {
        assert_eq!(socket.set_ttl(0), Err(ErrorCode::InvalidArgument));
    }
}

fn a_buffer_is_at_least_as_large_as_asked() {
    for socket in sockets() {
        for bytes in [16_384, 100_000] {
            socket.set_receive_buffer_bytes(bytes).expect("set");
            assert!(socket.receive_buffer_bytes().expect("get") >= bytes);
            socket.set_send_buffer_bytes(bytes).expect("set");
            assert!(socket.send_buffer_bytes().expect("get") >= bytes);
        }
    }
}

fn a_buffer_of_0_is_refused() {
    for socket in sockets() {
        assert_eq!(socket.set_receive_buffer_bytes(0), Err(ErrorCode::InvalidArgument));
        assert_eq!(socket.set_send_buffer_bytes(0), Err(ErrorCode::InvalidArgument));
    }
}

fn a_buffer_beyond_all_bounds_is_cut_without_an_error() {
    for socket in sockets() {
        assert_eq!(socket.set_receive_buffer_bytes(u32::MAX), Ok(()));
        assert_eq!(socket.set_send_buffer_bytes(u32::MAX), Ok(()));
        assert!(socket.receive_buffer_bytes().expect("get") > 0);
    }
}

fn ipv6_only_means_nothing_on_ipv4() {
    let socket = Socket::create(IpFamily::Ipv4, CreateFlags::IPV6_ONLY).expect("create");
    socket.bind(Some(any_port(IpFamily::Ipv4)), false).expect("bind");
}

fn broadcast_is_a_switch_of_the_guest() {
    let expected = if differs(Difference::NoBroadcast) {
        Err(ErrorCode::NotSupported)
    } else {
        Ok(())
    };
    for socket in sockets() {
        for on in [true, false] {
            assert_eq!(socket.set_broadcast(on), expected);
        }
        socket.close();
        assert_eq!(socket.set_broadcast(true), Err(ErrorCode::InvalidState));
    }
}

fn sharing_is_a_flag() {
    for flag in [CreateFlags::REUSE_ADDRESS, CreateFlags::REUSE_PORT] {
        let expected = if differs(Difference::NoReuse) {
            Err(ErrorCode::NotSupported)
        } else {
            Ok(())
        };
        assert_eq!(Socket::create(IpFamily::Ipv4, flag).map(drop), expected);
    }
}
