//! The resource `socket`.

use crate::Adapter;
use crate::addresses::{destination, to_contract};
use crate::bindings::datagrant::dgram::types::{
    CreateFlags, ErrorCode, Event, InterfaceRef, IpAddress, IpAddressFamily, IpSocketAddress,
};
use crate::bindings::net;
use crate::bindings::outer::sockets::{Guest, GuestSocket, Socket};
use crate::bindings::wasi::sockets::udp::{OutgoingDatagram, UdpSocket};
use crate::errors::code;
use crate::io::MAX_EVENTS;
use crate::registry::{self, Waited};
use crate::state::State;
use std::cell::RefCell;
use std::rc::Rc;

/// One handle to a socket. Dropping it drops the socket, without an event.
pub(crate) struct Sock {
    id: u32,
    shared: Rc<RefCell<State>>,
}

impl Drop for Sock {
    fn drop(&mut self) {
        registry::remove(self.id);
    }
}

impl Sock {
    pub(crate) fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.shared.borrow_mut())
    }

    /// Calls the host's socket, unless this one is closed.
    fn udp<T>(&self, f: impl FnOnce(&UdpSocket) -> Result<T, net::ErrorCode>) -> Result<T, ErrorCode> {
        self.with(|s| f(s.udp()?).map_err(code))
    }

    /// What `wasi:sockets` has not got.
    fn missing(&self) -> Result<(), ErrorCode> {
        self.with(|s| s.udp().and(Err(ErrorCode::NotSupported)))
    }
}

impl Guest for Adapter {
    type Socket = Sock;
}

impl GuestSocket for Sock {
    /// IPv6 sockets are IPv6-only with and without the flag: `wasi:sockets` knows no others.
    fn create(family: IpAddressFamily, flags: CreateFlags) -> Result<Socket, ErrorCode> {
        if flags.intersects(CreateFlags::REUSE_ADDRESS | CreateFlags::REUSE_PORT) {
            return Err(ErrorCode::NotSupported);
        }
        let shared = Rc::new(RefCell::new(State::new(family)?));
        let id = registry::insert(Waited::Socket(Rc::clone(&shared)))?;
        Ok(Socket::new(Self { id, shared }))
    }

    fn id(&self) -> u32 {
        self.id
    }

    fn family(&self) -> IpAddressFamily {
        self.with(|s| s.family)
    }

    fn bind(&self, local: Option<IpSocketAddress>, _exclusive: bool) -> Result<IpSocketAddress, ErrorCode> {
        self.with(|s| s.bind(local).map(to_contract))
    }

    fn connect(&self, remote: IpSocketAddress) -> Result<IpSocketAddress, ErrorCode> {
        self.with(|s| s.connect(remote).map(to_contract))
    }

    fn disconnect(&self) -> Result<(), ErrorCode> {
        self.with(State::disconnect)
    }

    fn close(&self) {
        self.with(State::close);
    }

    fn next_events(&self, max: u32) -> Vec<Event> {
        let max = usize::try_from(max).unwrap_or(MAX_EVENTS).min(MAX_EVENTS);
        self.with(|s| {
            if s.events.is_empty() {
                s.fill(max);
            }
            s.events.take(max)
        })
    }

    fn send(&self, data: Vec<u8>, remote: Option<IpSocketAddress>) -> Result<(), ErrorCode> {
        self.with(|s| {
            s.udp()?;
            if remote.is_some() == s.remote().is_some() {
                return Err(ErrorCode::InvalidState);
            }
            let remote = remote.map(|to| destination(to, s.family)).transpose()?;
            let remote_address = s.route(remote)?;
            s.ensure_bound()?;
            let (_, stopped) = s.send(&[OutgoingDatagram { data, remote_address }]);
            stopped.map_or(Ok(()), Err)
        })
    }

    fn local_address(&self) -> Result<IpSocketAddress, ErrorCode> {
        self.with(|s| s.local_address().map(to_contract))
    }

    fn remote_address(&self) -> Result<IpSocketAddress, ErrorCode> {
        self.with(|s| {
            s.udp()?;
            s.remote().map(to_contract).ok_or(ErrorCode::InvalidState)
        })
    }

    fn set_broadcast(&self, _: bool) -> Result<(), ErrorCode> {
        self.missing()
    }

    fn set_ttl(&self, hops: u8) -> Result<(), ErrorCode> {
        self.udp(|udp| at_least_1(hops).and_then(|n| udp.set_unicast_hop_limit(n)))
    }

    fn set_multicast_ttl(&self, _: u8) -> Result<(), ErrorCode> {
        self.missing()
    }

    fn set_multicast_loopback(&self, _: bool) -> Result<(), ErrorCode> {
        self.missing()
    }

    fn set_multicast_interface(&self, _: InterfaceRef) -> Result<(), ErrorCode> {
        self.missing()
    }

    fn join(&self, _: IpAddress, _: InterfaceRef, _: Option<IpAddress>) -> Result<(), ErrorCode> {
        self.missing()
    }

    fn leave(&self, _: IpAddress, _: InterfaceRef, _: Option<IpAddress>) -> Result<(), ErrorCode> {
        self.missing()
    }

    fn receive_buffer_bytes(&self) -> Result<u32, ErrorCode> {
        self.udp(|udp| udp.receive_buffer_size().map(saturate))
    }

    fn set_receive_buffer_bytes(&self, bytes: u32) -> Result<(), ErrorCode> {
        self.udp(|udp| at_least_1(bytes).and_then(|n| udp.set_receive_buffer_size(n.into())))
    }

    fn send_buffer_bytes(&self) -> Result<u32, ErrorCode> {
        self.udp(|udp| udp.send_buffer_size().map(saturate))
    }

    fn set_send_buffer_bytes(&self, bytes: u32) -> Result<(), ErrorCode> {
        self.udp(|udp| at_least_1(bytes).and_then(|n| udp.set_send_buffer_size(n.into())))
    }
}

fn at_least_1<T: From<u8> + PartialEq>(n: T) -> Result<T, net::ErrorCode> {
    if n == T::from(0) {
        Err(net::ErrorCode::InvalidArgument)
    } else {
        Ok(n)
    }
}

fn saturate(bytes: u64) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
