//! What an embedder builds for each guest.

use crate::GrantsHandle;
use crate::granted::{Granted, HandInError};
use crate::grants::Grants;
use crate::limits::Limits;
use crate::lookup::{Lookup, Lookups};
use crate::network::Network;
use crate::socket::{
    Authority, CreateFlags, ErrorCode, Family, Live, Narrow, Narrowing, Observer, Quota, Socket, Traffic, Workers,
};
use crate::tape::Tape;
use crate::wait::Waitable;
use cap_primitives::net::Pool;
use cap_std::AmbientAuthority;
use cap_std::net::UdpSocket;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

/// The UDP of one guest: what it may do, and the sockets that it has. Without grants it may do nothing.
///
/// Dropping it, with the resource table of its store, closes the guest's sockets.
pub struct DgramCtx {
    authority: Arc<Authority>,
    /// By id, for waits: the same things as in the resource table.
    waitables: HashMap<u32, Waitable>,
    last_id: u32,
    granted: Granted,
    lookups: Lookups,
}

impl DgramCtx {
    /// A context is built from what is granted; nothing is by default.
    pub fn builder() -> DgramCtxBuilder {
        DgramCtxBuilder {
            grants: Grants::default(),
            observer: None,
            narrowing: Narrowing::default(),
            name_servers: vec![],
            granted: Granted::default(),
            quota: Quota::default(),
            traffic: Arc::default(),
            workers: None,
            wasi_sockets_denied: false,
            tape: None,
        }
    }

    /// Replaces the guest's grants while it runs.
    pub fn grants_handle(&self) -> GrantsHandle {
        GrantsHandle::new(&self.authority)
    }

    pub(crate) fn create(&mut self, family: Family, flags: CreateFlags) -> Result<Arc<Socket>, ErrorCode> {
        let id = self.next_id()?;
        let socket = Socket::create(id, family, flags, self.authority.clone())?;
        Ok(self.add(socket))
    }

    pub(crate) fn authority(&self) -> &Authority {
        &self.authority
    }

    pub(crate) fn granted_names(&self) -> impl Iterator<Item = &str> {
        self.granted.names()
    }

    /// The limit of sockets does not stand in the way: the operator has said that the guest is to have this one.
    pub(crate) fn take(&mut self, name: &str) -> Result<Arc<Socket>, ErrorCode> {
        if let Some(tape) = self.authority.network.tape() {
            self.granted.ask(name, tape)?;
        }
        self.authority.decide(self.granted.hold(name)?)?;
        let id = self.next_id()?;
        let socket = Socket::handed_in(id, self.granted.take(name)?, self.authority.clone());
        // Whoever has replaced the grants since they were asked did not find it.
        socket.judge_again();
        Ok(self.add(socket))
    }

    fn add(&mut self, socket: Arc<Socket>) -> Arc<Socket> {
        self.waitables.insert(socket.id(), Waitable::Socket(socket.clone()));
        socket
    }

    pub(crate) fn look_up(&mut self, name: &str, family: Option<Family>) -> Result<Arc<Lookup>, ErrorCode> {
        let lookup = self.start_lookup(name, family)?;
        self.waitables.insert(lookup.id(), Waitable::Lookup(lookup.clone()));
        Ok(lookup)
    }

    /// Of both families, and nothing for the guest to wait for by its id: dropping it is all that ends it.
    pub(crate) fn look_up_apart(&mut self, name: &str) -> Result<Arc<Lookup>, ErrorCode> {
        self.start_lookup(name, None)
    }

    fn start_lookup(&mut self, name: &str, family: Option<Family>) -> Result<Arc<Lookup>, ErrorCode> {
        let id = self.next_id()?;
        self.lookups.start(id, name, family, &self.authority)
    }

    /// What an id stands for. `invalid-state` for one that never was, or whose socket or lookup was dropped.
    pub(crate) fn waitable(&self, id: u32) -> Result<&Waitable, ErrorCode> {
        self.waitables.get(&id).ok_or(ErrorCode::InvalidState)
    }

    /// When the guest has dropped what the id stands for.
    pub(crate) fn forget(&mut self, id: u32) {
        self.waitables.remove(&id);
    }

    /// When the guest has dropped its handle of a socket: closed here and now, also while a pollable still watches it.
    pub(crate) fn close(&mut self, socket: &Socket) {
        self.forget(socket.id());
        socket.close();
    }

    /// Never 0 and never used again, so that an id that a guest kept cannot come to mean another thing.
    fn next_id(&mut self) -> Result<u32, ErrorCode> {
        self.last_id = self.last_id.checked_add(1).ok_or(ErrorCode::QuotaExceeded)?;
        Ok(self.last_id)
    }
}

/// Made by [`DgramCtx::builder`].
pub struct DgramCtxBuilder {
    grants: Grants,
    observer: Option<Box<dyn Observer>>,
    narrowing: Narrowing,
    name_servers: Vec<SocketAddr>,
    granted: Granted,
    quota: Quota,
    traffic: Arc<Traffic>,
    workers: Option<Workers>,
    wasi_sockets_denied: bool,
    tape: Option<Tape>,
}

impl DgramCtxBuilder {
    /// What the guest may do. The token says that this is where the process's own authority over the network is handed
    /// on: [`cap_std::ambient_authority`].
    pub fn grants(mut self, grants: Grants, _: AmbientAuthority) -> Self {
        self.grants = grants;
        self
    }

