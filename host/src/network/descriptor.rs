//! A socket of the system's, written down or not; or what was written down of one.

use super::words;
use crate::sys::{self, BindOptions, BurstOptions, Membership, Settings, Watched};
use crate::tape::{Answer, Tape};
use std::io;
use std::net::SocketAddr;

/// What the core has of a socket: what [`sys::Socket`] and [`Watched`] can, by the same names.
#[derive(Debug)]
pub(crate) struct Descriptor {
    pub(super) id: u32,
    pub(super) via: Via,
}

#[derive(Debug)]
pub(super) enum Via {
    System(Watched),
    Recorded(Watched, Tape),
    Replayed(Tape),
}

impl Descriptor {
    pub(super) fn open(id: u32, ipv6: bool, tape: Option<Tape>) -> io::Result<Descriptor> {
        let question = || format!("open {id} {}", words::family(ipv6));
        match tape {
            None => Ok(Descriptor::system(id, sys::Socket::open(ipv6)?, None)),
            Some(tape) if tape.is_replay() => {
                tape.ask::<io::Result<()>>(question, || Ok(()))?;
                Ok(Descriptor::replayed(id, tape))
            }
            Some(tape) => {
                let opened = sys::Socket::open(ipv6);
                tape.ask(question, || opened.as_ref().map(drop).map_err(clone_error))?;
                Ok(Descriptor::system(id, opened?, Some(tape)))
            }
        }
    }

    /// A socket that is there already.
    pub(crate) fn system(id: u32, socket: sys::Socket, tape: Option<Tape>) -> Descriptor {
        let via = match tape {
            None => Via::System(Watched::new(socket)),
            Some(tape) => {
                // A capture has the address that a datagram was sent to.
                socket.configure(with_packet_info(BurstOptions::default()));
                Via::Recorded(Watched::new(socket), tape)
            }
        };
        Descriptor { id, via }
    }

    pub(crate) fn replayed(id: u32, tape: Tape) -> Descriptor {
        let via = Via::Replayed(tape);
        Descriptor { id, via }
    }

    pub(crate) fn bind(&self, local: SocketAddr, options: BindOptions) -> io::Result<()> {
        self.ask(
            |id| words::bind(id, local, options),
            |socket| socket.bind(local, options),
        )
    }

    pub(crate) fn let_others_in(&self) -> io::Result<()> {
        self.quietly(sys::Socket::let_others_in)
    }

    pub(crate) fn connect(&self, remote: SocketAddr) -> io::Result<()> {
        self.ask(|id| format!("connect {id} {remote}"), |socket| socket.connect(remote))
    }

    pub(crate) fn disconnect(&self, local: SocketAddr, ipv6_only: bool) -> io::Result<()> {
        self.ask(
            |id| format!("disconnect {id} {local}"),
            |socket| socket.disconnect(local, ipv6_only),
        )
    }

    pub(crate) fn configure(&self, options: BurstOptions) -> BurstOptions {
        let question = |id: u32| {
            let BurstOptions {
                packet_info,
                coalesce,
                ecn,
            } = options;
            format!("configure {id} {packet_info} {coalesce} {ecn}")
        };
        match &self.via {
            Via::System(watched) => watched.socket().configure(options),
            Via::Recorded(watched, tape) => tape.ask(
                || question(self.id),
                || {
                    let on = watched.socket().configure(with_packet_info(options));
                    BurstOptions {
                        packet_info: on.packet_info && options.packet_info,
                        ..on
                    }
                },
            ),
            Via::Replayed(tape) => tape.ask(|| question(self.id), BurstOptions::default),
        }
    }

    /// How many datagrams the kernel has dropped here.
    pub(crate) fn dropped(&self) -> io::Result<u32> {
        match &self.via {
            Via::System(watched) | Via::Recorded(watched, _) => watched.socket().dropped(),
            Via::Replayed(_) => Ok(0),
        }
    }

    pub(crate) fn hear_only(&self, source: SocketAddr) -> io::Result<()> {
        self.quietly(|socket| socket.hear_only(source))
    }

    pub(crate) fn hear_all(&self) -> io::Result<()> {
        self.quietly(sys::Socket::hear_all)
    }

    pub(crate) fn restore(&self, settings: &Settings) -> io::Result<()> {
        self.quietly(|socket| socket.restore(settings))
    }

    /// Sends with SO_BROADCAST on, if `on`, and off again afterwards.
    pub(crate) fn with_broadcast<T>(&self, on: bool, send: impl FnOnce() -> T) -> io::Result<T> {
        match &self.via {
            Via::System(watched) | Via::Recorded(watched, _) => watched.socket().with_broadcast(on, send),
            Via::Replayed(_) => Ok(send()),
        }
    }

    pub(crate) fn local_address(&self) -> io::Result<SocketAddr> {
        self.ask(|id| format!("local-address {id}"), sys::Socket::local_address)
    }

    pub(crate) fn interface_index(&self, name: &str) -> io::Result<u32> {
        self.fact(|| words::interface_index(name), |socket| socket.interface_index(name))
    }

    pub(crate) fn interface_name(&self, index: u32) -> io::Result<String> {
        self.fact(|| words::interface_name(index), |socket| socket.interface_name(index))
    }

    pub(crate) fn join(&self, membership: &Membership) -> io::Result<()> {
        self.ask(
            |id| words::member("join", id, membership),
            |socket| socket.join(membership),
        )
    }

