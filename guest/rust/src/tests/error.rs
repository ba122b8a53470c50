use super::*;

#[test]
fn a_message_says_what_was_tried_with_which_address_and_what_came_of_it() {
    let error = Error::new("bind", Some("127.0.0.1:53".parse().unwrap()), ErrorCode::AccessDenied);
    assert_eq!(error.to_string(), "bind EACCES 127.0.0.1:53: access denied");
    let error = Error::refused("close", Refusal::Closed);
    assert_eq!(error.to_string(), "close: the socket is closed");
    let error = Error::named("getaddrinfo", "nowhere.test", ErrorCode::NameUnresolvable);
    assert_eq!(error.to_string(), "getaddrinfo ENOTFOUND nowhere.test: no such name");
}

#[test]
fn the_code_can_be_had_back_from_an_io_error() {
    for code in [
        ErrorCode::AccessDenied,
        ErrorCode::WouldBlock,
        ErrorCode::NoSuchInterface,
    ] {
        let error = io::Error::from(Error::new("send", None, code));
        assert_eq!(error_code(&error), Some(code));
    }
    assert_eq!(error_code(&io::Error::other("something else")), None);
}

#[test]
fn kinds_are_those_of_std_on_unix() {
    use io::ErrorKind as Kind;
    // The errno that the contract names for each code, as std reads them.
    let table = [
        (ErrorCode::AccessDenied, Kind::PermissionDenied),
        (ErrorCode::NotSupported, Kind::Unsupported),
        (ErrorCode::InvalidArgument, Kind::InvalidInput),
        (ErrorCode::InvalidState, Kind::NotConnected),
        (ErrorCode::WouldBlock, Kind::WouldBlock),
        (ErrorCode::AddressInUse, Kind::AddrInUse),
        (ErrorCode::AddressNotBindable, Kind::AddrNotAvailable),
        (ErrorCode::ConnectionRefused, Kind::ConnectionRefused),
        (ErrorCode::HostUnreachable, Kind::HostUnreachable),
        (ErrorCode::NetworkUnreachable, Kind::NetworkUnreachable),
        (ErrorCode::NetworkDown, Kind::NetworkDown),
        (ErrorCode::NoBufferSpace, Kind::OutOfMemory),
        (ErrorCode::QuotaExceeded, Kind::QuotaExceeded),
    ];
    for (code, kind) in table {
        assert_eq!(io::Error::from(Error::new("send", None, code)).kind(), kind, "{code:?}");
    }
}

#[test]
fn errors_carry_what_nodes_carry() {
    let address = "192.0.2.1:80".parse().unwrap();
    let error: io::Error = Error::new("bind", Some(address), ErrorCode::AddressNotBindable).into();
    assert!(error.to_string().starts_with("bind EADDRNOTAVAIL 192.0.2.1:80"));
    let inside = Error::of(&error).unwrap();
    assert_eq!((inside.name(), inside.errno()), ("EADDRNOTAVAIL", Some(99)));
    assert_eq!((inside.syscall(), inside.address()), ("bind", Some(address)));
    let error = Error::refused("bind", Refusal::AlreadyBound);
    assert_eq!((error.name(), error.errno()), ("ERR_SOCKET_ALREADY_BOUND", None));
    let error = Error::named("getaddrinfo", "a.test", ErrorCode::TemporaryResolverFailure);
    assert_eq!((error.name(), error.errno()), ("EAI_AGAIN", None));
    assert_eq!(error.host(), Some("a.test"));
}
