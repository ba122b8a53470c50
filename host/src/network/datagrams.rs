//! Datagrams: to the system and from it, with a recorder told of each; or out of a recording.

use super::descriptor::{Descriptor, Via};
use super::packets;
use super::words::{self, Batch};
use crate::sys::{self, Outgoing, ReceiveOptions, Received};
use crate::tape::{Answer, Tape};
use std::io;
use std::net::SocketAddr;

impl Descriptor {
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
}

/// A recording says what no system would.
fn garbled() -> io::Error {
    io::Error::from_raw_os_error(libc::EPROTO)
}
