//! Error codes of the contract as `io::Error`s: one table, and the code stays within reach.

use std::{fmt, io, net::SocketAddr};

use crate::ErrorCode;
use crate::burst::Sent;

/// What a provider answered, and to what: the inside of the [`io::Error`]s of this crate.
///
/// ```
/// # fn example(problem: std::io::Error) {
/// use datagrant_guest::{Error, ErrorCode};
///
/// let inside = problem.get_ref().and_then(|e| e.downcast_ref::<Error>());
/// if inside.is_some_and(|e| e.code() == ErrorCode::AccessDenied) {
///     eprintln!("{problem}"); // bind 127.0.0.1:53: access denied
/// }
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    operation: &'static str,
    address: Option<SocketAddr>,
    code: ErrorCode,
    detail: Option<&'static str>,
    sent: Option<Sent>,
}

impl Error {
    pub(crate) fn new(operation: &'static str, address: Option<SocketAddr>, code: ErrorCode) -> Self {
        Self {
            operation,
            address,
            code,
            detail: None,
            sent: None,
        }
    }

    /// A refusal of this crate's own: the call does not fit the state of the socket.
    pub(crate) fn state(operation: &'static str, detail: &'static str) -> Self {
        Self {
            operation,
            address: None,
            code: ErrorCode::InvalidState,
            detail: Some(detail),
            sent: None,
        }
    }

    /// The same error, of a burst that came so far.
    pub(crate) fn after(self, sent: Sent) -> Self {
        let sent = Some(sent);
        Self { sent, ..self }
    }

    /// What was tried: `bind`, `connect`, `send`, `receive`, ...
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The address that it was tried with, where there was one.
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// The code as the contract has it; finer than [`io::ErrorKind`].
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// Of a burst that was sent: how much went before.
    pub fn sent(&self) -> Option<Sent> {
        self.sent
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.operation)?;
        if let Some(address) = self.address {
            write!(f, " {address}")?;
        }
        write!(f, ": {}", self.detail.unwrap_or(meaning(self.code).1))
    }
}

impl std::error::Error for Error {}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        match error.code {
            // Comes often in loops that do not block: without an allocation.
            ErrorCode::WouldBlock if error.sent.is_none() => io::ErrorKind::WouldBlock.into(),
            code => io::Error::new(meaning(code).0, error),
        }
    }
}

/// The contract's error code behind `error`, if it came from a provider.
pub fn error_code(error: &io::Error) -> Option<ErrorCode> {
    match error.get_ref() {
        Some(inside) => inside.downcast_ref::<Error>().map(Error::code),
        None => (error.kind() == io::ErrorKind::WouldBlock).then_some(ErrorCode::WouldBlock),
    }
}

/// The table. Kinds are those of std on Unix for the errno that the contract names; where std has none that can be
/// named (EMSGSIZE, ENODEV, EBADF, EISCONN), the nearest.
fn meaning(code: ErrorCode) -> (io::ErrorKind, &'static str) {
    use io::ErrorKind as Kind;
    match code {
        ErrorCode::Unknown => (Kind::Other, "failed, and the provider cannot say why"),
        ErrorCode::AccessDenied => (Kind::PermissionDenied, "access denied"),
        ErrorCode::NotSupported => (Kind::Unsupported, "not supported by this provider"),
        ErrorCode::InvalidArgument => (Kind::InvalidInput, "invalid argument"),
        ErrorCode::InvalidState => (Kind::NotConnected, "not in this state of the socket"),
        ErrorCode::WouldBlock => (Kind::WouldBlock, "would block"),
        ErrorCode::AddressInUse => (Kind::AddrInUse, "address in use"),
        ErrorCode::AddressNotBindable => (Kind::AddrNotAvailable, "not an address of this host"),
        ErrorCode::DatagramTooLarge => (Kind::InvalidInput, "datagram too large"),
        ErrorCode::ConnectionRefused => (Kind::ConnectionRefused, "connection refused"),
        ErrorCode::HostUnreachable => (Kind::HostUnreachable, "host unreachable"),
        ErrorCode::NetworkUnreachable => (Kind::NetworkUnreachable, "network unreachable"),
        ErrorCode::NetworkDown => (Kind::NetworkDown, "network down"),
        ErrorCode::NoSuchInterface => (Kind::NotFound, "no such interface"),
        ErrorCode::NoBufferSpace => (Kind::OutOfMemory, "no buffer space"),
        ErrorCode::QuotaExceeded => (Kind::QuotaExceeded, "a limit of the host is reached"),
        ErrorCode::NameUnresolvable => (Kind::NotFound, "no such name"),
        ErrorCode::TemporaryResolverFailure => (Kind::Other, "the resolver failed for now"),
        ErrorCode::PermanentResolverFailure => (Kind::Other, "the resolver failed"),
    }
}

#[cfg(test)]
#[path = "tests/error.rs"]
mod tests;
