//! What a socket is: identity, and the state behind its lock.

use super::drops::Drops;
use super::event::{Event, EventQueue, Told};
use super::handed_in::Lent;
use super::judge;
use super::memberships::Memberships;
use super::peers::Peers;
use super::quota::Held;
use super::traffic::OpenSocket;
use super::workers::Share;
use super::{Authority, ErrorCode, Family};
use crate::grants::{Basis, Endpoint, Hold, Interface, Sources};
use crate::limits::Limit;
use crate::network::Descriptor;
use crate::sys::BurstOptions;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// What the guest asked for when it created the socket.
#[derive(Copy, Clone, Debug, Default)]
pub(crate) struct CreateFlags {
    pub(crate) reuse_address: bool,
    pub(crate) reuse_port: bool,
    pub(crate) ipv6_only: bool,
    pub(crate) told: Told,
}

/// A datagram socket of a guest. Shared by the table that the guest's handles lead to and by waits in progress.
pub struct Socket {
    id: u32,
    family: Family,
    pub(super) authority: Arc<Authority>,
    state: Mutex<State>,
    /// Its place among the sockets that there may be: a closed one is memory of the host's, too.
    _place: Held,
}

/// Unbound, bound and connected follow from `bound` and `peer`; closed is `descriptor: None`.
pub(super) struct State {
    pub(super) descriptor: Option<Arc<Descriptor>>,
    /// What the kernel may hold for it.
    pub(super) buffers: Held,
    pub(super) policy: judge::Share,
    pub(super) flags: CreateFlags,
    pub(super) bound: Option<Bound>,
    pub(super) peer: Option<Endpoint>,
    /// When it was connected: the peer's names are those of that time.
    pub(super) connected: Option<Instant>,
    pub(super) events: EventQueue,
    /// What bursts tell.
    pub(super) options: BurstOptions,
    /// The kernel or the route has refused to cut segments.
    pub(super) segmentation_off: bool,
    /// The guest's own switch; the kernel's is on only around a send that a broadcast grant covers.
    pub(super) broadcast: bool,
    /// The kernel drops what is not of the only peer.
    pub(super) filtered: bool,
    /// Bytes of the datagram that the limit of the rate has held back last; 0: none since another went.
    pub(super) lacks: u64,
    /// By which datagrams to groups leave; none: the system's choice.
    pub(super) multicast_interface: Option<Interface>,
    pub(super) memberships: Memberships,
    /// The interface that the guest was told of last.
    pub(super) noted: u32,
    /// What the kernel dropped.
    pub(super) drops: Drops,
    /// It is counted as open.
    pub(super) counted: Option<OpenSocket>,
    /// It was closed because its grants are gone.
    withdrawn: bool,
}

/// What a socket that is bound has.
pub(super) struct Bound {
    /// Where, with the port that it got.
    pub(super) local: SocketAddr,
    /// By which right, and with what, as it is judged again.
    pub(super) hold: Hold,
    /// It belongs to the embedder, who handed it in.
    pub(super) lent: Option<Lent>,
    /// Other workers may have the port too.
    pub(super) _share: Option<Share>,
    /// Whom it hears.
    pub(super) sources: Sources,
    /// Who wrote to it (bound by a grant), or whom it wrote to (a client socket).
    pub(super) peers: Peers,
}

impl Socket {
    /// socket(2). `not-supported` for a family that the system lacks, `quota-exceeded` for one more than there may be.
    pub(crate) fn create(
        id: u32,
        family: Family,
        flags: CreateFlags,
        authority: Arc<Authority>,
    ) -> Result<Arc<Socket>, ErrorCode> {
        let place = authority.quota.hold(Limit::Sockets, 1)?;
        let opened = authority
            .network
            .open(id, family.is_ipv6())
            .map_err(|e| match e.raw_os_error() {
                Some(libc::EAFNOSUPPORT) => ErrorCode::NotSupported,
                _ => e.into(),
            })?;
        let buffers = authority.quota.hold(Limit::SocketBufferBytes, opened.buffer_bytes()?)?;
        let state = State::new(Arc::new(opened), flags, buffers, &authority);
        Ok(Socket::new(id, family, authority, state, place))
    }

