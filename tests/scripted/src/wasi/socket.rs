//! One socket, used as wasi-libc uses them: what is not bound is bound to any port before it connects or sends.

use super::convert::{code, from_wasi, to_wasi};
use super::generated::wasi::clocks::monotonic_clock;
use super::generated::wasi::io::poll;
use super::generated::wasi::sockets::instance_network::instance_network;
use super::generated::wasi::sockets::network::{self, IpAddressFamily, Ipv4SocketAddress, Ipv6SocketAddress};
use super::generated::wasi::sockets::udp::{
    IncomingDatagramStream, OutgoingDatagram, OutgoingDatagramStream, UdpSocket,
};
use super::generated::wasi::sockets::udp_create_socket::create_udp_socket;
use crate::text;
use datagrant_guest::bindings::types::{Datagram, ErrorCode, Event, IpSocketAddress};
use std::time::{Duration, Instant};

pub struct Socket {
    // Before the socket, which wasmtime-wasi wants to go last.
    streams: Option<(IncomingDatagramStream, OutgoingDatagramStream)>,
    udp: UdpSocket,
    /// The source of the last message.
    pub from: Option<IpSocketAddress>,
}

impl Socket {
    pub fn create(family: IpAddressFamily) -> Result<Socket, ErrorCode> {
        Ok(Socket {
            streams: None,
            udp: create_udp_socket(family).map_err(code)?,
            from: None,
        })
    }

    /// The local address.
    pub fn bind(&mut self, local: Option<IpSocketAddress>) -> Result<IpSocketAddress, ErrorCode> {
        let local = local.map_or_else(|| any(self.udp.address_family()), to_wasi);
        self.udp.start_bind(&instance_network(), local).map_err(code)?;
        self.udp.finish_bind().map_err(code)?;
        self.stream(None)?;
        self.local()
    }

    pub fn connect(&mut self, remote: IpSocketAddress) -> Result<IpSocketAddress, ErrorCode> {
        self.bind_first()?;
        self.stream(Some(to_wasi(remote)))?;
        self.local()
    }

    pub fn disconnect(&mut self) -> Result<(), ErrorCode> {
        self.remote()?;
        self.stream(None)
    }

    fn bind_first(&mut self) -> Result<(), ErrorCode> {
        match self.local() {
            Ok(_) => Ok(()),
            Err(_) => self.bind(None).map(drop),
        }
    }

    /// The old streams stay where it fails.
    fn stream(&mut self, remote: Option<network::IpSocketAddress>) -> Result<(), ErrorCode> {
        self.streams = Some(self.udp.stream(remote).map_err(code)?);
        Ok(())
    }

    pub fn send(&mut self, text: &str, remote: Option<IpSocketAddress>) -> Result<(), ErrorCode> {
        if remote.is_none() {
            self.remote()?;
        }
        self.bind_first()?;
        let (_, outgoing) = self.streams.as_ref().ok_or(ErrorCode::InvalidState)?;
        if outgoing.check_send().map_err(code)? == 0 {
            return Err(ErrorCode::WouldBlock);
        }
        let datagram = OutgoingDatagram {
            data: text.as_bytes().to_vec(),
            remote_address: remote.map(to_wasi),
        };
        match outgoing.send(&[datagram]).map_err(code)? {
            0 => Err(ErrorCode::WouldBlock),
            _ => Ok(()),
        }
    }

    /// Waits until there is room for a datagram.
    pub fn room(&self) -> Result<(), ErrorCode> {
        let (_, outgoing) = self.streams.as_ref().ok_or(ErrorCode::InvalidState)?;
        outgoing.subscribe().block();
        Ok(())
    }

    pub fn local(&self) -> Result<IpSocketAddress, ErrorCode> {
        self.udp.local_address().map(from_wasi).map_err(code)
    }

    pub fn remote(&self) -> Result<IpSocketAddress, ErrorCode> {
        self.udp.remote_address().map(from_wasi).map_err(code)
    }

    /// All that there is, as the contract has it.
    pub fn take(&mut self) -> Vec<Event> {
        let mut all = Vec::new();
        let Some((incoming, _)) = &self.streams else { return all };
        loop {
            match incoming.receive(64) {
                Ok(some) if some.is_empty() => return all,
                Ok(some) => all.extend(some.into_iter().map(|datagram| {
                    let remote = from_wasi(datagram.remote_address);
                    self.from = Some(remote);
                    Event::Message(Datagram {
                        data: datagram.data,
                        remote,
                    })
                })),
                Err(error) => {
                    all.push(Event::Error(code(error)));
                    return all;
                }
            }
        }
    }

    /// Waits for something, and takes it.
    pub fn receive(&mut self, patience: Option<Duration>) -> Vec<String> {
        let until = patience.map(|patience| Instant::now() + patience);
        loop {
            let told = self.take();
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            if !told.is_empty() || left.is_some_and(|left| left.is_zero()) {
                return told.into_iter().map(text::event).collect();
            }
            let ready = self.streams.as_ref().map(|(incoming, _)| incoming.subscribe());
            let late = left.map(|left| monotonic_clock::subscribe_duration(left.as_nanos() as u64));
            poll::poll(&ready.iter().chain(&late).collect::<Vec<_>>());
        }
    }
}

fn any(family: IpAddressFamily) -> network::IpSocketAddress {
    match family {
        IpAddressFamily::Ipv4 => network::IpSocketAddress::Ipv4(Ipv4SocketAddress {
            port: 0,
            address: (0, 0, 0, 0),
        }),
        IpAddressFamily::Ipv6 => network::IpSocketAddress::Ipv6(Ipv6SocketAddress {
            port: 0,
            flow_info: 0,
            address: (0, 0, 0, 0, 0, 0, 0, 0),
            scope_id: 0,
        }),
    }
}
