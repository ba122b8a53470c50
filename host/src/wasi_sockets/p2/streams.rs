//! The streams of `udp`.

use super::Failure;
use super::bindings::wasi::sockets::udp;
use crate::DgramCtxView;
use crate::host::Socket;
use crate::socket::ErrorCode;
use crate::wait::Wanted;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use wasmtime::component::Resource;
use wasmtime_wasi_io::poll::DynPollable;

/// How many datagrams `check-send` permits: as many as one system call takes, where it has to be one.
const PERMITTED: u64 = 64;

/// The streams of a socket: "only the most recently returned pair of streams will be operational".
pub(super) struct Streams {
    socket: Socket,
    current: Arc<AtomicU64>,
}

/// One of a pair.
struct Stream {
    socket: Socket,
    number: u64,
    current: Arc<AtomicU64>,
}

pub struct Incoming(Stream);

pub struct Outgoing {
    stream: Stream,
    /// What `check-send` has permitted, until a send uses it up.
    permitted: u64,
    /// The last send found no room. Until then it is not worth a system call to ask.
    full: bool,
}

impl Streams {
    pub(super) fn of(socket: Socket) -> Streams {
        Streams {
            socket,
            current: Arc::default(),
        }
    }

    /// A new pair, in place of the one before.
    pub(super) fn anew(&self) -> (Incoming, Outgoing) {
        let number = self.current.fetch_add(1, Ordering::Relaxed) + 1;
        let stream = || Stream {
            socket: self.socket.clone(),
            number,
            current: self.current.clone(),
        };
        let outgoing = Outgoing {
            stream: stream(),
            permitted: 0,
            full: false,
        };
        (Incoming(stream()), outgoing)
    }
}

impl Stream {
    fn socket(&self) -> Result<&Socket, ErrorCode> {
        match self.current.load(Ordering::Relaxed) == self.number {
            true => Ok(&self.socket),
            false => Err(ErrorCode::InvalidState),
        }
    }
}

impl udp::HostIncomingDatagramStream for DgramCtxView<'_> {
    fn receive(&mut self, this: Resource<Incoming>, max: u64) -> Result<Vec<udp::IncomingDatagram>, Failure> {
        let max = usize::try_from(max).unwrap_or(usize::MAX);
        let received = self.table.get(&this)?.0.socket()?.receive(max)?;
        let datagram = |(data, remote)| udp::IncomingDatagram {
            data,
            remote_address: SocketAddr::into(remote),
        };
        Ok(received.into_iter().map(datagram).collect())
    }

    fn subscribe(&mut self, this: Resource<Incoming>) -> wasmtime::Result<Resource<DynPollable>> {
        let socket = self.table.get(&this)?.0.socket.clone();
        self.pollable(vec![Wanted::Event(socket)])
    }

    fn drop(&mut self, this: Resource<Incoming>) -> wasmtime::Result<()> {
        self.table.delete(this)?;
        Ok(())
    }
}

impl udp::HostOutgoingDatagramStream for DgramCtxView<'_> {
    fn check_send(&mut self, this: Resource<Outgoing>) -> Result<u64, Failure> {
        let this = self.table.get_mut(&this)?;
        let socket = this.stream.socket()?;
        this.full = this.full && !socket.tells_room().map_err(ErrorCode::from)?;
        this.permitted = if this.full { 0 } else { PERMITTED };
        Ok(this.permitted)
    }

    fn send(&mut self, this: Resource<Outgoing>, datagrams: Vec<udp::OutgoingDatagram>) -> Result<u64, Failure> {
        let this = self.table.get_mut(&this)?;
        if datagrams.is_empty() {
            return Ok(0);
        }
        // "Calling `send` with more datagrams than this function has permitted will trap."
        if datagrams.len() as u64 > std::mem::take(&mut this.permitted) {
            return Err(Failure::Trap(wasmtime::format_err!(
                "more datagrams than check-send permitted"
            )));
        }
        let socket = this.stream.socket()?;
        let mut sent = 0;
        for udp::OutgoingDatagram { data, remote_address } in &datagrams {
            match socket.send(data, remote_address.map(Into::into)) {
                Ok(()) => sent += 1,
                Err(ErrorCode::WouldBlock) => {
                    this.full = true;
                    break;
                }
                // "If at least one datagram has been sent successfully, this function never returns an error."
                Err(_) if sent > 0 => break,
                Err(code) => return Err(code.into()),
            }
        }
        Ok(sent)
    }

    fn subscribe(&mut self, this: Resource<Outgoing>) -> wasmtime::Result<Resource<DynPollable>> {
        let socket = self.table.get(&this)?.stream.socket.clone();
        self.pollable(vec![Wanted::Room(socket)])
    }

    fn drop(&mut self, this: Resource<Outgoing>) -> wasmtime::Result<()> {
        self.table.delete(this)?;
        Ok(())
    }
}
