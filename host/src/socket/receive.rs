//! next-events, and receive(2) for who is told by calls.

use super::buffer::Buffer;
use super::flow::Amount;
use super::state::State;
use super::{ErrorCode, Event, Socket};
use crate::grants::Endpoint;
use crate::limits::Limit;
use crate::sys::{MAX_BATCH, MAX_DATAGRAM_BYTES, ReceiveOptions, Received};
use std::net::SocketAddr;
use std::time::Instant;

/// The most events of one call, whatever the guest asks for.
const MAX_EVENTS: usize = 64;

/// The most unwanted datagrams that one call throws away: a flood must not keep the guest from its other work.
const MAX_DISCARDED: usize = 256;

/// Larger than any datagram: none is cut.
const WHOLE: usize = usize::MAX;

impl Socket {
    /// What has happened, in order, without waiting; at most `max` events, and at most 64.
    pub(crate) fn next_events(&self, max: usize) -> Vec<Event> {
        let max = max.min(MAX_EVENTS);
        let mut state = self.lock();
        let mut list: Vec<Event> = state.events.drain(max).collect();
        if list.len() == max || state.bound.is_none() {
            return list;
        }
        let mut buffer = Buffer::new();
        let told = list.len();
        while list.len() < max {
            // A coalesced datagram is many events: one a call, so that few have to be kept.
            let coalesce = state.options.coalesce;
            let before = list.len();
            let wanted = if coalesce { 1 } else { max - before };
            let received = self.take_from_network(
                &mut state,
                wanted,
                WHOLE,
                &mut buffer,
                0,
                |room, _, source, received| {
                    let remote = self.family().address(source);
                    let data = &room[received.at.clone()];
                    let message = |data: &[u8]| Event::Message {
                        data: data.to_vec(),
                        remote,
                    };
                    match usize::from(received.arrival.segment_size) {
                        0 => list.push(message(data)),
                        segment => list.extend(data.chunks(segment).map(message)),
                    }
                    0
                },
            );
            if let Err(code) = received {
                list.push(Event::Error(code));
                break;
            }
            if !coalesce || list.len() == before {
                break;
            }
        }
        let messages = list[told..].iter().filter_map(|event| match event {
            Event::Message { data, .. } => Some(data.len()),
            _ => None,
        });
        let (datagrams, bytes) = messages.fold((0, 0), |(count, bytes), length| (count + 1, bytes + length));
        self.authority.traffic.count_received(datagrams, bytes);
        for event in list.drain(list.len().min(max)..) {
            state.events.push(event);
        }
        list
    }

    /// recvmmsg(2): the datagrams that are there, without waiting; at most `max`, and at most 64. An error comes alone: behind
    /// datagrams, it is what the next call answers.
    pub(crate) fn receive(&self, max: usize) -> Result<Vec<(Vec<u8>, SocketAddr)>, ErrorCode> {
        let mut state = self.lock();
        state.open()?;
        state.bound.as_ref().ok_or(ErrorCode::InvalidState)?;
        let mut list = vec![];
        if max == 0 {
            return Ok(list);
        }
        if let Some(code) = state.events.take_error() {
            return Err(code);
        }
        let (max, mut buffer) = (max.min(MAX_EVENTS), Buffer::new());
        let received = self.take_from_network(&mut state, max, WHOLE, &mut buffer, 0, |room, _, source, received| {
            let data = room[received.at.clone()].to_vec();
            list.push((data, self.family().address(source)));
            0
        });
        let bytes = list.iter().map(|(data, _)| data.len()).sum();
        self.authority.traffic.count_received(list.len(), bytes);
        match received {
            Err(code) if list.is_empty() => return Err(code),
            Err(code) => state.events.push(Event::Error(code)),
            Ok(()) => {}
        }
        Ok(list)
    }

