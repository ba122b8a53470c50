//! `network`, `instance-network`: codes, addresses, and a handle that stands for the network.

use super::bindings::wasi::sockets::{instance_network, network};
use crate::DgramCtxView;
use crate::host::{self, addresses};
use crate::socket::ErrorCode;
use wasmtime::component::Resource;
use wasmtime_wasi_io::streams::Error;

/// What a guest calls its network. It gives nothing: what a guest may do is its grants.
pub struct Network;

pub type Failure = host::Failure<network::ErrorCode>;

addresses!(super::bindings::wasi::sockets::network);

impl network::Host for DgramCtxView<'_> {
    fn convert_error_code(&mut self, failure: Failure) -> wasmtime::Result<network::ErrorCode> {
        failure.code()
    }

    fn network_error_code(&mut self, _: Resource<Error>) -> wasmtime::Result<Option<network::ErrorCode>> {
        // It is about errors of streams: UDP has none, and what other streams have is not of the network.
        Ok(None)
    }
}

impl network::HostNetwork for DgramCtxView<'_> {
    fn drop(&mut self, this: Resource<Network>) -> wasmtime::Result<()> {
        self.table.delete(this)?;
        Ok(())
    }
}

impl instance_network::Host for DgramCtxView<'_> {
    fn instance_network(&mut self) -> wasmtime::Result<Resource<Network>> {
        Ok(self.table.push(Network)?)
    }
}

impl From<ErrorCode> for network::ErrorCode {
    fn from(code: ErrorCode) -> network::ErrorCode {
        match code {
            ErrorCode::Unknown => network::ErrorCode::Unknown,
            ErrorCode::AccessDenied => network::ErrorCode::AccessDenied,
            ErrorCode::NotSupported => network::ErrorCode::NotSupported,
            // A scope id is an argument.
            ErrorCode::InvalidArgument | ErrorCode::NoSuchInterface => network::ErrorCode::InvalidArgument,
            ErrorCode::InvalidState => network::ErrorCode::InvalidState,
            ErrorCode::WouldBlock => network::ErrorCode::WouldBlock,
            ErrorCode::AddressInUse => network::ErrorCode::AddressInUse,
            ErrorCode::AddressNotBindable => network::ErrorCode::AddressNotBindable,
            ErrorCode::DatagramTooLarge => network::ErrorCode::DatagramTooLarge,
            ErrorCode::ConnectionRefused => network::ErrorCode::ConnectionRefused,
            ErrorCode::HostUnreachable | ErrorCode::NetworkUnreachable | ErrorCode::NetworkDown => {
                network::ErrorCode::RemoteUnreachable
            }
            ErrorCode::NoBufferSpace | ErrorCode::QuotaExceeded => network::ErrorCode::OutOfMemory,
            ErrorCode::NameUnresolvable => network::ErrorCode::NameUnresolvable,
            ErrorCode::TemporaryResolverFailure => network::ErrorCode::TemporaryResolverFailure,
            ErrorCode::PermanentResolverFailure => network::ErrorCode::PermanentResolverFailure,
        }
    }
}
