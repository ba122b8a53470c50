//! Sockets that the embedder opened and hands in: what a bind grant gives, and no connect when several hold one.

use super::drops::Drops;
use super::event::Event;
use super::peers::Peers;
use super::state::{Bound, CreateFlags, State};
use super::{Authority, Family, Socket};
use crate::grants::{Endpoint, HeldBy, Hold, Interface, Sources};
use crate::limits::Limit;
use crate::network::{Descriptor, Taken};
use crate::sys::{self, Settings};
use crate::tape::Tape;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;

/// Why a socket cannot be handed in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// Of another type, protocol or family.
    #[error("it is not a UDP socket over IPv4 or IPv6")]
    NotUdp,
    /// It has no port.
    #[error("it is not bound")]
    NotBound,
    /// It has a peer.
    #[error("it is connected; hand it in without a peer")]
    Connected,
    /// The kernel refuses to tell of it, or to switch it.
    #[error(transparent)]
    Kernel(#[from] io::Error),
}

enum Origin {
    System(sys::Socket, Settings),
    Recording(Tape),
}

/// A socket to hand in.
pub(crate) struct HandedIn {
    origin: Origin,
    told: Taken,
    hold: Hold,
}

impl HandedIn {
    pub(crate) fn new(fd: OwnedFd, held_by_others: bool) -> Result<HandedIn, Unfit> {
        let socket = sys::Socket::adopt(fd)?.ok_or(Unfit::NotUdp)?;
        if socket.is_connected()? {
            return Err(Unfit::Connected);
        }
        if !socket.has_port()? {
            return Err(Unfit::NotBound);
        }
        let (local, settings) = (socket.local_address()?, socket.settings()?);
        let told = Taken {
            local,
            ipv6: socket.is_ipv6(),
            ipv6_only: settings.ipv6_only(),
            held_by_others,
            buffer_bytes: settings.buffer_bytes(),
        };
        HandedIn::told(told, Origin::System(socket, settings))
    }

    /// One that a recording tells of.
    pub(crate) fn recorded(told: Taken, tape: Tape) -> Result<HandedIn, Unfit> {
        HandedIn::told(told, Origin::Recording(tape))
    }

    fn told(told: Taken, origin: Origin) -> Result<HandedIn, Unfit> {
        // Linux binds no link-local address without its zone.
        let endpoint = Endpoint::new(told.local).map_err(|_| Unfit::NotBound)?;
        let hold = Hold {
            local: endpoint,
            any_port: false,
            dual_stack: told.ipv6 && !told.ipv6_only && endpoint.is_unspecified(),
            reuse: false,
            interface: Interface::UNKNOWN,
            by: HeldBy::Name,
        };
        Ok(HandedIn { origin, told, hold })
    }

    /// What a recording tells of it.
    pub(crate) fn tell(&self) -> Taken {
        self.told
    }

    /// What is judged before it is taken: "deny always wins", over what the embedder has handed in too.
    pub(crate) fn hold(&self) -> &Hold {
        &self.hold
    }
}

impl Socket {
    /// A socket that was handed in: bound, and its `listening` is there.
    pub(crate) fn handed_in(id: u32, handed_in: HandedIn, authority: Arc<Authority>) -> Arc<Socket> {
        let HandedIn { origin, told, hold } = handed_in;
        let Taken {
            local, held_by_others, ..
        } = told;
        let family = if told.ipv6 { Family::Ipv6 } else { Family::Ipv4 };
        let flags = CreateFlags {
            ipv6_only: told.ipv6_only,
            ..CreateFlags::default()
        };
        let (descriptor, settings) = match origin {
            Origin::System(socket, settings) => {
                let tape = authority.network.tape().cloned();
                (Descriptor::system(id, socket, tape), Some(settings))
            }
            Origin::Recording(tape) => (Descriptor::replayed(id, tape), None),
        };
        let descriptor = Arc::new(descriptor);
        // The operator has said that the guest is to have it: no limit stands in the way.
        let place = authority.quota.hold_anyway(Limit::Sockets, 1);
        let buffers = authority.quota.hold_anyway(Limit::SocketBufferBytes, told.buffer_bytes);
        let mut state = State::new(descriptor.clone(), flags, buffers, &authority);
        state.bound = Some(Bound {
            local,
            hold,
            lent: Some(Lent {
                descriptor,
                settings,
                held_by_others,
            }),
            _share: None,
            sources: Sources::any(),
            peers: Peers::new(authority.quota.limits()),
        });
        // What others lost before is not this guest's.
        state.drops = Drops::since(state.descriptor.as_ref().map_or(0, |it| it.dropped().unwrap_or(0)));
        state.events.push(Event::Listening(local));
        Socket::new(id, family, authority, state, place)
    }
}

/// A socket that goes back to the embedder, as it came, when the guest's is closed: whoever gets it next, a worker that
/// starts again, finds nothing of this guest but the datagrams that it did not take.
pub(super) struct Lent {
    descriptor: Arc<Descriptor>,
    /// None: of a recording.
    settings: Option<Settings>,
    held_by_others: bool,
}

impl Lent {
    pub(super) fn is_held_by_others(&self) -> bool {
        self.held_by_others
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(settings) = &self.settings {
            // Nobody is left to tell; the next holder is told what it cannot be used for.
            let _ = self.descriptor.restore(settings);
        }
    }
}
