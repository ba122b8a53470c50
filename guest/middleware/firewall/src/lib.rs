//! A middleware that narrows what a guest may do, by patterns of the grants' own grammar, judged by the grants' own
//! `decide`. The page of [`datagrant_middleware`] says how it is used.

/// The grants of the host, compiled once more: one grammar, and one decision.
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    rustdoc::broken_intra_doc_links,
    reason = "the product's own files, of which the host uses more"
)]
#[path = "../../../../host/src"]
mod library {
    pub mod grants;
    pub mod limits;
    pub mod suggest;
}
mod options;
mod rules;
mod socket;
mod told;

// Where they call each other.
use library::{grants, limits, suggest};

use datagrant_middleware::Middleware;
use datagrant_middleware::inner::{sockets, types};
use options::Options;
use rules::rules;
use socket::Guarded;
use types::{CreateFlags, ErrorCode, IpAddress, IpAddressFamily};

struct Firewall;

impl Middleware for Firewall {
    type Socket = Guarded;

    fn created(socket: sockets::Socket, flags: CreateFlags) -> Guarded {
        Guarded::created(socket, flags)
    }

    fn taken(socket: sockets::Socket) -> Result<Guarded, ErrorCode> {
        Guarded::taken(socket)
    }

    fn look_up(name: &str, _: Option<IpAddressFamily>) -> Result<(), ErrorCode> {
        match name.parse() {
            Ok(name) => rules().permit(&grants::Resolve { name: &name }).map(drop),
            // It is none: the inner provider says so.
            Err(_) => Ok(()),
        }
    }

    fn looked_up(name: &str, addresses: &[IpAddress]) {
        rules().pin(name, addresses);
    }
}

datagrant_middleware::middleware!(Firewall);
datagrant_middleware::options!(Options);
