use std::time::Duration;

use super::*;
use crate::provider::fake;

#[test]
fn a_lookup_waits_for_its_answer_and_is_dropped() {
    fake::name("a.test", &["192.0.2.1", "2001:db8::1"]);
    let all = |family| lookup("a.test", family).unwrap();
    assert_eq!(
        all(None),
        ["192.0.2.1", "2001:db8::1"].map(|a| a.parse::<IpAddr>().unwrap())
    );
    assert_eq!(all(Some(Family::Ipv6)), ["2001:db8::1".parse::<IpAddr>().unwrap()]);
    assert_eq!((fake::elapsed(), fake::lookups()), (Duration::from_millis(20), (2, 0)));
}

#[test]
fn a_failure_has_its_kind_and_its_name() {
    fake::fail_name("denied.test", ErrorCode::AccessDenied);
    fake::fail_name("later.test", ErrorCode::TemporaryResolverFailure);
    for (name, kind, code) in [
        ("denied.test", io::ErrorKind::PermissionDenied, "EACCES"),
        ("later.test", io::ErrorKind::Other, "EAI_AGAIN"),
        ("nowhere.test", io::ErrorKind::NotFound, "ENOTFOUND"),
    ] {
        let error = lookup(name, None).unwrap_err();
        let inside = Error::of(&error).unwrap();
        assert_eq!((error.kind(), inside.name(), inside.host()), (kind, code, Some(name)));
    }
}

#[test]
fn sockets_that_were_handed_in_are_taken_once() {
    fake::hand_in("dns", "127.0.0.1:53");
    assert_eq!(granted_names().unwrap(), ["dns"]);
    let socket = crate::UdpSocket::granted("dns").unwrap();
    assert_eq!(socket.local_addr().unwrap(), "127.0.0.1:53".parse().unwrap());
    let name = |name| Error::of(&crate::UdpSocket::granted(name).unwrap_err()).unwrap().name();
    assert_eq!((name("dns"), name("ntp")), ("EBADF", "EINVAL"));
}
