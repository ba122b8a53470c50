//! The one table of errno codes.

use std::io;

/// Why an operation failed, as the guest is told: `error-code` of the contract. The text is the errno's name and meaning.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ErrorCode {
    /// Anything that has no code of its own.
    #[error("unknown error")]
    Unknown,
    /// EACCES, EPERM: refused by the grants or by the kernel.
    #[error("EACCES: access denied")]
    AccessDenied,
    /// EOPNOTSUPP, ENOPROTOOPT
    #[error("EOPNOTSUPP: not supported")]
    NotSupported,
    /// EINVAL, EAFNOSUPPORT
    #[error("EINVAL: invalid argument")]
    InvalidArgument,
    /// EBADF, EISCONN, ENOTCONN, EDESTADDRREQ
    #[error("EBADF: not possible in this state of the socket")]
    InvalidState,
    /// EAGAIN
    #[error("EAGAIN: would block")]
    WouldBlock,
    /// EADDRINUSE
    #[error("EADDRINUSE: address in use")]
    AddressInUse,
    /// EADDRNOTAVAIL
    #[error("EADDRNOTAVAIL: no address of this host")]
    AddressNotBindable,
    /// EMSGSIZE
    #[error("EMSGSIZE: datagram too large")]
    DatagramTooLarge,
    /// ECONNREFUSED
    #[error("ECONNREFUSED: connection refused")]
    ConnectionRefused,
    /// EHOSTUNREACH
    #[error("EHOSTUNREACH: host unreachable")]
    HostUnreachable,
    /// ENETUNREACH
    #[error("ENETUNREACH: network unreachable")]
    NetworkUnreachable,
    /// ENETDOWN
    #[error("ENETDOWN: network down")]
    NetworkDown,
    /// ENODEV, ENXIO
    #[error("ENODEV: no such interface")]
    NoSuchInterface,
    /// ENOBUFS, ENOMEM
    #[error("ENOBUFS: no buffer space")]
    NoBufferSpace,
    /// EDQUOT, EMFILE, ENFILE: a limit of the host
    #[error("EDQUOT: quota exceeded")]
    QuotaExceeded,
    /// EAI_NONAME, EAI_NODATA
    #[error("EAI_NONAME: no such name, or no address of that family")]
    NameUnresolvable,
    /// EAI_AGAIN
    #[error("EAI_AGAIN: no answer of a name server, for now")]
    TemporaryResolverFailure,
    /// EAI_FAIL
    #[error("EAI_FAIL: the name server fails")]
    PermanentResolverFailure,
}

impl ErrorCode {
    /// All of them.
    pub(crate) const ALL: [ErrorCode; 19] = [
        ErrorCode::Unknown,
        ErrorCode::AccessDenied,
        ErrorCode::NotSupported,
        ErrorCode::InvalidArgument,
        ErrorCode::InvalidState,
        ErrorCode::WouldBlock,
        ErrorCode::AddressInUse,
        ErrorCode::AddressNotBindable,
        ErrorCode::DatagramTooLarge,
        ErrorCode::ConnectionRefused,
        ErrorCode::HostUnreachable,
        ErrorCode::NetworkUnreachable,
        ErrorCode::NetworkDown,
        ErrorCode::NoSuchInterface,
        ErrorCode::NoBufferSpace,
        ErrorCode::QuotaExceeded,
        ErrorCode::NameUnresolvable,
        ErrorCode::TemporaryResolverFailure,
        ErrorCode::PermanentResolverFailure,
    ];

    fn from_errno(errno: i32) -> ErrorCode {
        match errno {
            libc::EACCES | libc::EPERM => ErrorCode::AccessDenied,
            libc::EOPNOTSUPP | libc::ENOPROTOOPT => ErrorCode::NotSupported,
            libc::EINVAL | libc::EAFNOSUPPORT => ErrorCode::InvalidArgument,
            libc::EBADF | libc::EISCONN | libc::ENOTCONN | libc::EDESTADDRREQ => ErrorCode::InvalidState,
            libc::EAGAIN => ErrorCode::WouldBlock,
            libc::EADDRINUSE => ErrorCode::AddressInUse,
            libc::EADDRNOTAVAIL => ErrorCode::AddressNotBindable,
            libc::EMSGSIZE => ErrorCode::DatagramTooLarge,
            libc::ECONNREFUSED => ErrorCode::ConnectionRefused,
            libc::EHOSTUNREACH | libc::EHOSTDOWN => ErrorCode::HostUnreachable,
            libc::ENETUNREACH => ErrorCode::NetworkUnreachable,
            libc::ENETDOWN => ErrorCode::NetworkDown,
            libc::ENODEV | libc::ENXIO => ErrorCode::NoSuchInterface,
            libc::ENOBUFS | libc::ENOMEM => ErrorCode::NoBufferSpace,
            libc::EDQUOT | libc::EMFILE | libc::ENFILE => ErrorCode::QuotaExceeded,
            _ => ErrorCode::Unknown,
        }
    }

    /// Whether it can be the answer of the network to an earlier datagram: what Linux makes of ICMP on a connected socket,
    /// too large for a link on the way (EMSGSIZE), prohibited over IPv6 (EACCES), no such protocol (ENOPROTOOPT) and what
    /// has no code of its own (EPROTO, ENONET) included.
    pub(crate) fn may_be_asynchronous(self) -> bool {
        matches!(
            self,
            ErrorCode::AccessDenied
                | ErrorCode::ConnectionRefused
                | ErrorCode::DatagramTooLarge
                | ErrorCode::HostUnreachable
                | ErrorCode::NetworkUnreachable
                | ErrorCode::NotSupported
                | ErrorCode::Unknown
        )
    }
}

impl From<&io::Error> for ErrorCode {
    fn from(error: &io::Error) -> ErrorCode {
        error.raw_os_error().map_or(ErrorCode::Unknown, ErrorCode::from_errno)
    }
}

impl From<io::Error> for ErrorCode {
    fn from(error: io::Error) -> ErrorCode {
        ErrorCode::from(&error)
    }
}
