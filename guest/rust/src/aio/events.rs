//! What happens on a socket, as a stream.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::UdpSocket;
use crate::{ErrorCode, error_code};

/// No datagram is longer.
const MAX_BYTES: usize = 65_535;

/// What happened on a socket. (`listening` and `connect` of the contract are the answers of `bind` and `connect` here.)
#[derive(Debug)]
pub enum Event {
    /// A datagram, whole.
    Message {
        /// Its payload.
        data: Vec<u8>,
        /// Who sent it.
        from: SocketAddr,
    },
    /// An error that the network reported, once; the socket goes on.
    Error(io::Error),
    /// The last event: somebody has closed the socket.
    Close,
}

/// Made by [`UdpSocket::events`].
pub struct Events {
    socket: UdpSocket,
    next: Option<Pin<Box<dyn Future<Output = Taken>>>>,
    buffer: Vec<u8>,
    closed: bool,
}

type Taken = (Vec<u8>, io::Result<(usize, SocketAddr)>);

impl Events {
    pub(super) fn of(socket: UdpSocket) -> Self {
        Self {
            socket,
            next: None,
            buffer: vec![0; MAX_BYTES],
            closed: false,
        }
    }
}

impl Stream for Events {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        let this = &mut *self;
        if this.closed {
            return Poll::Ready(None);
        }
        let next = this.next.get_or_insert_with(|| {
            let (socket, mut buffer) = (this.socket.clone(), std::mem::take(&mut this.buffer));
            Box::pin(async move {
                let received = socket.recv_from(&mut buffer).await;
                (buffer, received)
            })
        });
        let (buffer, received) = ready!(next.as_mut().poll(cx));
        this.next = None;
        this.buffer = buffer;
        Poll::Ready(Some(match received {
            Ok((length, from)) => Event::Message {
                data: this.buffer[..length].to_vec(),
                from,
            },
            Err(error) if error_code(&error) == Some(ErrorCode::InvalidState) => {
                this.closed = true;
                Event::Close
            }
            Err(error) => Event::Error(error),
        }))
    }
}
