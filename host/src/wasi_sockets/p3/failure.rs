//! Codes.

use super::bindings::wasi::sockets::{ip_name_lookup, types};
use crate::DgramCtxView;
use crate::host::{self, addresses};
use crate::socket::ErrorCode;

pub type Failure = host::Failure<types::ErrorCode>;
pub type LookupFailure = host::Failure<ip_name_lookup::ErrorCode>;

addresses!(super::bindings::wasi::sockets::types);

impl types::Host for DgramCtxView<'_> {
    fn convert_error_code(&mut self, failure: Failure) -> wasmtime::Result<types::ErrorCode> {
        failure.code()
    }
}

impl ip_name_lookup::Host for DgramCtxView<'_> {
    fn convert_error_code(&mut self, failure: LookupFailure) -> wasmtime::Result<ip_name_lookup::ErrorCode> {
        failure.code()
    }
}

impl From<ErrorCode> for types::ErrorCode {
    fn from(code: ErrorCode) -> types::ErrorCode {
        match code {
            ErrorCode::AccessDenied => types::ErrorCode::AccessDenied,
            ErrorCode::NotSupported => types::ErrorCode::NotSupported,
            // A scope id is an argument.
            ErrorCode::InvalidArgument | ErrorCode::NoSuchInterface => types::ErrorCode::InvalidArgument,
            ErrorCode::InvalidState => types::ErrorCode::InvalidState,
            ErrorCode::AddressInUse => types::ErrorCode::AddressInUse,
            ErrorCode::AddressNotBindable => types::ErrorCode::AddressNotBindable,
            ErrorCode::DatagramTooLarge => types::ErrorCode::DatagramTooLarge,
            ErrorCode::ConnectionRefused => types::ErrorCode::ConnectionRefused,
            ErrorCode::HostUnreachable | ErrorCode::NetworkUnreachable | ErrorCode::NetworkDown => {
                types::ErrorCode::RemoteUnreachable
            }
            ErrorCode::NoBufferSpace | ErrorCode::QuotaExceeded => types::ErrorCode::OutOfMemory,
            // Waiting is the host's here, and names have codes of their own.
            ErrorCode::Unknown
            | ErrorCode::WouldBlock
            | ErrorCode::NameUnresolvable
            | ErrorCode::TemporaryResolverFailure
            | ErrorCode::PermanentResolverFailure => types::ErrorCode::Other(None),
        }
    }
}

impl From<ErrorCode> for ip_name_lookup::ErrorCode {
    fn from(code: ErrorCode) -> ip_name_lookup::ErrorCode {
        match code {
            ErrorCode::AccessDenied => ip_name_lookup::ErrorCode::AccessDenied,
            ErrorCode::InvalidArgument => ip_name_lookup::ErrorCode::InvalidArgument,
            ErrorCode::NameUnresolvable => ip_name_lookup::ErrorCode::NameUnresolvable,
            ErrorCode::TemporaryResolverFailure => ip_name_lookup::ErrorCode::TemporaryResolverFailure,
            ErrorCode::PermanentResolverFailure => ip_name_lookup::ErrorCode::PermanentResolverFailure,
            _ => ip_name_lookup::ErrorCode::Other(None),
        }
    }
}
