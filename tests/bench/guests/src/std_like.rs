//! `std::net::UdpSocket` over `wasi:sockets`, and the SDK's socket, which has the same calls.

use crate::bindings::exports::datagrant::bench::contestant::Problem;
use crate::{Contestant, datagram, failed};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// More than the largest datagram here.
const BUFFER_BYTES: usize = 2048;

/// The calls that both have.
pub trait Socket: Sized {
    fn bind(local: SocketAddr) -> io::Result<Self>;
    fn local_addr(&self) -> io::Result<SocketAddr>;
    fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)>;
    fn send_to(&self, data: &[u8], to: SocketAddr) -> io::Result<usize>;
}

macro_rules! socket {
    ($type:ty) => {
        impl Socket for $type {
            fn bind(local: SocketAddr) -> io::Result<Self> {
                <$type>::bind(local)
            }
            fn local_addr(&self) -> io::Result<SocketAddr> {
                self.local_addr()
            }
            fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
                self.recv_from(buffer)
            }
            fn send_to(&self, data: &[u8], to: SocketAddr) -> io::Result<usize> {
                self.send_to(data, to)
            }
        }
    };
}

socket!(std::net::UdpSocket);
socket!(datagrant_guest::UdpSocket);

pub struct StdLike<S> {
    socket: S,
    ip: IpAddr,
}

impl<S: Socket> StdLike<S> {
    pub fn open(ipv6: bool) -> Result<Self, Problem> {
        let ip = match ipv6 {
            false => IpAddr::from(Ipv4Addr::LOCALHOST),
            true => IpAddr::from(Ipv6Addr::LOCALHOST),
        };
        let socket = S::bind(SocketAddr::new(ip, 0)).map_err(failed)?;
        Ok(Self { socket, ip })
    }
}

impl<S: Socket> Contestant for StdLike<S> {
    fn port(&self) -> Result<u16, Problem> {
        Ok(self.socket.local_addr().map_err(failed)?.port())
    }

    fn receive(&mut self, bytes: usize, count: u64) -> Result<u64, Problem> {
        let mut buffer = [0; BUFFER_BYTES];
        for _ in 0..count {
            let (length, _) = self.socket.recv_from(&mut buffer).map_err(failed)?;
            datagram::check(&buffer[..length], bytes)?;
        }
        Ok(count)
    }

    fn send(&mut self, bytes: usize, count: u64, port: u16) -> Result<u64, Problem> {
        let data = datagram::make(bytes, 1);
        let to = SocketAddr::new(self.ip, port);
        for _ in 0..count {
            self.socket.send_to(&data, to).map_err(failed)?;
        }
        Ok(count)
    }

    fn echo(&mut self, bytes: usize, count: u64) -> Result<u64, Problem> {
        let mut buffer = [0; BUFFER_BYTES];
        for _ in 0..count {
            let (length, from) = self.socket.recv_from(&mut buffer).map_err(failed)?;
            datagram::check(&buffer[..length], bytes)?;
            self.socket.send_to(&buffer[..length], from).map_err(failed)?;
        }
        Ok(count)
    }

    fn idle(&mut self) -> Result<(), Problem> {
        let mut buffer = [0; BUFFER_BYTES];
        let (length, from) = self.socket.recv_from(&mut buffer).map_err(failed)?;
        self.socket.send_to(&buffer[..length], from).map_err(failed)?;
        Ok(())
    }
}
