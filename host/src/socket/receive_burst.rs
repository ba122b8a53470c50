//! bursts.receive and bursts.configure.

use super::event::Event;
use super::header;
use super::{ErrorCode, Socket};
use crate::grants::Endpoint;
use crate::sys::{Arrival, BurstOptions, MAX_BATCH};

/// Datagrams, packed: `burst` of the contract.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReceivedBurst {
    /// Bytes from one header to the next.
    pub(crate) stride: usize,
    pub(crate) headers: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    /// An event of another kind is next.
    pub(crate) more_events: bool,
}

/// What the kernel coalesces at most: a smaller buffer would lose whole datagrams.
const COALESCED_BYTES: usize = 65_535;

/// Room for a burst of small datagrams, in bytes; larger ones grow it.
const PAYLOAD_BYTES: usize = 16 * 1024;

impl ReceivedBurst {
    fn new(stride: usize, max: usize) -> ReceivedBurst {
        let headers = Vec::with_capacity(max * stride);
        ReceivedBurst {
            stride,
            headers,
            payload: Vec::new(),
            more_events: false,
        }
    }

    fn count(&self) -> usize {
        self.headers.len() / self.stride
    }

    fn put(&mut self, data: &[u8], source: Endpoint, cut: bool, arrival: &Arrival) {
        if self.payload.capacity() == 0 {
            self.payload.reserve(PAYLOAD_BYTES);
        }
        header::write(&mut self.headers, self.stride, data.len(), source, cut, arrival);
        self.payload.extend_from_slice(data);
    }
}

impl Socket {
    /// Switches on and off what bursts tell; what is on now.
    pub(crate) fn configure(&self, options: BurstOptions) -> Result<BurstOptions, ErrorCode> {
        let mut state = self.lock();
        state.options = state.open()?.socket().configure(options);
        Ok(state.options)
    }

    /// recvmmsg(2): at most `max` datagrams (and at most 64), each cut to `max_bytes_each`.
    pub(crate) fn receive_burst(&self, max: usize, max_bytes_each: usize) -> Result<ReceivedBurst, ErrorCode> {
        let max = max.min(MAX_BATCH);
        let mut state = self.lock();
        state.open()?;
        if state.options.coalesce && max_bytes_each < COALESCED_BYTES {
            return Err(ErrorCode::InvalidArgument);
        }
        if let Some(code) = state.events.take_error() {
            return Err(code);
        }
        let mut burst = ReceivedBurst::new(
            if state.options.packet_info {
                header::LONG
            } else {
                header::SHORT
            },
            max,
        );
        // What `next-events` had to leave of a coalesced datagram.
        while burst.count() < max
            && let Some((data, remote)) = state.events.take_message()
        {
            let source = Endpoint::new(remote).map_err(|_| ErrorCode::Unknown)?;
            let length = data.len().min(max_bytes_each);
            burst.put(&data[..length], source, length < data.len(), &Arrival::default());
        }
        if state.events.is_empty() && burst.count() < max {
            let wanted = max - burst.count();
            let received = self.from_network(&mut state, wanted, max_bytes_each, |source, received| {
                burst.put(received.data, source, received.truncated, &received.arrival);
            });
            match received {
                Ok(()) => {}
                Err(code) if burst.count() == 0 => return Err(code),
                Err(code) => state.events.push(Event::Error(code)),
            }
        }
        burst.more_events = state.events.next_is_no_message();
        Ok(burst)
    }
}
