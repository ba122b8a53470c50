//! The contract's events and `send`, without an SDK between.

use crate::bindings::exports::datagrant::bench::contestant::Problem;
use crate::{Contestant, datagram, failed};
use datagrant_guest::bindings::sockets::Socket;
use datagrant_guest::bindings::types::{
    CreateFlags, Datagram, ErrorCode, Event, Interest, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress,
    Ipv6SocketAddress,
};
use datagrant_guest::bindings::wait::wait;

/// As many as the contract's host gives at once.
const BATCH: u32 = 64;
/// So that nothing hangs: nobody is silent for so long.
const PATIENCE_NS: u64 = 3_000_000_000;

pub struct Typed {
    socket: Socket,
    ipv6: bool,
}

impl Typed {
    pub fn open(ipv6: bool) -> Result<Self, Problem> {
        let socket = bound(ipv6)?;
        Ok(Self { socket, ipv6 })
    }

    /// Takes datagrams until `count` were there. A batch that is not full is followed by a wait at once: waits tell what
    /// is there, not what has changed.
    fn each(
        &self,
        bytes: usize,
        count: u64,
        mut take: impl FnMut(&Socket, &Datagram) -> Result<(), Problem>,
    ) -> Result<u64, Problem> {
        let (id, mut done) = (self.socket.id(), 0);
        while done < count {
            let events = self.socket.next_events(BATCH);
            let full = events.len() == BATCH as usize;
            for event in &events {
                let Event::Message(message) = event else {
                    return Err(failed(format!("{event:?}")));
                };
                datagram::check(&message.data, bytes)?;
                take(&self.socket, message)?;
                done += 1;
            }
            if !full && done < count {
                wait_for_datagrams(id, done, count)?;
            }
        }
        Ok(done)
    }
}

impl Contestant for Typed {
    fn port(&self) -> Result<u16, Problem> {
        port(&self.socket)
    }

    fn receive(&mut self, bytes: usize, count: u64) -> Result<u64, Problem> {
        self.each(bytes, count, |_, _| Ok(()))
    }

    fn send(&mut self, bytes: usize, count: u64, port: u16) -> Result<u64, Problem> {
        let data = datagram::make(bytes, 1);
        let to = loopback(self.ipv6, port);
        for _ in 0..count {
            send(&self.socket, &data, to)?;
        }
        Ok(count)
    }

    fn echo(&mut self, bytes: usize, count: u64) -> Result<u64, Problem> {
        self.each(bytes, count, |socket, message| {
            send(socket, &message.data, message.remote)
        })
    }

    fn idle(&mut self) -> Result<(), Problem> {
        idle(&self.socket)
    }
}

fn send(socket: &Socket, data: &[u8], to: IpSocketAddress) -> Result<(), Problem> {
    loop {
        match socket.send(data, Some(to)) {
            Ok(()) => return Ok(()),
            Err(ErrorCode::WouldBlock) => wait_for_room(socket.id())?,
            Err(e) => return Err(failed(e)),
        }
    }
}

/// A socket on loopback whose `listening` was taken.
pub fn bound(ipv6: bool) -> Result<Socket, Problem> {
    let family = if ipv6 {
        IpAddressFamily::Ipv6
    } else {
        IpAddressFamily::Ipv4
    };
    let socket = Socket::create(family, CreateFlags::empty()).map_err(failed)?;
    socket.bind(Some(loopback(ipv6, 0)), false).map_err(failed)?;
    match socket.next_events(1).pop() {
        Some(Event::Listening(_)) => Ok(socket),
        other => Err(failed(format!("{other:?} in place of `listening`"))),
    }
}

pub fn port(socket: &Socket) -> Result<u16, Problem> {
    Ok(match socket.local_address().map_err(failed)? {
        IpSocketAddress::Ipv4(at) => at.port,
        IpSocketAddress::Ipv6(at) => at.port,
    })
}

pub fn loopback(ipv6: bool, port: u16) -> IpSocketAddress {
    if ipv6 {
        IpSocketAddress::Ipv6(Ipv6SocketAddress {
            port,
            flow_info: 0,
            address: (0, 0, 0, 0, 0, 0, 0, 1),
            scope_id: 0,
        })
    } else {
        let address = (127, 0, 0, 1);
        IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address })
    }
}

/// Whether the socket was ready before the time was over.
pub fn wait_for(id: u32, receive: bool, timeout: Option<u64>) -> Result<bool, Problem> {
    let (mut on, ids) = (
        Interest {
            receive: vec![],
            send: vec![],
        },
        vec![id],
    );
    if receive {
        on.receive = ids;
    } else {
        on.send = ids;
    }
    let ready = wait(&on, timeout).map_err(failed)?;
    Ok(!ready.receive.is_empty() || !ready.send.is_empty())
}

pub fn wait_for_room(id: u32) -> Result<(), Problem> {
    match wait_for(id, false, Some(PATIENCE_NS))? {
        true => Ok(()),
        false => Err(failed("no room to send for 3 s")),
    }
}

pub fn wait_for_datagrams(id: u32, done: u64, count: u64) -> Result<(), Problem> {
    // Without end, as the others wait: the host has a time limit for all of it.
    match wait_for(id, true, None)? {
        true => Ok(()),
        false => Err(failed(format!(
            "{done} of {count} came, and a wait without end has ended"
        ))),
    }
}

pub fn idle(socket: &Socket) -> Result<(), Problem> {
    let id = socket.id();
    loop {
        wait_for(id, true, None)?;
        if let Some(Event::Message(message)) = socket.next_events(1).pop() {
            return socket.send(&message.data, Some(message.remote)).map_err(failed);
        }
    }
}
