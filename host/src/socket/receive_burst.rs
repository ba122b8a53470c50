//! bursts.receive and bursts.configure.

use super::buffer::Buffer;
use super::event::Event;
use super::header;
use super::traffic::datagrams;
use super::{ErrorCode, Socket};
use crate::grants::Endpoint;
use crate::sys::{Arrival, BurstOptions, MAX_BATCH, Received};

/// Datagrams, packed: `burst` of the contract.
#[derive(Debug)]
pub(crate) struct ReceivedBurst {
    /// Bytes from one header to the next.
    pub(crate) stride: usize,
    pub(crate) headers: Vec<u8>,
    pub(crate) payload: Payload,
    /// An event of another kind is next.
    pub(crate) more_events: bool,
}

/// The beginning of a buffer, which goes back when nobody reads it any more.
#[derive(Debug)]
pub(crate) struct Payload {
    buffer: Buffer,
    length: usize,
}

impl AsRef<[u8]> for Payload {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[..self.length]
    }
}

/// What the kernel coalesces at most: a smaller buffer would lose whole datagrams.
const COALESCED_BYTES: usize = 65_535;

impl Socket {
    /// Switches on and off what bursts tell; what is on now.
    pub(crate) fn configure(&self, options: BurstOptions) -> Result<BurstOptions, ErrorCode> {
        let mut state = self.lock();
        let descriptor = state.open()?;
        state.options = options;
        state.options = state.apply_options(&descriptor);
        Ok(state.options)
    }

    /// recvmmsg(2): at most `max` datagrams (and at most 64), each cut to `max_bytes_each`.
    pub(crate) fn receive_burst(&self, max: usize, max_bytes_each: usize) -> Result<ReceivedBurst, ErrorCode> {
        let max = max.min(MAX_BATCH);
        let mut state = self.lock();
        if let Err(closed) = state.open() {
            // An error that it was closed with is told by whichever comes first.
            return Err(state.events.take_error().unwrap_or(closed));
        }
        if state.options.coalesce && max_bytes_each < COALESCED_BYTES {
            return Err(ErrorCode::InvalidArgument);
        }
        if let Some(code) = state.events.take_error() {
            return Err(code);
        }
        let stride = if state.options.packet_info {
            header::LONG
        } else {
            header::SHORT
        };
        let mut headers = Vec::with_capacity(max * stride);
        let (mut buffer, mut length) = (Buffer::new(), 0);
        // What `next-events` had to leave of a coalesced datagram.
        while headers.len() < max * stride
            && let Some((data, remote)) = state.events.take_message()
        {
            let source = Endpoint::new(remote).map_err(|_| ErrorCode::Unknown)?;
            let bytes = data.len().min(max_bytes_each);
            buffer[length..length + bytes].copy_from_slice(&data[..bytes]);
            length += bytes;
            header::write(
                &mut headers,
                stride,
                bytes,
                source,
                bytes < data.len(),
                &Arrival::default(),
            );
        }
        let before = headers.len() / stride;
        if state.events.is_empty() && before < max {
            let (mut received_bytes, mut count) = (0, 0);
            let received = self.take_from_network(
                &mut state,
                max - before,
                max_bytes_each,
                &mut buffer,
                length,
                |room, kept, source, received| {
                    let Received {
                        at, truncated, arrival, ..
                    } = received;
                    if at.start != kept {
                        room.copy_within(at.clone(), kept);
                    }
                    header::write(&mut headers, stride, at.len(), source, *truncated, arrival);
                    received_bytes += at.len();
                    count += datagrams(at.len(), arrival.segment_size);
                    at.len()
                },
            );
            length += received_bytes;
            self.authority.traffic.count_received(count, received_bytes);
            match received {
                Ok(()) => {}
                Err(code) if headers.is_empty() => return Err(code),
                Err(code) => state.events.push(Event::Error(code)),
            }
        }
        Ok(ReceivedBurst {
            stride,
            headers,
            payload: Payload { buffer, length },
            more_events: state.events.next_is_no_message(),
        })
    }
}
