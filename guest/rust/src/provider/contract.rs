//! The provider that the component was linked with; on the host, where there is none, an error.

use std::io;
use std::time::{Duration, Instant};

pub(crate) use crate::bindings::bursts;
pub(crate) use crate::bindings::name_lookup::Lookup;
pub(crate) use crate::bindings::sockets::Socket;
use crate::bindings::types::Interest;
use crate::bindings::{granted, zones};
use crate::{CreateFlags, Error, Family};

pub(crate) fn create(family: Family, flags: CreateFlags) -> io::Result<Socket> {
    provided()?;
    Socket::create(family, flags).map_err(|code| Error::new("create", None, code).into())
}

/// Takes a socket that was handed in.
pub(crate) fn take(name: &str) -> io::Result<Socket> {
    provided()?;
    granted::take(name).map_err(|code| Error::named("take", name, code).into())
}

pub(crate) fn granted_names() -> io::Result<Vec<String>> {
    provided()?;
    Ok(granted::names())
}

pub(crate) fn lookup(name: &str, family: Option<Family>) -> io::Result<Lookup> {
    provided()?;
    Lookup::start(name, family).map_err(|code| Error::named("getaddrinfo", name, code).into())
}

pub(crate) fn zone_index(name: &str) -> io::Result<u32> {
    provided()?;
    zones::index(name).map_err(|code| Error::named("if_nametoindex", name, code).into())
}

pub(crate) fn zone_name(index: u32) -> io::Result<String> {
    provided()?;
    zones::name(index).map_err(|code| Error::new("if_indextoname", None, code).into())
}

/// Waits for any of `on`, at most `timeout`. Without a time limit, `on` must not be empty.
pub(crate) fn wait(on: &Interest, timeout: Option<Duration>) -> io::Result<Interest> {
    provided()?;
    let timeout = timeout.map(|t| u64::try_from(t.as_nanos()).unwrap_or(u64::MAX));
    crate::bindings::wait::wait(on, timeout).map_err(|code| Error::new("wait", None, code).into())
}

pub(crate) fn now() -> Instant {
    Instant::now()
}

fn provided() -> io::Result<()> {
    if cfg!(target_family = "wasm") {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "datagrant-guest has no sockets on the host: build for wasm32-wasip2 and run it with `datagrant run`",
    ))
}