    /// Receives at most `wanted` datagrams that this socket may see, each cut to `max_bytes`, into `buffer` from `used` on.
    /// Fewer are no sign that no more are there. An error may come after some.
    ///
    /// For each, `take` gets the room that it is in, the bytes at the beginning of the room that are kept already, and
    /// answers how many more it keeps there.
    pub(super) fn take_from_network(
        &self,
        state: &mut State,
        mut wanted: usize,
        max_bytes: usize,
        buffer: &mut Buffer,
        mut used: usize,
        mut take: impl FnMut(&mut [u8], usize, Endpoint, &Received) -> usize,
    ) -> Result<(), ErrorCode> {
        let Some(descriptor) = state.bound.as_ref().and(state.descriptor.clone()) else {
            return Ok(());
        };
        let now = self.authority.network.now();
        self.count_drops_sometimes(state, now);
        let quota = &self.authority.quota;
        let slot = max_bytes.clamp(1, MAX_DATAGRAM_BYTES);
        let end = quota.burst_bytes().min(buffer.len());
        let mut discarded = 0;
        while wanted > 0 && discarded < MAX_DISCARDED {
            // A coalesced datagram fills its room: one a call, so that none has to be moved behind another.
            let most = if state.options.coalesce {
                1
            } else {
                wanted.min(MAX_BATCH)
            };
            let fit = end.saturating_sub(used) / slot;
            if fit == 0 {
                quota.count_exceeded(Limit::BurstBytes);
                return Ok(());
            }
            let mut max = most.min(fit);
            if let Some(flow) = quota.received() {
                match flow.room(max, slot, now) {
                    Ok(room) => max = room,
                    // What is more stays in the kernel.
                    Err(limit) => {
                        quota.count_exceeded(limit);
                        return Ok(());
                    }
                }
            }
            let options = ReceiveOptions {
                max,
                max_bytes,
                arrival: state.options.any() || state.memberships.need_destination(),
            };
            let (mut kept, mut amount) = (0, Amount::default());
            let mut taken = 0;
            let received = descriptor.receive(options, &mut buffer[used..], |room, received| {
                let Some(source) = self.accept(state, &received, now) else {
                    return false;
                };
                taken += 1;
                amount += Amount::of(received.at.len(), received.arrival.segment_size);
                kept += take(room, kept, source, &received);
                true
            });
            wanted -= taken;
            discarded += received.as_ref().map_or(0, |count| count - taken);
            used += kept;
            if let Some(flow) = quota.received() {
                flow.owe(amount);
            }
            match received {
                Ok(count) if count < options.max => {
                    descriptor.found_empty();
                    break;
                }
                Ok(_) => {}
                Err(error) => match ErrorCode::from(error) {
                    ErrorCode::WouldBlock => {
                        descriptor.found_empty();
                        break;
                    }
                    code => return Err(code),
                },
            }
        }
        if discarded >= MAX_DISCARDED {
            self.have_flood_dropped(state);
        }
        Ok(())
    }

    /// The source of a datagram, or none for one that this socket must not see.
    fn accept(&self, state: &mut State, received: &Received, now: Instant) -> Option<Endpoint> {
        let source = Endpoint::new(received.source).ok()?;
        // "Only groups that this socket joined" (grants, rule 9): the kernel's own check is not all of it.
        if state.memberships.need_destination() {
            let (interface, destination) = received.arrival.local?;
            if !state.memberships.delivers(interface, destination, source.ip()) {
                return None;
            }
        }
        // What others sent before connect is still in the kernel's queue after it (grants, rule 5).
        if state.peer.is_some_and(|peer| peer != source) {
            return None;
        }
        let bound = state.bound.as_mut()?;
        // `from` of the bind's grant: a source outside is not even a peer (grants, rule 3).
        if !bound.sources.cover(&source) {
            return None;
        }
        if bound.is_client() {
            // Only exact peers that it wrote to.
            if !bound.peers.contains(&source) {
                return None;
            }
        } else {
            let amount = Amount::of(received.at.len(), received.arrival.segment_size);
            self.note_peer(bound, source, amount, now);
        }
        self.note(state, source.scope_id());
        if let (true, Some((interface, _))) = (state.options.packet_info, received.arrival.local) {
            self.note(state, interface);
        }
        Some(source)
    }
}