    pub(super) fn new(
        id: u32,
        family: Family,
        authority: Arc<Authority>,
        mut state: State,
        place: Held,
    ) -> Arc<Socket> {
        state.counted = Some(authority.traffic.open_socket());
        let socket = Arc::new(Socket {
            id,
            family,
            authority,
            state: Mutex::new(state),
            _place: place,
        });
        socket.authority.living.add(&socket);
        socket
    }

    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    pub(crate) fn family(&self) -> Family {
        self.family
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // Whatever panicked had not begun to change the state: every change is the last step of its operation.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it was closed because its grants are gone.
    #[cfg(test)]
    pub(super) fn is_withdrawn(&self) -> bool {
        self.lock().withdrawn
    }

    /// Closes it and frees its port, at once; the guest learns it by the `close` event. Again: nothing.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        self.count_drops(&mut state);
        if let (Some(tape), Some(_)) = (self.authority.network.tape(), &state.descriptor) {
            tape.note(|| format!("close {}", self.id));
        }
        state.close();
    }
}

impl State {
    /// Unbound.
    pub(super) fn new(descriptor: Arc<Descriptor>, flags: CreateFlags, buffers: Held, authority: &Authority) -> State {
        State {
            buffers,
            policy: authority.share(),
            memberships: Memberships::default(),
            multicast_interface: None,
            noted: 0,
            drops: Drops::since(0),
            counted: None,
            descriptor: Some(descriptor),
            flags,
            bound: None,
            peer: None,
            connected: None,
            events: EventQueue::default(),
            options: BurstOptions::default(),
            segmentation_off: false,
            broadcast: false,
            withdrawn: false,
            lacks: 0,
            filtered: false,
        }
    }

    pub(super) fn open(&self) -> Result<Arc<Descriptor>, ErrorCode> {
        self.descriptor
            .clone()
            .ok_or(match self.withdrawn && self.is_told_by_calls() {
                // No event has told why.
                true => ErrorCode::AccessDenied,
                false => ErrorCode::InvalidState,
            })
    }

    pub(super) fn close(&mut self) {
        if let Some(descriptor) = self.descriptor.take() {
            self.leave_all(&descriptor);
            self.buffers.release();
            self.counted = None;
            self.bound = None;
            self.peer = None;
            self.connected = None;
            self.events.retain_messages(|_| false);
            self.tell_own(Event::Close);
        }
    }

    pub(super) fn is_told_by_calls(&self) -> bool {
        self.flags.told == Told::ByCalls
    }

    /// An event that calls tell in their own way. It ends the waits of others even where nobody is told by events.
    pub(super) fn tell_own(&mut self, event: Event) {
        match self.flags.told {
            Told::ByEvents => self.events.push(event),
            Told::ByCalls => self.events.waits.end_all(),
        }
    }

    /// Closes it, because its grants are gone.
    pub(super) fn withdraw(&mut self) {
        self.withdrawn = true;
        // Like `close`, which follows, it needs no room: it comes once.
        self.tell_own(Event::Error(ErrorCode::AccessDenied));
        self.close();
    }

    /// What a guest joined on a socket that was handed in, it does not leave behind. The kernel leaves the groups of others.
    fn leave_all(&mut self, descriptor: &Descriptor) {
        let lent = self.bound.as_ref().is_some_and(|bound| bound.lent.is_some());
        for membership in self.memberships.take().filter(|_| lent) {
            // The interface may be gone, and the membership with it.
            let _ = descriptor.leave(&membership);
        }
    }

    /// Has the kernel tell what bursts tell, and where datagrams came from if that decides who receives them. What bursts
    /// have of it.
    pub(super) fn apply_options(&mut self, descriptor: &Descriptor) -> BurstOptions {
        let wanted = self.options;
        let on = descriptor.configure(BurstOptions {
            packet_info: wanted.packet_info || self.memberships.need_destination(),
            ..wanted
        });
        BurstOptions {
            packet_info: on.packet_info && wanted.packet_info,
            ..on
        }
    }
}

/// It is judged no more, and counted for the last time.
impl Drop for Socket {
    fn drop(&mut self) {
        self.count_drops(&mut self.lock());
        self.authority.living.remove(self);
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if let Some(descriptor) = self.descriptor.take() {
            self.leave_all(&descriptor);
        }
    }
}

impl Bound {
    pub(super) fn basis(&self) -> Basis {
        self.hold.basis()
    }

    pub(super) fn is_client(&self) -> bool {
        self.basis() == Basis::Client
    }

    pub(super) fn is_held_by_others(&self) -> bool {
        self.lent.as_ref().is_some_and(Lent::is_held_by_others)
    }
}
