//! A socket of the system's, written down or not; or what was written down of one.

use super::packets;
use super::words::{self, Batch};
use crate::sys::{self, BindOptions, BurstOptions, Membership, Outgoing, ReceiveOptions, Received, Settings, Watched};
use crate::tape::{Answer, Tape};
use std::io;
use std::net::SocketAddr;

/// What the core has of a socket: what [`sys::Socket`] and [`Watched`] can, by the same names.
#[derive(Debug)]
pub(crate) struct Descriptor {
    id: u32,
    via: Via,
}

#[derive(Debug)]
enum Via {
    System(Watched),
    Recorded(Watched, Tape),
    Replayed(Tape),
}

/// What is told of a socket that was handed in.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) local: SocketAddr,
    pub(crate) ipv6: bool,
    pub(crate) ipv6_only: bool,
    pub(crate) held_by_others: bool,
    pub(crate) buffer_bytes: u64,
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

    pub(crate) fn send(&self, data: &[u8], remote: Option<SocketAddr>) -> io::Result<()> {
        let message = Outgoing {
            data,
            to: remote,
            ipv4: false,
            segment_size: 0,
            ecn: 0,
            source: None,
            interface: 0,
        };
        match &self.via {
            Via::System(watched) => watched.socket().send(data, remote),
            _ => self
                .send_on_tape(&[message], |socket| socket.send(data, remote).map(|()| 1))
                .map(drop),
        }
    }

    pub(crate) fn send_batch(&self, list: &[Outgoing<'_>]) -> io::Result<usize> {
        match &self.via {
            Via::System(watched) => watched.socket().send_batch(list),
            _ => self.send_on_tape(list, |socket| socket.send_batch(list)),
        }
    }

    #[cold]
    fn send_on_tape(
        &self,
        list: &[Outgoing<'_>],
        send: impl FnOnce(&sys::Socket) -> io::Result<usize>,
    ) -> io::Result<usize> {
        let list = &list[..list.len().min(sys::MAX_BATCH)];
        let mut question = format!("send {}", self.id);
        for (i, message) in list.iter().enumerate() {
            question += if i > 0 { "," } else { "" };
            words::message(&mut question, message);
        }
        match &self.via {
            Via::System(watched) => send(watched.socket()),
            Via::Recorded(watched, tape) => {
                let sent = send(watched.socket());
                let went = &list[..*sent.as_ref().unwrap_or(&0)];
                let datagrams = packets::sent(tape, self.id, watched.socket(), went);
                if let Some(recorder) = tape.recorder() {
                    recorder.step(&question, &sent.to_text(), datagrams);
                }
                sent
            }
            Via::Replayed(tape) => {
                let data: Vec<&[u8]> = list.iter().map(|message| message.data).collect();
                let sent: io::Result<usize> = tape.again(&question, &data).0;
                sent.and_then(|count| if count > list.len() { Err(garbled()) } else { Ok(count) })
            }
        }
    }

    /// `take` says whether the socket may see the datagram: what it may not is no part of a recording.
    pub(crate) fn receive(
        &self,
        options: ReceiveOptions,
        buffer: &mut [u8],
        mut take: impl FnMut(&mut [u8], Received) -> bool,
    ) -> io::Result<usize> {
        match &self.via {
            Via::System(watched) => watched.socket().receive(options, buffer, |room, received| {
                take(room, received);
            }),
            Via::Recorded(watched, tape) => self.receive_and_tell(watched.socket(), tape, options, buffer, take),
            Via::Replayed(tape) => {
                let (answer, data) = tape.again::<io::Result<Batch>>(&self.question_of(options), &[]);
                let Batch { count, taken } = answer?;
                if count > options.max {
                    return Err(garbled());
                }
                let mut rest = &data[..];
                for (i, mut received) in taken.into_iter().enumerate() {
                    let at = i * options.max_bytes.clamp(1, sys::MAX_DATAGRAM_BYTES);
                    let length = received.at.len();
                    let data = rest.split_off(..length).ok_or_else(garbled)?;
                    let room = buffer.get_mut(at..at + length).ok_or_else(garbled)?;
                    room.copy_from_slice(data);
                    received.at = at..at + length;
                    take(buffer, received);
                }
                Ok(count)
            }
        }
    }

    #[cold]
    fn receive_and_tell(
        &self,
        socket: &sys::Socket,
        tape: &Tape,
        options: ReceiveOptions,
        buffer: &mut [u8],
        mut take: impl FnMut(&mut [u8], Received) -> bool,
    ) -> io::Result<usize> {
        let bound = socket.local_address().ok();
        let (mut batch, mut datagrams) = (Batch::default(), 0);
        let arrival = ReceiveOptions {
            arrival: true,
            ..options
        };
        let count = socket.receive(arrival, buffer, |room, received| {
            // Whoever takes it may move it.
            let data = room[received.at.clone()].to_vec();
            if take(room, received.clone()) {
                datagrams += packets::received(tape, self.id, bound, &received, &data);
                batch.taken.push(received);
            }
        });
        let answer = count.map(|count| Batch { count, ..batch });
        if let Some(recorder) = tape.recorder() {
            recorder.step(&self.question_of(options), &answer.to_text(), datagrams);
        }
        answer.map(|batch| batch.count)
    }

    fn question_of(&self, options: ReceiveOptions) -> String {
        let ReceiveOptions { max, max_bytes, .. } = options;
        format!("receive {} {max} {}", self.id, max_bytes.min(sys::MAX_DATAGRAM_BYTES))
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

/// A recording says what no system would.
fn garbled() -> io::Error {
    io::Error::from_raw_os_error(libc::EPROTO)
}

fn clone_error(error: &io::Error) -> io::Error {
    io::Error::from_raw_os_error(error.raw_os_error().unwrap_or(libc::EIO))
}

impl Answer for Taken {
    fn to_text(&self) -> String {
        let Taken {
            local,
            ipv6,
            ipv6_only,
            held_by_others,
            buffer_bytes,
        } = self;
        format!("{local} {ipv6} {ipv6_only} {held_by_others} {buffer_bytes}")
    }

    fn from_text(text: &str) -> Option<Taken> {
        let mut words = text.split(' ');
        let mut word = || words.next();
        Some(Taken {
            local: word()?.parse().ok()?,
            ipv6: word()?.parse().ok()?,
            ipv6_only: word()?.parse().ok()?,
            held_by_others: word()?.parse().ok()?,
            buffer_bytes: word()?.parse().ok()?,
        })
    }

    fn none() -> Taken {
        Taken {
            local: SocketAddr::none(),
            ipv6: false,
            ipv6_only: false,
            held_by_others: false,
            buffer_bytes: 0,
        }
    }
}
