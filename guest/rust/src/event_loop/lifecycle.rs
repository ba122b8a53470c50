//! The calls that change what a socket is: bind, connect, disconnect, close.

use std::{io, net::SocketAddr};

use super::core::Task;
use super::socket::Phase;
use super::{Outcome, Socket};
use crate::Error;
use crate::address::{self, Endpoint, ToSocketAddrs, from_contract, to_contract};
use crate::error::Refusal;

/// A call that waits until the socket is bound.
pub(super) type Deferred = Box<dyn FnOnce(&Socket) -> io::Result<()>>;
/// A callback of `connect_with`.
type Connected = Box<dyn FnOnce(io::Result<()>) -> io::Result<()>>;

impl Socket {
    /// Binds the socket to the first of the addresses that is of its family; a port alone means every address of this
    /// host, port 0 a free port. Then comes [`on_listening`](Self::on_listening), or an error event.
    ///
    /// While a name is looked up, sends and connects wait, and go in their order when the socket is bound. If it cannot
    /// be, they are dropped, as in Node: the error event tells why.
    pub fn bind(&self, addresses: impl ToSocketAddrs) -> io::Result<()> {
        self.check_unbound()?;
        let local = match addresses.endpoint() {
            Ok(endpoint) => endpoint.literal("bind", self.family()),
            Err(error) => Ok(Err(error)),
        };
        match local {
            Ok(local) => self.finish_bind(local),
            Err((name, port)) => {
                self.inner().binding.set(true);
                self.look_up(name, port, Box::new(|socket, local| socket.finish_bind(local)))
            }
        }
    }

    /// [`bind`](Self::bind) whose error is returned (Node's `bindSync`); answers the address that it got.
    /// [`on_listening`](Self::on_listening) comes all the same, by the loop.
    pub fn bind_sync(&self, local: SocketAddr) -> io::Result<SocketAddr> {
        self.check_unbound()?;
        self.bind_to(Some(local), self.inner().settings.exclusive)
    }

    fn check_unbound(&self) -> io::Result<()> {
        self.check_open("bind")?;
        if self.inner().bound.get() || self.inner().binding.get() {
            return Err(Error::refused("bind", Refusal::AlreadyBound).into());
        }
        Ok(())
    }

    fn finish_bind(&self, local: io::Result<SocketAddr>) -> io::Result<()> {
        self.inner().binding.set(false);
        let bound = local.and_then(|local| self.bind_to(Some(local), self.inner().settings.exclusive));
        let deferred = self.inner().deferred.take();
        match bound {
            Ok(_) => {
                for call in deferred {
                    if let Err(error) = call(self) {
                        self.core()?.owe(Task::Failed(self.clone(), error));
                    }
                }
            }
            Err(error) => {
                self.inner().connecting.set(false);
                self.core()?.owe(Task::Failed(self.clone(), error));
            }
        }
        Ok(())
    }

    fn bind_to(&self, local: Option<SocketAddr>, exclusive: bool) -> io::Result<SocketAddr> {
        let got = self.with_raw("bind", local, |raw| raw.bind(local.map(to_contract), exclusive));
        self.note_implicit_bind();
        got.map(from_contract)
    }

    /// What Node does before it joins a group or looks up where to send: any port, for this instance alone.
    pub(super) fn bind_first(&self) -> io::Result<()> {
        if self.inner().bound.get() || self.inner().binding.get() {
            return Ok(());
        }
        self.bind_to(None, true).map(drop)
    }

    /// Runs `call` when the socket is bound: now, unless its name is being looked up.
    pub(super) fn when_bound(&self, call: impl FnOnce(&Self) -> io::Result<()> + 'static) -> io::Result<()> {
        if !self.inner().binding.get() {
            return call(self);
        }
        self.inner().deferred.borrow_mut().push(Box::new(call));
        Ok(())
    }

    /// Connects the socket to the first of the addresses that is of its family: only datagrams from there are received,
    /// and [`send_connected`](Self::send_connected) goes there. Binds it to a free port first if it is not bound. Then
    /// comes [`on_connect`](Self::on_connect), or an error event. No address and an unspecified one mean loopback.
    pub fn connect(&self, addresses: impl ToSocketAddrs) -> io::Result<()> {
        self.begin_connect(addresses.endpoint(), None)
    }

    /// [`connect`](Self::connect) that tells `done` how it ended; an error then is no event.
    pub fn connect_with<R: Outcome>(
        &self,
        addresses: impl ToSocketAddrs,
        done: impl FnOnce(io::Result<()>) -> R + 'static,
    ) -> io::Result<()> {
        let done: Connected = Box::new(|result| done(result).outcome());
        self.begin_connect(addresses.endpoint(), Some(done))
    }

