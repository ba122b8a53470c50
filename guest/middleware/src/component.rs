//! Every function that the contract has a middleware export: handed on to the [`Middleware`].
//!
//! A function that is added to the contract and is missing here does not compile. Values need no conversion, since both
//! sides use the one imported `types`. Resources do: what the guest holds is ours, with the inner one in it.

use crate::bindings::exports::datagrant::dgram as outer;
use crate::bindings::wasi::io::poll::Pollable;
use crate::{Middleware, Socket, inner};
use inner::types::{
    Burst, BurstOptions, CreateFlags, Direction, DurationNs, ErrorCode, Event, Interest, InterfaceRef, IpAddress,
    IpAddressFamily, IpSocketAddress, SendReport,
};
use std::marker::PhantomData;

/// A middleware as a component: what [`middleware!`](crate::middleware!) exports.
pub struct Component<M>(PhantomData<M>);

/// The guest's socket.
pub struct OuterSocket<M: Middleware>(M::Socket);

/// The guest's lookup.
pub struct OuterLookup<M> {
    inner: inner::name_lookup::Lookup,
    name: String,
    middleware: PhantomData<M>,
}

fn outer_socket<M: Middleware>(socket: M::Socket) -> outer::sockets::Socket {
    outer::sockets::Socket::new(OuterSocket::<M>(socket))
}

impl<M: Middleware> outer::sockets::Guest for Component<M> {
    type Socket = OuterSocket<M>;
}

impl<M: Middleware> outer::sockets::GuestSocket for OuterSocket<M> {
    fn create(family: IpAddressFamily, flags: CreateFlags) -> Result<outer::sockets::Socket, ErrorCode> {
        let socket = inner::sockets::Socket::create(family, flags)?;
        Ok(outer_socket::<M>(M::created(socket, flags)))
    }

    fn id(&self) -> u32 {
        // It is no middleware's to invent.
        self.0.inner().id()
    }

    fn family(&self) -> IpAddressFamily {
        self.0.inner().family()
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

impl<M: Middleware> outer::bursts::Guest for Component<M> {
    fn configure(socket: outer::bursts::SocketBorrow<'_>, options: BurstOptions) -> Result<BurstOptions, ErrorCode> {
        socket.get::<OuterSocket<M>>().0.configure(options)
    }

    fn receive(
        socket: outer::bursts::SocketBorrow<'_>,
        max_headers: u32,
        max_bytes_each: u32,
    ) -> Result<Burst, ErrorCode> {
        let socket = &socket.get::<OuterSocket<M>>().0;
        socket.receive_burst(max_headers, max_bytes_each)
    }

    fn send(socket: outer::bursts::SocketBorrow<'_>, stride: u32, headers: Vec<u8>, payload: Vec<u8>) -> SendReport {
        socket.get::<OuterSocket<M>>().0.send_burst(stride, &headers, &payload)
    }
}

impl<M: Middleware> outer::name_lookup::Guest for Component<M> {
    type Lookup = OuterLookup<M>;
}

impl<M: Middleware> outer::name_lookup::GuestLookup for OuterLookup<M> {
    fn start(name: String, family: Option<IpAddressFamily>) -> Result<outer::name_lookup::Lookup, ErrorCode> {
        M::look_up(&name, family)?;
        let inner = inner::name_lookup::Lookup::start(&name, family)?;
        Ok(outer::name_lookup::Lookup::new(OuterLookup::<M> {
            inner,
            name,
            middleware: PhantomData,
        }))
    }

    fn id(&self) -> u32 {
        self.inner.id()
    }

    fn answer(&self) -> Result<Vec<IpAddress>, ErrorCode> {
        let answer = self.inner.answer()?;
        M::looked_up(&self.name, &answer);
        Ok(answer)
    }
}

impl<M: Middleware> outer::zones::Guest for Component<M> {
    fn index(name: String) -> Result<u32, ErrorCode> {
        inner::zones::index(&name)
    }

    fn name(index: u32) -> Result<String, ErrorCode> {
        inner::zones::name(index)
    }
}

impl<M: Middleware> outer::granted::Guest for Component<M> {
    fn names() -> Vec<String> {
        inner::granted::names()
    }

    fn take(name: String) -> Result<outer::sockets::Socket, ErrorCode> {
        M::taken(inner::granted::take(&name)?).map(outer_socket::<M>)
    }
}

impl<M: Middleware> outer::wait::Guest for Component<M> {
    fn wait(on: Interest, timeout: Option<DurationNs>) -> Result<Interest, ErrorCode> {
        M::wait(on, timeout)
    }
}

impl<M: Middleware> outer::poll::Guest for Component<M> {
    fn subscribe(socket: outer::poll::SocketBorrow<'_>, for_: Direction) -> Vec<Pollable> {
        socket.get::<OuterSocket<M>>().0.subscribe(for_)
    }

    fn subscribe_lookup(lookup: outer::poll::LookupBorrow<'_>) -> Vec<Pollable> {
        inner::poll::subscribe_lookup(&lookup.get::<OuterLookup<M>>().inner)
    }
}