    pub(crate) fn leave(&self, membership: &Membership) -> io::Result<()> {
        self.ask(
            |id| words::member("leave", id, membership),
            |socket| socket.leave(membership),
        )
    }

    pub(crate) fn set_multicast_ttl(&self, hops: u8) -> io::Result<()> {
        self.ask(
            |id| format!("multicast-ttl {id} {hops}"),
            |socket| socket.set_multicast_ttl(hops),
        )
    }

    pub(crate) fn set_multicast_loopback(&self, on: bool) -> io::Result<()> {
        self.ask(
            |id| format!("multicast-loopback {id} {on}"),
            |socket| socket.set_multicast_loopback(on),
        )
    }

    pub(crate) fn set_multicast_interface(&self, ipv4: bool, index: u32) -> io::Result<()> {
        self.ask(
            |id| format!("multicast-interface {id} {} {index}", words::family(!ipv4)),
            |socket| socket.set_multicast_interface(ipv4, index),
        )
    }

    pub(crate) fn set_ttl(&self, hops: u8) -> io::Result<()> {
        self.ask(|id| format!("set-ttl {id} {hops}"), |socket| socket.set_ttl(hops))
    }

    pub(crate) fn ttl(&self) -> io::Result<u8> {
        self.ask(|id| format!("ttl {id}"), sys::Socket::ttl)
    }

    pub(crate) fn receive_buffer_bytes(&self) -> io::Result<usize> {
        self.ask(|id| format!("receive-buffer {id}"), sys::Socket::receive_buffer_bytes)
    }

    pub(crate) fn set_receive_buffer_bytes(&self, bytes: usize) -> io::Result<()> {
        self.ask(
            |id| format!("set-receive-buffer {id} {bytes}"),
            |socket| socket.set_receive_buffer_bytes(bytes),
        )
    }

    pub(crate) fn send_buffer_bytes(&self) -> io::Result<usize> {
        self.ask(|id| format!("send-buffer {id}"), sys::Socket::send_buffer_bytes)
    }

    pub(crate) fn set_send_buffer_bytes(&self, bytes: usize) -> io::Result<()> {
        self.ask(
            |id| format!("set-send-buffer {id} {bytes}"),
            |socket| socket.set_send_buffer_bytes(bytes),
        )
    }

    pub(crate) fn buffer_bytes(&self) -> io::Result<u64> {
        self.ask(|id| format!("buffers {id}"), sys::Socket::buffer_bytes)
    }

    pub(crate) fn found_empty(&self) {
        if let Some(watched) = self.watched() {
            watched.found_empty();
        }
    }

    /// Whether a datagram or an error is there; `may_wait`: the next one makes an edge if none is. A replay has what waits
    /// came to, and asks none of these.
    pub(crate) fn has_input(&self, may_wait: bool) -> io::Result<bool> {
        match (self.watched(), may_wait) {
            (Some(watched), true) => watched.has_input(),
            (Some(watched), false) => watched.socket().has_input(),
            (None, _) => Ok(false),
        }
    }

    pub(crate) fn has_room(&self) -> io::Result<bool> {
        self.watched().map_or(Ok(true), |watched| watched.socket().has_room())
    }

    pub(crate) async fn input_edge(&self) -> io::Result<()> {
        match self.watched() {
            Some(watched) => watched.input_edge().await,
            None => std::future::pending().await,
        }
    }

    pub(crate) async fn output_edge(&self) -> io::Result<()> {
        match self.watched() {
            Some(watched) => watched.output_edge().await,
            None => std::future::pending().await,
        }
    }

    fn watched(&self) -> Option<&Watched> {
        match &self.via {
            Via::System(watched) | Via::Recorded(watched, _) => Some(watched),
            Via::Replayed(_) => None,
        }
    }

    fn ask<T: Answer>(
        &self,
        question: impl FnOnce(u32) -> String,
        system: impl FnOnce(&sys::Socket) -> io::Result<T>,
    ) -> io::Result<T> {
        match &self.via {
            Via::System(watched) => system(watched.socket()),
            Via::Recorded(watched, tape) => tape.ask(|| question(self.id), || system(watched.socket())),
            Via::Replayed(tape) => tape.ask(|| question(self.id), || Err(io::ErrorKind::Unsupported.into())),
        }
    }

    fn fact<T: Answer>(
        &self,
        question: impl FnOnce() -> String,
        system: impl FnOnce(&sys::Socket) -> io::Result<T>,
    ) -> io::Result<T> {
        match &self.via {
            Via::System(watched) => system(watched.socket()),
            Via::Recorded(watched, tape) => tape.fact(question, || system(watched.socket())),
            Via::Replayed(tape) => tape.fact(question, || Err(io::ErrorKind::Unsupported.into())),
        }
    }

    /// What the guest learns nothing of.
    fn quietly(&self, system: impl FnOnce(&sys::Socket) -> io::Result<()>) -> io::Result<()> {
        self.watched().map_or(Ok(()), |watched| system(watched.socket()))
    }
}

fn with_packet_info(options: BurstOptions) -> BurstOptions {
    BurstOptions {
        packet_info: true,
        ..options
    }
}

fn clone_error(error: &io::Error) -> io::Error {
    io::Error::from_raw_os_error(error.raw_os_error().unwrap_or(libc::EIO))
}
