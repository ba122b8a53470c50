//! What a middleware is, beside its sockets.

use crate::Socket;
use crate::inner::{self, types};
use types::{CreateFlags, DurationNs, ErrorCode, Interest, IpAddress, IpAddressFamily};

/// A middleware. Whatever it does not say itself passes on to the provider behind it.
pub trait Middleware: 'static {
    /// What the guest's sockets are.
    type Socket: Socket;

    /// The guest has created a socket.
    fn created(socket: inner::sockets::Socket, flags: CreateFlags) -> Self::Socket;

    /// The guest has taken a socket that was handed in; an error drops it.
    ///
    /// # Errors
    /// What the guest is told.
    fn taken(socket: inner::sockets::Socket) -> Result<Self::Socket, ErrorCode>;

    /// The guest wants to look a name up: an error keeps it from that.
    ///
    /// # Errors
    /// What the guest is told.
    fn look_up(_name: &str, _family: Option<IpAddressFamily>) -> Result<(), ErrorCode> {
        Ok(())
    }

    /// What a name was looked up to be. It may be told again.
    fn looked_up(_name: &str, _addresses: &[IpAddress]) {}

    /// `wait.wait`.
    ///
    /// # Errors
    /// What the guest is told.
    fn wait(on: Interest, timeout: Option<DurationNs>) -> Result<Interest, ErrorCode> {
        inner::wait::wait(&on, timeout)
    }
}
