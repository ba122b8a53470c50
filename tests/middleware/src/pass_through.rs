//! Every function of the contract, handed on to the component behind this one.
//!
//! Shared by `datagrant-middleware` and `datagrant-middleware-async`: each generates `bindings` from its own world and
//! takes this file as a module. A function that is added to the contract and is missing here does not compile.
//!
//! Values need no conversion, since both sides use the one imported `types`. Resources do: what the guest holds is ours,
//! with the inner one in it.

use crate::bindings::datagrant::dgram as inner;
use crate::bindings::exports::datagrant::dgram as outer;
use crate::bindings::wasi::io::poll::Pollable;
use inner::types::{
    Burst, BurstOptions, CreateFlags, Direction, DurationNs, ErrorCode, Event, Interest, InterfaceRef, IpAddress,
    IpAddressFamily, IpSocketAddress, SendReport,
};

pub struct Middleware;

/// The guest's socket: the inner one. A middleware that counts or filters would keep its state here.
pub struct Socket(inner::sockets::Socket);

/// The guest's lookup: the inner one.
pub struct Lookup(inner::name_lookup::Lookup);

impl From<inner::sockets::Socket> for outer::sockets::Socket {
    fn from(inner: inner::sockets::Socket) -> Self {
        Self::new(Socket(inner))
    }
}

impl From<inner::name_lookup::Lookup> for outer::name_lookup::Lookup {
    fn from(inner: inner::name_lookup::Lookup) -> Self {
        Self::new(Lookup(inner))
    }
}

impl outer::sockets::Guest for Middleware {
    type Socket = Socket;
}

impl outer::sockets::GuestSocket for Socket {
    fn create(family: IpAddressFamily, flags: CreateFlags) -> Result<outer::sockets::Socket, ErrorCode> {
        inner::sockets::Socket::create(family, flags).map(Into::into)
    }

    fn id(&self) -> u32 {
        self.0.id()
    }

    fn family(&self) -> IpAddressFamily {
        self.0.family()
    }

    fn bind(&self, local: Option<IpSocketAddress>, exclusive: bool) -> Result<IpSocketAddress, ErrorCode> {
        self.0.bind(local, exclusive)
    }

    fn connect(&self, remote: IpSocketAddress) -> Result<IpSocketAddress, ErrorCode> {
        self.0.connect(remote)
    }

    fn disconnect(&self) -> Result<(), ErrorCode> {
        self.0.disconnect()
    }

    fn close(&self) {
        self.0.close();
    }

    fn next_events(&self, max: u32) -> Vec<Event> {
        self.0.next_events(max)
    }

    fn send(&self, data: Vec<u8>, remote: Option<IpSocketAddress>) -> Result<(), ErrorCode> {
        self.0.send(&data, remote)
    }

    fn local_address(&self) -> Result<IpSocketAddress, ErrorCode> {
        self.0.local_address()
    }

    fn remote_address(&self) -> Result<IpSocketAddress, ErrorCode> {
        self.0.remote_address()
    }

    fn set_broadcast(&self, on: bool) -> Result<(), ErrorCode> {
        self.0.set_broadcast(on)
    }

    fn set_ttl(&self, hops: u8) -> Result<(), ErrorCode> {
        self.0.set_ttl(hops)
    }

    fn set_multicast_ttl(&self, hops: u8) -> Result<(), ErrorCode> {
        self.0.set_multicast_ttl(hops)
    }

    fn set_multicast_loopback(&self, on: bool) -> Result<(), ErrorCode> {
        self.0.set_multicast_loopback(on)
    }

    fn set_multicast_interface(&self, interface: InterfaceRef) -> Result<(), ErrorCode> {
        self.0.set_multicast_interface(&interface)
    }

    fn join(&self, group: IpAddress, interface: InterfaceRef, source: Option<IpAddress>) -> Result<(), ErrorCode> {
        self.0.join(group, &interface, source)
    }

    fn leave(&self, group: IpAddress, interface: InterfaceRef, source: Option<IpAddress>) -> Result<(), ErrorCode> {
        self.0.leave(group, &interface, source)
    }

    fn receive_buffer_bytes(&self) -> Result<u32, ErrorCode> {
        self.0.receive_buffer_bytes()
    }

    fn set_receive_buffer_bytes(&self, bytes: u32) -> Result<(), ErrorCode> {
        self.0.set_receive_buffer_bytes(bytes)
    }

    fn send_buffer_bytes(&self) -> Result<u32, ErrorCode> {
        self.0.send_buffer_bytes()
    }

    fn set_send_buffer_bytes(&self, bytes: u32) -> Result<(), ErrorCode> {
        self.0.set_send_buffer_bytes(bytes)
    }
}

impl outer::bursts::Guest for Middleware {
    fn configure(socket: outer::bursts::SocketBorrow<'_>, options: BurstOptions) -> Result<BurstOptions, ErrorCode> {
        inner::bursts::configure(&socket.get::<Socket>().0, options)
    }

    fn receive(
        socket: outer::bursts::SocketBorrow<'_>,
        max_headers: u32,
        max_bytes_each: u32,
    ) -> Result<Burst, ErrorCode> {
        inner::bursts::receive(&socket.get::<Socket>().0, max_headers, max_bytes_each)
    }

    fn send(socket: outer::bursts::SocketBorrow<'_>, stride: u32, headers: Vec<u8>, payload: Vec<u8>) -> SendReport {
        inner::bursts::send(&socket.get::<Socket>().0, stride, &headers, &payload)
    }
}

impl outer::name_lookup::Guest for Middleware {
    type Lookup = Lookup;
}

impl outer::name_lookup::GuestLookup for Lookup {
    fn start(name: String, family: Option<IpAddressFamily>) -> Result<outer::name_lookup::Lookup, ErrorCode> {
        inner::name_lookup::Lookup::start(&name, family).map(Into::into)
    }

    fn id(&self) -> u32 {
        self.0.id()
    }

    fn answer(&self) -> Result<Vec<IpAddress>, ErrorCode> {
        self.0.answer()
    }
}

impl outer::zones::Guest for Middleware {
    fn index(name: String) -> Result<u32, ErrorCode> {
        inner::zones::index(&name)
    }

    fn name(index: u32) -> Result<String, ErrorCode> {
        inner::zones::name(index)
    }
}

impl outer::granted::Guest for Middleware {
    fn names() -> Vec<String> {
        inner::granted::names()
    }

    fn take(name: String) -> Result<outer::sockets::Socket, ErrorCode> {
        inner::granted::take(&name).map(Into::into)
    }
}

impl outer::wait::Guest for Middleware {
    fn wait(on: Interest, timeout: Option<DurationNs>) -> Result<Interest, ErrorCode> {
        inner::wait::wait(&on, timeout)
    }
}

impl outer::poll::Guest for Middleware {
    fn subscribe(socket: outer::poll::SocketBorrow<'_>, for_: Direction) -> Vec<Pollable> {
        inner::poll::subscribe(&socket.get::<Socket>().0, for_)
    }

    fn subscribe_lookup(lookup: outer::poll::LookupBorrow<'_>) -> Vec<Pollable> {
        inner::poll::subscribe_lookup(&lookup.get::<Lookup>().0)
    }
}
