//! Nothing changes: what `datagrant-pass-through` and `datagrant-pass-through-async` export.

use datagrant_middleware::inner::{sockets, types};
use datagrant_middleware::{Middleware, Socket};
use types::{CreateFlags, ErrorCode};

pub struct PassThrough;

/// The guest's socket: the inner one. A middleware that counts or filters would keep its state here.
pub struct Passing(sockets::Socket);

impl Middleware for PassThrough {
    type Socket = Passing;

    fn created(socket: sockets::Socket, _: CreateFlags) -> Passing {
        Passing(socket)
    }

    fn taken(socket: sockets::Socket) -> Result<Passing, ErrorCode> {
        Ok(Passing(socket))
    }
}

impl Socket for Passing {
    fn inner(&self) -> &sockets::Socket {
        &self.0
    }
}
