use super::*;

#[test]
fn a_message_says_what_was_tried_with_which_address_and_what_came_of_it() {
    let error = Error::new("bind", Some("127.0.0.1:53".parse().unwrap()), ErrorCode::AccessDenied);
    assert_eq!(error.to_string(), "bind 127.0.0.1:53: access denied");
    let error = Error::state("close", "the socket is closed");
    assert_eq!(error.to_string(), "close: the socket is closed");
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
