//! What no provider does yet says so.

use datagrant_conformance::bindings::types::{ErrorCode, InterfaceRef, IpAddress};
use datagrant_conformance::bindings::zones;
use datagrant_conformance::*;

checks!(multicast_is_not_there, zones_are_not_named,);

fn multicast_is_not_there() {
    let group = IpAddress::Ipv4((224, 0, 0, 251));
    let (socket, _) = bound(IpFamily::Ipv4);
    let calls = || {
        [
            socket.set_multicast_ttl(1),
            socket.set_multicast_loopback(true),
            socket.set_multicast_interface(&InterfaceRef::Default),
            socket.join(group, &InterfaceRef::Default, None),
            socket.leave(group, &InterfaceRef::Default, None),
        ]
    };
    assert_eq!(calls(), [Err(ErrorCode::NotSupported); 5]);
    socket.close();
    assert_eq!(calls(), [Err(ErrorCode::InvalidState); 5]);
}

fn zones_are_not_named() {
    assert_eq!(zones::index("lo"), Err(ErrorCode::NotSupported));
    assert_eq!(zones::name(1), Err(ErrorCode::NotSupported));
}
