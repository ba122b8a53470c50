//! Error codes of the contract as `io::Error`s: one table, and all that Node's errors carry stays within reach.

mod table;

use std::{fmt, io, net::SocketAddr};

use crate::ErrorCode;
use crate::burst::Sent;
pub(crate) use table::Refusal;
use table::system;

/// What failed, and with what: the inside of the [`io::Error`]s of this crate. [`Error::of`] leads there.
///
/// It has what Node's errors have: [`name`](Self::name) (Node's `code`), [`errno`](Self::errno),
/// [`syscall`](Self::syscall), [`address`](Self::address) with its port, and a text that begins with Node's message.
///
/// ```
/// # fn example(problem: std::io::Error) {
/// use datagrant_guest::{Error, ErrorCode};
///
/// if let Some(error) = Error::of(&problem)
///     && error.code() == ErrorCode::AccessDenied
/// {
///     eprintln!("{problem}"); // bind EACCES 127.0.0.1:53: access denied
///     assert_eq!((error.syscall(), error.name()), ("bind", "EACCES"));
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    syscall: &'static str,
    cause: Cause,
    address: Option<SocketAddr>,
    host: Option<Box<str>>,
    sent: Option<Sent>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// The provider's answer.
    System(ErrorCode),
    /// This crate's own, before any call.
    Refused(Refusal),
}

impl Error {
    pub(crate) fn new(syscall: &'static str, address: Option<SocketAddr>, code: ErrorCode) -> Self {
        Self::with(syscall, Cause::System(code), address)
    }

    /// A refusal of this crate's own: the call does not fit the state of the socket.
    pub(crate) fn refused(syscall: &'static str, refusal: Refusal) -> Self {
        Self::with(syscall, Cause::Refused(refusal), None)
    }

    /// A refusal of this crate's own, because of an address.
    pub(crate) fn refused_for(syscall: &'static str, refusal: Refusal, address: SocketAddr) -> Self {
        Self::with(syscall, Cause::Refused(refusal), Some(address))
    }

    /// What was tried with a name: of a host, a socket or an interface.
    pub(crate) fn named(syscall: &'static str, name: &str, code: ErrorCode) -> Self {
        let host = Some(name.into());
        Self {
            host,
            ..Self::new(syscall, None, code)
        }
    }

    fn with(syscall: &'static str, cause: Cause, address: Option<SocketAddr>) -> Self {
        Self {
            syscall,
            cause,
            address,
            host: None,
            sent: None,
        }
    }

    /// The same error, of a burst that came so far.
    pub(crate) fn after(self, sent: Sent) -> Self {
        let sent = Some(sent);
        Self { sent, ..self }
    }

    /// The inside of an error of this crate. `None` for others, and for a plain [`io::ErrorKind::WouldBlock`], which has
    /// none.
    pub fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    /// What was tried, by the name that it has in Node's errors: `bind`, `connect`, `send`, `recvmsg`, `setTTL`,
    /// `getaddrinfo`, ...
    pub fn syscall(&self) -> &'static str {
        self.syscall
    }

    /// The address that it was tried with, where there was one.
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// The name that it was tried with, such as one that could not be looked up (Node's `hostname`).
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// The code as the contract has it; finer than [`io::ErrorKind`].
    pub fn code(&self) -> ErrorCode {
        match self.cause {
            Cause::System(code) => code,
            Cause::Refused(refusal) => refusal.code(),
        }
    }

    /// The name that Node has for it in `code`: that of the errno (`EADDRINUSE`), or `ERR_SOCKET_ALREADY_BOUND` and the
    /// like.
    pub fn name(&self) -> &'static str {
        match self.cause {
            Cause::System(code) => system(code).name,
            Cause::Refused(refusal) => refusal.name(),
        }
    }

    /// Linux's number of the errno, as in errno(3) (Node's `errno` is the same with a minus). `None` where it is not the
    /// system's error, and for those of name lookup, which are none of errno.
    pub fn errno(&self) -> Option<i32> {
        match self.cause {
            Cause::System(code) => system(code).errno,
            Cause::Refused(_) => None,
        }
    }

    /// Of a burst that was sent: how much went before.
    pub fn sent(&self) -> Option<Sent> {
        self.sent
    }
}

/// `bind EADDRNOTAVAIL 192.0.2.1:80: not an address of this host`: Node's message, and what it means. A refusal of this
/// crate's own: `bind: the socket is bound already`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.syscall)?;
        if let Cause::System(code) = self.cause {
            write!(f, " {}", system(code).name)?;
        }
        match (&self.host, self.address) {
            (Some(host), _) => write!(f, " {host}")?,
            (None, Some(address)) => write!(f, " {address}")?,
            (None, None) => {}
        }
        let text = match self.cause {
            Cause::System(code) => system(code).text,
            Cause::Refused(refusal) => refusal.text(),
        };
        write!(f, ": {text}")
    }
}

impl std::error::Error for Error {}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        match error.code() {
            // Comes often in loops that do not block: without an allocation.
            ErrorCode::WouldBlock if error.sent.is_none() => io::ErrorKind::WouldBlock.into(),
            code => io::Error::new(system(code).kind, error),
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

#[cfg(test)]
#[path = "../tests/error.rs"]
mod tests;
