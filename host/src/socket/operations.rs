//! bind, connect, disconnect, addresses and options.

use super::event::Event;
use super::judge::Judge;
use super::peers::Peers;
use super::state::{Bound, State};
use super::{ErrorCode, Family, Socket};
use crate::grants::{Bind, BindPermit, Connect, Endpoint, Hold, ImplicitBind, Interface, Operation, Ports};
use crate::network::Descriptor;
use crate::sys;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::net::SocketAddr;
use std::time::Instant;

impl Socket {
    /// bind(2). `None` is the unspecified address and port 0. The address that it got. With `exclusive`, no other worker gets
    /// the port.
    pub(crate) fn bind(&self, local: Option<SocketAddr>, exclusive: bool) -> Result<SocketAddr, ErrorCode> {
        let mut state = self.lock();
        state.open()?;
        if state.bound.is_some() {
            return Err(ErrorCode::InvalidState);
        }
        let flags = state.flags;
        let local = self
            .family()
            .endpoint(local.unwrap_or(self.family().any()), flags.ipv6_only)?;
        state.events.reserve(1)?;
        let request = Bind {
            local,
            dual_stack: self.is_dual_stack(&state),
            reuse: flags.reuse_address || flags.reuse_port,
            interface: self.zone(&state, &local),
        };
        let judge = self.authority.judge();
        let permit = judge.decide(&request)?;
        self.bind_as_permitted(&mut state, &judge, &request, permit, exclusive)
    }

    /// What a first send or connect does to an unbound socket. It has been judged itself before.
    pub(super) fn bind_implicitly(&self, state: &mut State) -> Result<(), ErrorCode> {
        if state.bound.is_some() {
            return Ok(());
        }
        state.events.reserve(1)?;
        let request = ImplicitBind {
            ipv6: self.family().is_ipv6(),
            dual_stack: self.is_dual_stack(state),
        };
        let judge = self.authority.judge();
        let permit = judge.decide(&request)?;
        let any = Bind {
            local: self.family().endpoint(self.family().any(), false)?,
            dual_stack: request.dual_stack,
            reuse: false,
            interface: Interface::UNKNOWN,
        };
        self.bind_as_permitted(state, &judge, &any, permit, true).map(drop)
    }

    fn is_dual_stack(&self, state: &State) -> bool {
        self.family() == Family::Ipv6 && !state.flags.ipv6_only
    }

    fn bind_as_permitted(
        &self,
        state: &mut State,
        judge: &Judge<'_>,
        request: &Bind,
        permit: BindPermit,
        exclusive: bool,
    ) -> Result<SocketAddr, ErrorCode> {
        let local = request.local;
        let descriptor = state.open()?;
        let options = sys::BindOptions {
            reuse_address: permit.reuse && state.flags.reuse_address,
            reuse_port: permit.reuse && state.flags.reuse_port,
            ipv6_only: permit.ipv6_only || state.flags.ipv6_only,
        };
        let bind = |to: Endpoint| descriptor.bind(self.family().address(to), options);
        // A port that was asked for by number, and not for the guest's own reuse.
        let worker = self.authority.worker.as_ref().filter(|_| !exclusive && !permit.reuse);
        let mut share = None;
        match &permit.ports {
            Ports::Requested if let Some(worker) = worker => worker
                .bind(&descriptor, self.family().address(local), options)
                .map(|place| share = Some(place)),
            Ports::Requested | Ports::Kernel => bind(local),
            Ports::Within(ports) => {
                let ports = judge.narrowed(request, &permit, ports)?;
                let start = self
                    .authority
                    .network
                    .chance(|| RandomState::new().hash_one(Instant::now()));
                bind_to_one_of(&ports, start as usize, |port| bind(local.with_port(port)))
            }
        }
        .map_err(|e| self.authority.failed(Operation::Bind, local.socket_addr(), e))?;
        let at = descriptor.local_address()?;
        let hold = Hold::of(request, &permit, at.port());
        state.flags.ipv6_only = options.ipv6_only;
        state.bound = Some(Bound {
            local: at,
            sources: judge.sources(&hold),
            hold,
            lent: None,
            _share: share,
            peers: Peers::new(self.authority.quota.limits()),
        });
        state.tell_own(Event::Listening(at));
        self.note_scope(state, at);
        Ok(at)
    }

