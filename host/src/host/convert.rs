//! Values of the contract to values of the core, and back. Addresses have a module of their own.

use crate::bindings::datagrant::dgram::types;
use crate::socket::{CreateFlags, ErrorCode, Event, InterfaceRef, Told};

impl From<ErrorCode> for types::ErrorCode {
    fn from(code: ErrorCode) -> types::ErrorCode {
        match code {
            ErrorCode::Unknown => types::ErrorCode::Unknown,
            ErrorCode::AccessDenied => types::ErrorCode::AccessDenied,
            ErrorCode::NotSupported => types::ErrorCode::NotSupported,
            ErrorCode::InvalidArgument => types::ErrorCode::InvalidArgument,
            ErrorCode::InvalidState => types::ErrorCode::InvalidState,
            ErrorCode::WouldBlock => types::ErrorCode::WouldBlock,
            ErrorCode::AddressInUse => types::ErrorCode::AddressInUse,
            ErrorCode::AddressNotBindable => types::ErrorCode::AddressNotBindable,
            ErrorCode::DatagramTooLarge => types::ErrorCode::DatagramTooLarge,
            ErrorCode::ConnectionRefused => types::ErrorCode::ConnectionRefused,
            ErrorCode::HostUnreachable => types::ErrorCode::HostUnreachable,
            ErrorCode::NetworkUnreachable => types::ErrorCode::NetworkUnreachable,
            ErrorCode::NetworkDown => types::ErrorCode::NetworkDown,
            ErrorCode::NoSuchInterface => types::ErrorCode::NoSuchInterface,
            ErrorCode::NoBufferSpace => types::ErrorCode::NoBufferSpace,
            ErrorCode::QuotaExceeded => types::ErrorCode::QuotaExceeded,
            ErrorCode::NameUnresolvable => types::ErrorCode::NameUnresolvable,
            ErrorCode::TemporaryResolverFailure => types::ErrorCode::TemporaryResolverFailure,
            ErrorCode::PermanentResolverFailure => types::ErrorCode::PermanentResolverFailure,
        }
    }
}

impl From<types::CreateFlags> for CreateFlags {
    fn from(flags: types::CreateFlags) -> CreateFlags {
        CreateFlags {
            reuse_address: flags.contains(types::CreateFlags::REUSE_ADDRESS),
            reuse_port: flags.contains(types::CreateFlags::REUSE_PORT),
            ipv6_only: flags.contains(types::CreateFlags::IPV6_ONLY),
            told: Told::ByEvents,
        }
    }
}

impl From<types::InterfaceRef> for InterfaceRef {
    fn from(interface: types::InterfaceRef) -> InterfaceRef {
        match interface {
            types::InterfaceRef::Default => InterfaceRef::Default,
            types::InterfaceRef::Index(index) => InterfaceRef::Index(index),
            types::InterfaceRef::Name(name) => InterfaceRef::Name(name),
            types::InterfaceRef::Address(address) => InterfaceRef::Address(address.into()),
        }
    }
}

impl From<Event> for types::Event {
    fn from(event: Event) -> types::Event {
        match event {
            Event::Listening(local) => types::Event::Listening(local.into()),
            Event::Connect(remote) => types::Event::Connect(remote.into()),
            Event::Message { data, remote } => types::Event::Message(types::Datagram {
                data,
                remote: remote.into(),
            }),
            Event::Error(code) => types::Event::Error(code.into()),
            Event::Close => types::Event::Close,
        }
    }
}
