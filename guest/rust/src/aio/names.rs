//! Names to addresses.

use std::io;
use std::net::{IpAddr, SocketAddr};

use super::ready_to_receive;
use crate::address::Endpoint;
use crate::{Family, ToSocketAddrs, names, provider};

/// The addresses of a name, in the order in which to try them; `family`: of this one only. It takes the right to resolve
/// that name. Dropping the future cancels the lookup.
///
/// ```no_run
/// use datagrant_guest::aio;
///
/// # async fn example() -> std::io::Result<()> {
/// let addresses = aio::lookup("time.example", None).await?; // --allow-resolve time.example
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Those of [`lookup`](crate::lookup).
pub async fn lookup(name: &str, family: Option<Family>) -> io::Result<Vec<IpAddr>> {
    let lookup = provider::lookup(name, family)?;
    loop {
        if let Some(result) = names::answer(&lookup, name) {
            return Ok(result?);
        }
        ready_to_receive(lookup.id()).await?;
    }
}

/// `addresses` without a name that would have to be waited for.
pub(super) async fn resolved(addresses: impl ToSocketAddrs, family: Option<Family>) -> io::Result<Endpoint> {
    Ok(match addresses.endpoint()? {
        Endpoint::Name(name, port) => {
            let found = lookup(&name, family).await?;
            Endpoint::Addresses(found.into_iter().map(|ip| SocketAddr::new(ip, port)).collect())
        }
        other => other,
    })
}