    /// connect(2): from now on it talks to `remote` alone. The local address. Who is told by calls may change the peer.
    pub(crate) fn connect(&self, remote: SocketAddr) -> Result<SocketAddr, ErrorCode> {
        let mut state = self.lock();
        let descriptor = state.open()?;
        if state.peer.is_some() && !state.is_told_by_calls() {
            return Err(ErrorCode::InvalidState);
        }
        let remote = self.family().endpoint(remote, state.flags.ipv6_only)?;
        state.events.reserve(2)?;
        let found = self.reach(&state, &remote, None);
        let held_by_others = state.bound.as_ref().is_some_and(Bound::is_held_by_others);
        let (judge, now) = (self.authority.judge(), self.authority.network.now());
        judge.with_names(&remote, now, |names| {
            judge.decide(&Connect {
                remote,
                interface: found.interface,
                held_by_others,
                names,
            })
        })?;
        let interface = found.there()?;
        if state.peer.is_some() {
            self.forget_peer(&mut state)?;
        }
        self.bind_implicitly(&mut state)?;
        let address = self.family().address(remote);
        if remote.is_multicast() {
            // The kernel chooses the local address by it.
            descriptor.set_multicast_interface(remote.ip().is_ipv4(), interface.index)?;
        }
        if let Err(e) = descriptor.connect(address) {
            // Linux ties a socket to the zone of the address also when it then finds no way there.
            if remote.scope_id() != 0 {
                self.let_go_of_peer(&mut state)?;
            }
            return Err(self.failed(&descriptor, Operation::Connect, address, e));
        }
        (state.peer, state.connected) = (Some(remote), Some(now));
        state.events.retain_messages(|from| from == address);
        state.tell_own(Event::Connect(address));
        let local = descriptor.local_address()?;
        self.note_scope(&mut state, local);
        Ok(local)
    }

    /// Ends what [`connect`](Self::connect) began; the port stays.
    pub(crate) fn disconnect(&self) -> Result<(), ErrorCode> {
        let mut state = self.lock();
        state.open()?;
        state.peer.ok_or(ErrorCode::InvalidState)?;
        self.forget_peer(&mut state)
    }

    fn forget_peer(&self, state: &mut State) -> Result<(), ErrorCode> {
        self.let_go_of_peer(state)?;
        (state.peer, state.connected) = (None, None);
        if state.is_told_by_calls() {
            // The calls from now on are not about that peer. (An event tells when it was.)
            state.events.take_error();
        }
        Ok(())
    }

    /// The kernel's part of it. A socket whose port somebody else has taken in between is closed.
    fn let_go_of_peer(&self, state: &mut State) -> Result<(), ErrorCode> {
        let descriptor = state.open()?;
        let local = state.bound.as_ref().ok_or(ErrorCode::InvalidState)?.local;
        let done = descriptor.disconnect(local, state.flags.ipv6_only);
        done.map_err(|e| {
            state.close();
            self.authority.failed(Operation::Bind, local, e)
        })
    }

    /// What a failed operation answers. Linux finds no route where it could say that there is no such interface.
    pub(super) fn failed(
        &self,
        descriptor: &Descriptor,
        operation: Operation,
        address: SocketAddr,
        error: io::Error,
    ) -> ErrorCode {
        let zone = match address {
            SocketAddr::V6(address) if error.raw_os_error() == Some(libc::ENETUNREACH) => address.scope_id(),
            _ => 0,
        };
        let missing = (zone != 0).then(|| descriptor.interface_name(zone).err());
        self.authority
            .failed(operation, address, missing.flatten().unwrap_or(error))
    }

    /// getsockname(2)
    pub(crate) fn local_address(&self) -> Result<SocketAddr, ErrorCode> {
        let state = self.lock();
        let descriptor = state.open()?;
        state.bound.as_ref().ok_or(ErrorCode::InvalidState)?;
        Ok(descriptor.local_address()?)
    }

