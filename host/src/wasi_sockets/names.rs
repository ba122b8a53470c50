//! What both versions say of names.

use crate::DgramCtx;
use crate::grants::Name;
use crate::host::Lookup;
use crate::lookup;
use crate::socket::ErrorCode;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Addresses of a name, or where they will be.
pub(super) enum Addresses {
    /// Without asking anybody.
    Known(Vec<IpAddr>),
    Lookup(Lookup),
}

impl Addresses {
    /// Looks `name` up, under `resolve`. What asks nobody takes no grant: "If the input is an IP address string, the address is
    /// parsed and returned as-is", and localhost is loopback (RFC 6761 section 6.3), IPv4 first, as programs of this interface
    /// have seldom an IPv6 socket.
    pub(super) fn of(name: &str, ctx: &mut DgramCtx) -> Result<Addresses, ErrorCode> {
        ctx.authority().gives_wasi_sockets()?;
        let name = &lookup::to_ascii(name)?;
        if let Ok(ip) = name.parse::<IpAddr>() {
            // "This function never returns IPv4-mapped IPv6 addresses."
            return Ok(Addresses::Known(vec![ip.to_canonical()]));
        }
        if name.parse().is_ok_and(|name: Name| name.is_localhost()) {
            let loopback = vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
            return Ok(Addresses::Known(loopback));
        }
        ctx.look_up_apart(name).map(Addresses::Lookup).map_err(code)
    }

    /// `would-block` until they are there.
    pub(super) fn get(&self) -> Result<Vec<IpAddr>, ErrorCode> {
        match self {
            Addresses::Known(known) => Ok(known.clone()),
            Addresses::Lookup(lookup) => lookup.answer().map_err(code),
        }
    }
}

/// Neither version has a code for too many lookups: it is a failure that passes.
fn code(code: ErrorCode) -> ErrorCode {
    match code {
        ErrorCode::QuotaExceeded => ErrorCode::TemporaryResolverFailure,
        other => other,
    }
}
