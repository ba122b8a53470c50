//! The one table from the errors of `wasi:sockets` to those of the contract.

use crate::bindings::datagrant::dgram::types::ErrorCode;
use crate::bindings::net::ErrorCode as Wasi;

/// What a guest is told for an error of the host.
pub(crate) fn code(error: Wasi) -> ErrorCode {
    match error {
        Wasi::AccessDenied => ErrorCode::AccessDenied,
        Wasi::NotSupported => ErrorCode::NotSupported,
        Wasi::InvalidArgument => ErrorCode::InvalidArgument,
        Wasi::OutOfMemory => ErrorCode::NoBufferSpace,
        Wasi::NewSocketLimit => ErrorCode::QuotaExceeded,
        Wasi::WouldBlock => ErrorCode::WouldBlock,
        Wasi::InvalidState | Wasi::NotInProgress | Wasi::ConcurrencyConflict => ErrorCode::InvalidState,
        Wasi::AddressNotBindable => ErrorCode::AddressNotBindable,
        Wasi::AddressInUse => ErrorCode::AddressInUse,
        // ENETUNREACH and ENETDOWN come as this one too: nothing tells them apart.
        Wasi::RemoteUnreachable => ErrorCode::HostUnreachable,
        Wasi::ConnectionRefused | Wasi::ConnectionReset => ErrorCode::ConnectionRefused,
        Wasi::DatagramTooLarge => ErrorCode::DatagramTooLarge,
        Wasi::NameUnresolvable => ErrorCode::NameUnresolvable,
        Wasi::TemporaryResolverFailure => ErrorCode::TemporaryResolverFailure,
        Wasi::PermanentResolverFailure => ErrorCode::PermanentResolverFailure,
        Wasi::Unknown | Wasi::Timeout | Wasi::ConnectionAborted => ErrorCode::Unknown,
    }
}

/// The same for creating a socket. wasmtime-wasi 48 has no code for EMFILE and ENFILE and answers `unknown`; there is
/// nothing else that creating a UDP socket could mean by it.
pub(crate) fn code_of_create(error: Wasi) -> ErrorCode {
    match error {
        Wasi::Unknown => ErrorCode::QuotaExceeded,
        other => code(other),
    }
}

/// Whether an error of a send may be about an earlier datagram: ICMP messages come back later, and the kernel tells
/// them to whichever call is next.
pub(crate) fn may_be_late(error: Wasi) -> bool {
    matches!(
        error,
        Wasi::ConnectionRefused | Wasi::ConnectionReset | Wasi::RemoteUnreachable
    )
}