    /// getpeername(2)
    pub(crate) fn remote_address(&self) -> Result<SocketAddr, ErrorCode> {
        let state = self.lock();
        state.open()?;
        let peer = state.peer.ok_or(ErrorCode::InvalidState)?;
        Ok(self.family().address(peer))
    }

    pub(crate) fn set_broadcast(&self, on: bool) -> Result<(), ErrorCode> {
        let mut state = self.lock();
        state.open()?;
        state.broadcast = on;
        Ok(())
    }

    pub(crate) fn set_ttl(&self, hops: u8) -> Result<(), ErrorCode> {
        let state = self.lock();
        let descriptor = state.open()?;
        if hops == 0 {
            return Err(ErrorCode::InvalidArgument);
        }
        Ok(descriptor.set_ttl(hops)?)
    }

    pub(crate) fn ttl(&self) -> Result<u8, ErrorCode> {
        Ok(self.lock().open()?.ttl()?)
    }

    pub(crate) fn receive_buffer_bytes(&self) -> Result<u32, ErrorCode> {
        let bytes = self.lock().open()?.receive_buffer_bytes()?;
        Ok(u32::try_from(bytes).unwrap_or(u32::MAX))
    }

    pub(crate) fn set_receive_buffer_bytes(&self, bytes: u32) -> Result<(), ErrorCode> {
        self.set_buffer_bytes(
            bytes,
            Descriptor::receive_buffer_bytes,
            Descriptor::set_receive_buffer_bytes,
        )
    }

    pub(crate) fn send_buffer_bytes(&self) -> Result<u32, ErrorCode> {
        let bytes = self.lock().open()?.send_buffer_bytes()?;
        Ok(u32::try_from(bytes).unwrap_or(u32::MAX))
    }

    pub(crate) fn set_send_buffer_bytes(&self, bytes: u32) -> Result<(), ErrorCode> {
        self.set_buffer_bytes(bytes, Descriptor::send_buffer_bytes, Descriptor::set_send_buffer_bytes)
    }

    /// The kernel says how much it makes of `bytes` (no more than the system's greatest, and twice of that) only when it is
    /// done. What goes beyond the limit is put back: a size is no memory yet.
    fn set_buffer_bytes(
        &self,
        bytes: u32,
        get: impl Fn(&Descriptor) -> io::Result<usize>,
        set: impl Fn(&Descriptor, usize) -> io::Result<()>,
    ) -> Result<(), ErrorCode> {
        let mut state = self.lock();
        let descriptor = state.open()?;
        let before = get(&descriptor)?;
        set(&descriptor, buffer_bytes(bytes)?)?;
        let held = state.buffers.change(descriptor.buffer_bytes()?);
        if held.is_err() {
            // Linux tells twice of what it was given.
            set(&descriptor, before / 2)?;
        }
        held
    }
}

/// The kernel takes an int.
fn buffer_bytes(bytes: u32) -> Result<usize, ErrorCode> {
    if bytes == 0 {
        Err(ErrorCode::InvalidArgument)
    } else {
        Ok(bytes.min(i32::MAX as u32) as usize)
    }
}

/// The first of `ports` that is free, from `start` on, which is random: in order, a guest could be predicted, and two that start at
/// once would get in each other's way.
fn bind_to_one_of(ports: &[u16], start: usize, bind: impl Fn(u16) -> io::Result<()>) -> io::Result<()> {
    let mut last = io::Error::from_raw_os_error(libc::EADDRINUSE);
    for i in 0..ports.len() {
        match bind(ports[start.wrapping_add(i) % ports.len()]) {
            Ok(()) => return Ok(()),
            // Taken, or below the host's first unprivileged port: the next one may do.
            Err(e) if matches!(e.raw_os_error(), Some(libc::EADDRINUSE | libc::EACCES)) => last = e,
            Err(e) => return Err(e),
        }
    }
    Err(last)
}
