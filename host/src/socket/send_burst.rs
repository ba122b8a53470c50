//! bursts.send: many datagrams a call, judged one by one.

use super::batch::{Batch, Mark};
use super::event::Event;
use super::flow::Amount;
use super::header::{self, Header};
use super::segments::{self, piece, pieces};
use super::state::{Bound, State};
use super::traffic::datagrams;
use super::{ErrorCode, Socket};
use crate::grants::{Bind, Endpoint, Operation, SendPermit, Via};
use crate::limits::Limit;
use crate::network::Descriptor;
use crate::sys::{MAX_BATCH, Outgoing};
use std::io;
use std::net::IpAddr;
use std::time::Instant;

/// How far a burst came: `send-report` of the contract.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SendReport {
    /// Headers that went whole.
    pub(crate) sent: usize,
    /// Bytes of the next header that went too.
    pub(crate) partial: usize,
    /// Why it ended early.
    pub(crate) stopped: Option<ErrorCode>,
}

/// The most system messages of one call: a guest that hands over more is told `would-block`, so that the host's other
/// guests have their turn.
const MAX_MESSAGES: usize = 1024;

impl Socket {
    /// sendmmsg(2), with segmentation where headers ask for it. An unbound socket is bound first.
    pub(crate) fn send_burst(&self, stride: u32, headers: &[u8], payload: &[u8]) -> SendReport {
        let mut report = SendReport::default();
        report.stopped = self.try_send_burst(stride, headers, payload, &mut report).err();
        report
    }

    fn try_send_burst(
        &self,
        stride: u32,
        headers: &[u8],
        payload: &[u8],
        report: &mut SendReport,
    ) -> Result<(), ErrorCode> {
        let mut state = self.lock();
        state.open()?;
        let connected = state.peer.is_some();
        let list = header::read_all(stride, headers, payload.len(), self.family(), connected)?;
        let count = (headers.len() / header::SHORT).min(MAX_BATCH);
        let mut burst = Burst {
            socket: self,
            state: &mut state,
            now: self.authority.network.now(),
            last: None,
            messages: 0,
            bytes: 0,
            datagrams: 0,
            sent_bytes: 0,
            report,
        };
        let mut batch = Batch {
            messages: Vec::with_capacity(count),
            marks: Vec::with_capacity(count),
            broadcast: false,
        };
        let mut rest = payload;
        for (index, header) in list.enumerate() {
            let (data, after) = rest.split_at(header.length);
            rest = after;
            let Judged {
                message,
                target,
                permit,
            } = match burst.judge(&header, data) {
                Ok(judged) => judged,
                // What was judged before it goes first.
                Err(code) => return burst.flush(&mut batch).and(Err(code)),
            };
            if batch.broadcast != permit.broadcast {
                burst.flush(&mut batch)?;
                batch.broadcast = permit.broadcast;
            }
            for whole in pieces(message, burst.state.segmentation_off) {
                if batch.messages.len() == MAX_BATCH {
                    burst.flush(&mut batch)?;
                }
                let amount = match burst.charge(&whole, &target, permit.via) {
                    Ok(amount) => amount,
                    Err(code) => return burst.flush(&mut batch).and(Err(code)),
                };
                let piece = piece(message, &whole.data[..amount.bytes as usize]);
                let end = piece.data.as_ptr().addr() + piece.data.len() - data.as_ptr().addr();
                batch.messages.push(piece);
                batch.marks.push(Mark {
                    index,
                    end,
                    whole: end == data.len(),
                    target,
                    via: permit.via,
                });
                if piece.data.len() < whole.data.len() {
                    return burst.flush(&mut batch).and(Err(ErrorCode::WouldBlock));
                }
            }
        }
        burst.flush(&mut batch)
    }
}

/// A message that may be sent.
struct Judged<'a> {
    message: Outgoing<'a>,
    target: Endpoint,
    permit: SendPermit,
}

/// One call under way.
struct Burst<'a> {
    socket: &'a Socket,
    state: &'a mut State,
    now: Instant,
    /// What was judged last: a run of datagrams to one peer is judged once, as nothing can change under the lock.
    last: Option<(Endpoint, SendPermit, u32)>,
    messages: usize,
    /// Of payload, sent or about to be.
    bytes: usize,
    /// Sent, segments one by one.
    datagrams: usize,
    /// Of payload, sent.
    sent_bytes: usize,
    report: &'a mut SendReport,
}

