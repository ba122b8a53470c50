//! Names to addresses, for programs without an event loop: waits for the answer.

use std::io;
use std::net::IpAddr;

use crate::address::ip_from_contract;
use crate::bindings::types::Interest;
use crate::provider::{self, Lookup};
use crate::{Error, ErrorCode, Family};

/// The addresses of a name, in the order to try them; of one family if it is given. Waits for the answer.
///
/// The name is taken as it is: no search domains, no numeric addresses, no `localhost`
/// ([`ToSocketAddrs`](crate::ToSocketAddrs) knows these). An [`EventLoop`](crate::EventLoop) has a
/// [`lookup`](crate::EventLoop::lookup) of its own, which does not wait.
///
/// # Errors
/// [`io::ErrorKind::PermissionDenied`] without a resolve grant, [`io::ErrorKind::NotFound`] if there is no such name or
/// it has no address of that family, [`io::ErrorKind::InvalidInput`] if it is no name.
///
/// ```no_run
/// for address in datagrant_guest::lookup("example.com", None)? {
///     println!("{address}");
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn lookup(name: &str, family: Option<Family>) -> io::Result<Vec<IpAddr>> {
    let lookup = provider::lookup(name, family)?;
    loop {
        if let Some(result) = answer(&lookup, name) {
            return Ok(result?);
        }
        let on = Interest {
            receive: vec![lookup.id()],
            send: vec![],
        };
        provider::wait(&on, None)?;
    }
}

/// The names of the sockets that the host has bound and handed in, taken or not
/// ([`UdpSocket::granted`](crate::UdpSocket::granted) and [`EventLoop::granted`](crate::EventLoop::granted) take them).
pub fn granted_names() -> io::Result<Vec<String>> {
    provider::granted_names()
}

/// `None` while it is not there.
pub(crate) fn answer(lookup: &Lookup, name: &str) -> Option<Result<Vec<IpAddr>, Error>> {
    match lookup.answer() {
        Err(ErrorCode::WouldBlock) => None,
        Err(code) => Some(Err(Error::named("getaddrinfo", name, code))),
        Ok(all) => Some(Ok(all.into_iter().map(ip_from_contract).collect())),
    }
}

#[cfg(test)]
#[path = "tests/names.rs"]
mod tests;