    /// [`connect`](Self::connect) whose error is returned (Node's `connectSync`). [`on_connect`](Self::on_connect) comes
    /// all the same, by the loop.
    pub fn connect_sync(&self, remote: SocketAddr) -> io::Result<()> {
        self.check_unconnected(&Endpoint::Address(remote))?;
        self.connect_to(address::destination(remote))
    }

    fn check_unconnected(&self, to: &Endpoint) -> io::Result<()> {
        self.check_open("connect")?;
        if self.inner().peer.get().is_some() || self.inner().connecting.get() {
            return Err(Error::refused("connect", Refusal::ConnectedAlready).into());
        }
        if to.is_port_zero() {
            return Err(Error::refused("connect", Refusal::PortZero).into());
        }
        Ok(())
    }

    fn begin_connect(&self, to: io::Result<Endpoint>, done: Option<Connected>) -> io::Result<()> {
        let to = match to {
            Ok(to) => to,
            Err(error) => {
                self.check_open("connect")?;
                return self.finish_connect(Err(error), done);
            }
        };
        self.check_unconnected(&to)?;
        self.inner().connecting.set(true);
        self.when_bound(move |socket| match to.literal("connect", socket.family()) {
            Ok(remote) => socket.finish_connect(remote, done),
            Err((name, port)) => match socket.bind_first() {
                Err(error) => socket.finish_connect(Err(error), done),
                Ok(()) => socket.look_up(
                    name,
                    port,
                    Box::new(|socket, remote| socket.finish_connect(remote, done)),
                ),
            },
        })
    }

    fn finish_connect(&self, remote: io::Result<SocketAddr>, done: Option<Connected>) -> io::Result<()> {
        self.inner().connecting.set(false);
        let result = remote.and_then(|remote| self.connect_to(address::destination(remote)));
        match (done, result) {
            (Some(done), result) => self.core()?.owe(Task::Call(Box::new(|| done(result)))),
            (None, Err(error)) => self.core()?.owe(Task::Failed(self.clone(), error)),
            (None, Ok(())) => {}
        }
        Ok(())
    }

    fn connect_to(&self, remote: SocketAddr) -> io::Result<()> {
        if self.inner().settings.send_block_list.contains(remote.ip()) {
            return Err(Error::refused_for("connect", Refusal::Blocked, remote).into());
        }
        let connected = self.with_raw("connect", Some(remote), |raw| {
            raw.connect(to_contract(remote))?;
            Ok(raw.remote_address().map_or(remote, from_contract))
        });
        self.note_implicit_bind();
        let peer = connected?;
        self.inner().peer.set(Some(peer));
        // Datagrams of others are dropped in the provider; these were taken from it already.
        self.inner().pending.borrow_mut().keep_only(peer);
        self.expect_event();
        Ok(())
    }

    /// Undoes [`connect`](Self::connect); the local port stays.
    pub fn disconnect(&self) -> io::Result<()> {
        self.check_open("disconnect")?;
        if self.inner().peer.get().is_none() {
            return Err(Error::refused("disconnect", Refusal::NotConnected).into());
        }
        self.with_raw("disconnect", None, |raw| raw.disconnect())?;
        self.inner().peer.set(None);
        Ok(())
    }

    /// Closes the socket: no message and no error comes any more, [`on_close`](Self::on_close) comes when the port is
    /// free. Datagrams that are still queued do not go, and their callbacks are told; what waits for a name is dropped
    /// without a word, as in Node. Closing again is an error.
    pub fn close(&self) -> io::Result<()> {
        self.check_open("close")?;
        self.inner().phase.set(Phase::Closing);
        self.with_raw("close", None, |raw| {
            raw.close();
            Ok(())
        })?;
        self.inner().pending.borrow_mut().clear();
        self.forget_lookups();
        self.cancel_sends();
        self.expect_event();
        Ok(())
    }

    /// [`close`](Self::close), or nothing if that was done already (Node's `[Symbol.asyncDispose]`).
    pub fn dispose(&self) {
        if self.is_open() {
            // Nothing else is an error of it.
            let _ = self.close();
        }
    }

    /// Lookups for this socket end, and what waits for them goes.
    pub(super) fn forget_lookups(&self) {
        self.inner().binding.set(false);
        self.inner().connecting.set(false);
        let deferred = self.inner().deferred.take();
        drop(deferred);
        if let Ok(core) = self.core() {
            core.names.cancel(self.id());
        }
    }

    /// Sends and connects bind first, even where they fail then.
    pub(super) fn note_implicit_bind(&self) {
        let bound = &self.inner().bound;
        if !bound.get() && self.with_raw("", None, |raw| raw.local_address()).is_ok() {
            bound.set(true);
            self.expect_event();
        }
    }
}
