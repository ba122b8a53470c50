//! The tables: what each code of the contract is to std, to the system and to a reader, and what this crate refuses.

use std::io::ErrorKind as Kind;

use crate::ErrorCode;

pub(super) struct System {
    /// That of std on Unix for the errno that the contract names; where std has none that can be named (EMSGSIZE,
    /// ENODEV, EBADF), the nearest.
    pub kind: Kind,
    /// As libuv, and so Node, calls it.
    pub name: &'static str,
    /// Linux's.
    pub errno: Option<i32>,
    pub text: &'static str,
}

pub(super) const fn system(code: ErrorCode) -> System {
    const fn row(kind: Kind, name: &'static str, errno: i32, text: &'static str) -> System {
        let errno = if errno == 0 { None } else { Some(errno) };
        System {
            kind,
            name,
            errno,
            text,
        }
    }
    match code {
        ErrorCode::Unknown => row(Kind::Other, "UNKNOWN", 0, "failed, and the provider cannot say why"),
        ErrorCode::AccessDenied => row(Kind::PermissionDenied, "EACCES", 13, "access denied"),
        ErrorCode::NotSupported => row(Kind::Unsupported, "ENOTSUP", 95, "not supported by this provider"),
        ErrorCode::InvalidArgument => row(Kind::InvalidInput, "EINVAL", 22, "invalid argument"),
        ErrorCode::InvalidState => row(Kind::NotConnected, "EBADF", 9, "not in this state of the socket"),
        ErrorCode::WouldBlock => row(Kind::WouldBlock, "EAGAIN", 11, "would block"),
        ErrorCode::AddressInUse => row(Kind::AddrInUse, "EADDRINUSE", 98, "address in use"),
        ErrorCode::AddressNotBindable => {
            let text = "not an address of this host";
            row(Kind::AddrNotAvailable, "EADDRNOTAVAIL", 99, text)
        }
        ErrorCode::DatagramTooLarge => row(Kind::InvalidInput, "EMSGSIZE", 90, "datagram too large"),
        ErrorCode::ConnectionRefused => row(Kind::ConnectionRefused, "ECONNREFUSED", 111, "connection refused"),
        ErrorCode::HostUnreachable => row(Kind::HostUnreachable, "EHOSTUNREACH", 113, "host unreachable"),
        ErrorCode::NetworkUnreachable => row(Kind::NetworkUnreachable, "ENETUNREACH", 101, "network unreachable"),
        ErrorCode::NetworkDown => row(Kind::NetworkDown, "ENETDOWN", 100, "network down"),
        ErrorCode::NoSuchInterface => row(Kind::NotFound, "ENODEV", 19, "no such interface"),
        ErrorCode::NoBufferSpace => row(Kind::OutOfMemory, "ENOBUFS", 105, "no buffer space"),
        ErrorCode::QuotaExceeded => row(Kind::QuotaExceeded, "EDQUOT", 122, "a limit of the host is reached"),
        ErrorCode::NameUnresolvable => row(Kind::NotFound, "ENOTFOUND", 0, "no such name"),
        ErrorCode::TemporaryResolverFailure => row(Kind::Other, "EAI_AGAIN", 0, "the resolver failed for now"),
        ErrorCode::PermanentResolverFailure => row(Kind::Other, "EAI_FAIL", 0, "the resolver failed"),
    }
}

/// What this crate refuses by itself. Most of it is what Node throws; the names are Node's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    AlreadyBound,
    Closed,
    ClosedByProvider,
    Connected,
    ConnectedAlready,
    ConnectedElsewhere,
    NotConnected,
    /// In Node a `setRecvBufferSize` and the like on a socket that is not bound.
    NoBuffer,
    PortZero,
    Blocked,
    Family,
    Hops,
    MulticastHops,
    Cancelled,
    LoopGone,
    LoopRunning,
}

impl Refusal {
    pub(super) const fn code(self) -> ErrorCode {
        match self {
            Self::Blocked => ErrorCode::AccessDenied,
            Self::PortZero | Self::Family | Self::Hops | Self::MulticastHops => ErrorCode::InvalidArgument,
            _ => ErrorCode::InvalidState,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::AlreadyBound => "ERR_SOCKET_ALREADY_BOUND",
            Self::Closed | Self::ClosedByProvider => "ERR_SOCKET_DGRAM_NOT_RUNNING",
            Self::Connected | Self::ConnectedAlready | Self::ConnectedElsewhere => "ERR_SOCKET_DGRAM_IS_CONNECTED",
            Self::NotConnected => "ERR_SOCKET_DGRAM_NOT_CONNECTED",
            Self::NoBuffer => "ERR_SOCKET_BUFFER_SIZE",
            Self::PortZero => "ERR_SOCKET_BAD_PORT",
            Self::Blocked => "ERR_IP_BLOCKED",
            Self::Family | Self::Hops | Self::MulticastHops => "EINVAL",
            Self::Cancelled => "ECANCELED",
            Self::LoopGone | Self::LoopRunning => "ERR_INVALID_STATE",
        }
    }

    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::AlreadyBound => "the socket is bound already",
            Self::Closed => "the socket is closed",
            Self::ClosedByProvider => "the provider has closed the socket",
            Self::Connected => "the socket is connected",
            Self::ConnectedAlready => "the socket is connected already",
            Self::ConnectedElsewhere => "the socket is connected to another address",
            Self::NotConnected => "the socket is not connected",
            Self::NoBuffer => "the socket has no buffers before it is bound",
            Self::PortZero => "port 0 is no destination",
            Self::Blocked => "on the socket's own block list",
            Self::Family => "not an address of the socket's family",
            Self::Hops => "a TTL is 1 to 255 hops",
            Self::MulticastHops => "a multicast TTL is 0 to 255 hops",
            Self::Cancelled => "the socket was closed before the datagram went",
            Self::LoopGone => "its event loop is gone",
            Self::LoopRunning => "the event loop is running",
        }
    }
}