    /// Who is told when an operation is refused, by the grants or by the kernel; an [`Observer`] may ask to hear of what is
    /// permitted, too. The library itself never prints.
    pub fn on_refusal(mut self, observer: impl Observer + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Code of the embedder's own that the grants have to agree with: it can take away from what they permit, and add
    /// nothing. Given again, each has to permit. [`Narrow`] says what it is asked about, and when.
    pub fn narrow(mut self, code: impl Narrow + 'static) -> Self {
        self.narrowing.by_code(code);
        self
    }

    /// A pool of addresses that the grants have to agree with: each address that the guest binds to by a bind grant,
    /// connects to or sends to, replies too, must be in it as well. Given again, each has to have it.
    ///
    /// The addresses are canonical: IPv4-mapped ones are IPv4, and of one that embeds an IPv4 address the pool must have
    /// both. A bind to port 0 needs port 0, as in cap-std, and ports that the host then picks from granted ones need to be
    /// in it, too. Groups that are joined, names that are looked up and sockets that are handed in are none of its matter.
    ///
    /// It is the `Pool` of cap-primitives, whose check is public; that of cap-std wraps one, and keeps it to itself.
    pub fn pool(mut self, pool: Pool) -> Self {
        self.narrowing.by_pool(pool);
        self
    }

    /// Has `wasi:sockets` answer `access-denied` to everything, whatever is granted: for a guest that reaches the network by
    /// way of another component, and is not to go round that one.
    pub fn deny_wasi_sockets(mut self) -> Self {
        self.wasi_sockets_denied = true;
        self
    }

    /// How much the guest may use, instead of the defaults. What is more is `quota-exceeded`, or waits.
    pub fn limits(self, limits: Limits) -> Self {
        self.quota(&Quota::new(limits))
    }

    /// As [`limits`](Self::limits), where others count together with this guest: the other workers of its service, and those
    /// that come after it.
    pub fn quota(mut self, quota: &Quota) -> Self {
        self.quota = quota.clone();
        self
    }

    /// The name servers that are asked when the guest looks a name up, which the hosts file does not have; none: those of
    /// `/etc/resolv.conf`. No search domains are used. The host itself asks them, whatever the guest may send to: hence the
    /// token.
    pub fn name_servers(mut self, servers: impl IntoIterator<Item = SocketAddr>, _: AmbientAuthority) -> Self {
        self.name_servers = servers.into_iter().collect();
        self
    }

    /// Hands in a socket that is bound already, by name: the guest takes it with `granted.take`, receives from anyone, and
    /// may reply, without a grant. To do more with it (send to others, connect, join, broadcast) takes the grants that it
    /// always takes.
    ///
    /// It is made non-blocking, without broadcast, and blind to multicast groups that it did not join itself. When the
    /// guest's socket is closed, what the guest has changed on it is put back; a clone that the embedder kept goes on with
    /// the same queue.
    ///
    /// # Errors
    /// When it is not a UDP socket, not bound, or connected; when the name is empty, has a `=` or a control character, or
    /// was given before.
    pub fn socket(self, name: impl Into<String>, socket: UdpSocket) -> Result<Self, HandInError> {
        self.hand_in(name.into(), socket, false)
    }

    /// As [`socket`](Self::socket), where others hold the socket or its port too: the workers of a service, of which each
    /// has one of [`bind_group`](crate::bind_group). The guest cannot connect it, which would change it for the others.
    ///
    /// # Errors
    /// As [`socket`](Self::socket).
    pub fn shared_socket(self, name: impl Into<String>, socket: UdpSocket) -> Result<Self, HandInError> {
        self.hand_in(name.into(), socket, true)
    }

    fn hand_in(mut self, name: String, socket: UdpSocket, held_by_others: bool) -> Result<Self, HandInError> {
        self.granted.add(name, socket, held_by_others)?;
        Ok(self)
    }

    /// Where the guest's datagrams are counted, instead of in a place of its own that nobody reads.
    pub fn traffic(mut self, traffic: Arc<Traffic>) -> Self {
        self.traffic = traffic;
        self
    }

    /// Makes the guest one of these workers: it shares the ports that it binds without `exclusive`.
    pub fn workers(mut self, workers: &Workers) -> Self {
        self.workers = Some(workers.clone());
        self
    }

    /// Writes down what the guest's sockets, lookups and waits are told; or tells it again, without any network. See
    /// [`Tape`].
    pub fn tape(mut self, tape: &Tape) -> Self {
        self.tape = Some(tape.clone());
        self
    }

    /// In place of [`socket`](Self::socket), where a recording is run again: it tells what the socket of this name is.
    ///
    /// # Errors
    /// As [`socket`](Self::socket), of the name.
    pub fn recorded_socket(mut self, name: impl Into<String>) -> Result<Self, HandInError> {
        self.granted.add_recorded(name.into())?;
        Ok(self)
    }

    /// The context.
    pub fn build(self) -> DgramCtx {
        let mut authority = Authority::new(self.grants, self.observer);
        authority.quota = self.quota;
        authority.narrowing = self.narrowing;
        authority.traffic = self.traffic;
        authority.network = Network::new(self.tape);
        authority.worker = self.workers.as_ref().map(Workers::join);
        authority.wasi_sockets_denied = self.wasi_sockets_denied;
        DgramCtx {
            authority: Arc::new(authority),
            waitables: HashMap::new(),
            last_id: 0,
            granted: self.granted,
            lookups: Lookups::new(self.name_servers),
        }
    }
}
