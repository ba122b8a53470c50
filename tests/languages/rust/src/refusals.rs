//! Errors, by the kinds of std and the names of errno.

use crate::traffic::{A_MOMENT, LOOPBACK, bound, goes_on};
use anyhow::{Result, bail, ensure};
use datagrant_guest::Error;
use std::fmt::Debug;
use std::io::{self, ErrorKind};

/// That it failed, by this name.
pub fn fails<T: Debug>(result: io::Result<T>, name: &str) -> Result<()> {
    match result {
        Err(error) if Error::of(&error).is_some_and(|error| error.name() == name) => Ok(()),
        other => bail!("expected {name}: {other:?}"),
    }
}

pub fn refused() -> Result<()> {
    let (a, gone) = (bound(LOOPBACK)?, bound(LOOPBACK)?);
    a.connect(gone.local_addr()?)?;
    drop(gone);
    a.set_read_timeout(Some(A_MOMENT))?;
    let is_refusal = |error: &io::Error| error.kind() == ErrorKind::ConnectionRefused;
    // The answer to the first comes at the earliest with what follows it.
    for _ in 0..100 {
        let told = a.send(b"is anybody there").and_then(|_| a.recv(&mut [0; 100]));
        match told {
            Err(error) if is_refusal(&error) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            other => bail!("expected ECONNREFUSED: {other:?}"),
        }
    }
    bail!("nothing was told")
}

pub fn in_use() -> Result<()> {
    let first = bound(LOOPBACK)?;
    let again = datagrant_guest::UdpSocket::bind(first.local_addr()?).map(|socket| socket.id());
    fails(again, "EADDRINUSE")
}

pub fn too_long() -> Result<()> {
    let (a, b) = (bound(LOOPBACK)?, bound(LOOPBACK)?);
    fails(a.send_to(&[0; 65_508], b.local_addr()?), "EMSGSIZE")?;
    goes_on(&a)
}

pub fn denied() -> Result<()> {
    let a = bound(LOOPBACK)?;
    let told = a.send_to(b"nobody said that it may", "192.0.2.1:9");
    ensure!(
        matches!(&told, Err(error) if error.kind() == ErrorKind::PermissionDenied),
        "expected EACCES: {told:?}"
    );
    goes_on(&a)
}