impl Drop for Burst<'_> {
    fn drop(&mut self) {
        self.socket
            .authority
            .traffic
            .count_sent(self.datagrams, self.sent_bytes);
    }
}

impl Burst<'_> {
    /// The message of a header.
    fn judge<'d>(&mut self, header: &Header, data: &'d [u8]) -> Result<Judged<'d>, ErrorCode> {
        let target = match header.remote {
            Some(remote) => self.socket.family().endpoint(remote, self.state.flags.ipv6_only)?,
            None => self.state.peer.ok_or(ErrorCode::InvalidState)?,
        };
        let (permit, interface) = match self.last {
            // Where a source leads, the interface may be another one.
            Some((last, permit, interface)) if last == target && header.source.is_none() => (permit, interface),
            _ => {
                let socket = self.socket.facts(self.state, &target, self.now);
                let source = header.source.map(|source| source.ip().to_canonical());
                let found = self.socket.reach(self.state, &target, source);
                let permit = self.socket.decide(self.state, target, socket, &found, self.now)?;
                // Other destinations need none: a scope id is in the address.
                (
                    permit,
                    if target.is_multicast() {
                        found.interface.index
                    } else {
                        0
                    },
                )
            }
        };
        self.last = header.source.is_none().then_some((target, permit, interface));
        self.socket.bind_implicitly(self.state)?;
        let mut source = self.source(header)?;
        if source.is_none() && interface != 0 {
            source = self.socket.group_source(self.state, &target);
        }
        let message = Outgoing {
            data,
            // The address that was judged, not the one that was written.
            to: header.remote.map(|_| self.socket.family().address(target)),
            ipv4: target.ip().is_ipv4(),
            segment_size: header.segment_size.unwrap_or(0),
            ecn: header.ecn,
            source,
            interface,
        };
        Ok(Judged {
            message,
            target,
            permit,
        })
    }

    /// How much of a message may go by the limits; it is taken.
    fn charge(&mut self, message: &Outgoing<'_>, target: &Endpoint, via: Via) -> Result<Amount, ErrorCode> {
        let quota = &self.socket.authority.quota;
        let length = message.data.len();
        // One datagram always may: what is longer than any is refused by the kernel.
        if self.bytes > 0 && self.bytes + length > quota.burst_bytes() {
            quota.count_exceeded(Limit::BurstBytes);
            return Err(ErrorCode::WouldBlock);
        }
        self.socket.hear_also(self.state, target)?;
        let amount = self
            .socket
            .charge(self.state, via, target, (length, message.segment_size), self.now)?;
        self.bytes += length;
        Ok(amount)
    }

    /// The address to send from: "only on a socket bound to the wildcard, and judged as a bind to that address" (grants,
    /// rule 6). The socket's own address says nothing new.
    fn source(&self, header: &Header) -> Result<Option<IpAddr>, ErrorCode> {
        let (Some(source), Some(bound)) = (header.source, &self.state.bound) else {
            return Ok(None);
        };
        let source = self.socket.family().endpoint(source, self.state.flags.ipv6_only)?;
        let local = bound.local.ip().to_canonical();
        if source.ip() == local {
            return Ok(None);
        }
        if !local.is_unspecified() {
            return Err(ErrorCode::InvalidArgument);
        }
        let local = source.with_port(bound.local.port());
        let interface = self.socket.zone(self.state, &local);
        self.socket.authority.decide(&Bind {
            local,
            dual_stack: false,
            reuse: false,
            interface,
        })?;
        Ok(Some(source.ip()))
    }

    fn flush(&mut self, batch: &mut Batch<'_>) -> Result<(), ErrorCode> {
        if batch.messages.is_empty() {
            return Ok(());
        }
        let descriptor = self.state.open()?;
        let result = descriptor.with_broadcast(batch.broadcast, || self.send(&descriptor, batch))?;
        if result.is_err() {
            self.give_back(batch);
        }
        batch.messages.clear();
        batch.marks.clear();
        result
    }

    /// What was charged, and did not go.
    fn give_back(&mut self, batch: &Batch<'_>) {
        for (mark, amount) in batch.left(self.report) {
            self.socket.give_back(self.state, mark.via, &mark.target, amount);
        }
    }

    fn send(&mut self, socket: &Descriptor, batch: &Batch<'_>) -> Result<(), ErrorCode> {
        let (messages, marks) = (&batch.messages[..], &batch.marks[..]);
        let mut done = 0;
        let mut late = None;
        while done < messages.len() {
            if self.messages >= MAX_MESSAGES {
                return Err(ErrorCode::WouldBlock);
            }
            match socket.send_batch(&messages[done..]) {
                Ok(count) => {
                    self.tell(late.take());
                    for mark in &marks[done..done + count] {
                        self.went(mark);
                    }
                    self.note(&messages[done..done + count]);
                    self.messages += count;
                    for message in &messages[done..done + count] {
                        self.datagrams += datagrams(message.data.len(), message.segment_size);
                        self.sent_bytes += message.data.len();
                    }
                    done += count;
                }
                Err(error) => {
                    let code = ErrorCode::from(&error);
                    if messages[done].segment_size != 0 && segments::refused(&error) {
                        self.state.segmentation_off |= segments::never(&error);
                        self.send_segments(socket, messages[done], &marks[done])?;
                        done += 1;
                    } else if late.is_none() && self.is_late(code) {
                        late = Some(code);
                    } else {
                        self.tell(late.filter(|late| *late != code));
                        return Err(self.failed(&messages[done], error));
                    }
                }
            }
        }
        Ok(())
    }

    /// One message's segments as datagrams of their own, where kernel or route cannot cut them.
    fn send_segments(&mut self, socket: &Descriptor, message: Outgoing<'_>, mark: &Mark) -> Result<(), ErrorCode> {
        let start = mark.end - message.data.len();
        let list: Vec<Outgoing<'_>> = pieces(message, true).collect();
        let mut end = start;
        let mut done = 0;
        while done < list.len() {
            let count = match socket.send_batch(&list[done..]) {
                Ok(count) => count,
                Err(error) => return Err(self.failed(&list[done], error)),
            };
            let bytes = list[done..done + count]
                .iter()
                .map(|piece| piece.data.len())
                .sum::<usize>();
            end += bytes;
            self.sent_bytes += bytes;
            done += count;
            self.messages += count;
            self.datagrams += count;
            self.went(&Mark {
                end,
                whole: mark.whole && done == list.len(),
                ..*mark
            });
            self.note(&list[..1]);
        }
        Ok(())
    }

    fn went(&mut self, mark: &Mark) {
        (self.report.sent, self.report.partial) = if mark.whole {
            (mark.index + 1, 0)
        } else {
            (mark.index, mark.end)
        };
    }

    /// A client socket hears from whom it wrote to.
    fn note(&mut self, messages: &[Outgoing<'_>]) {
        if !self.state.bound.as_ref().is_some_and(Bound::is_client) {
            return;
        }
        let mut noted = None;
        for message in messages {
            // A run of datagrams to one peer is noted once.
            if noted == Some(message.to) {
                continue;
            }
            noted = Some(message.to);
            if let Some(peer) = message.to.map_or(self.state.peer, |to| Endpoint::new(to).ok()) {
                self.socket.note_written_to(self.state, peer, self.now);
            }
        }
    }

    /// Whether an error may be the network's answer to an earlier datagram, and there is room to tell it.
    fn is_late(&self, code: ErrorCode) -> bool {
        self.state.peer.is_some() && code.may_be_asynchronous() && self.state.events.reserve(1).is_ok()
    }

    fn tell(&mut self, late: Option<ErrorCode>) {
        if let Some(code) = late {
            self.state.events.push(Event::Error(code));
        }
    }

    fn failed(&self, message: &Outgoing<'_>, error: io::Error) -> ErrorCode {
        let peer = self.state.peer.map(|peer| self.socket.family().address(peer));
        let address = message.to.or(peer).unwrap_or(self.socket.family().any());
        match self.state.open() {
            Ok(descriptor) => self.socket.failed(&descriptor, Operation::Send, address, error),
            Err(closed) => closed,
        }
    }
}
